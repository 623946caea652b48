import type { OptionalPage, WholeOrPage } from '@koneksi/contracts/paging';
import { MAX_PAGE } from '@koneksi/contracts/paging';
import * as z from 'zod';
import { pageOfRows, readCursor } from './page-cursor.js';

/** Pages of lists that are short enough to be read whole: as many as there are outlets, or fewer. */

/** What a list is ordered by, ending in what no two have alike. */
type Place<Item> = (item: Item) => readonly [string, string];

const Position = z.tuple([z.string(), z.string()]);

interface Order<Item> {
  place: Place<Item>;
  newestFirst?: boolean;
}

/**
 * The page that was asked for. What comes or goes meanwhile moves nothing else to another page.
 * @throws `VALIDATION_FAILED` for an `after` that no page named as its `next`
 */
export function pageOf<Item>(
  all: readonly Item[],
  { after, limit = MAX_PAGE }: OptionalPage,
  { place, newestFirst = false }: Order<Item>,
): { items: Item[]; next: string | null } {
  const from = after === undefined ? null : readCursor(Position, after, 'after');
  const compare = (one: readonly string[], other: readonly string[]): number =>
    (newestFirst ? -1 : 1) * comparePlaces(one, other);
  const ordered = all
    .map((item) => ({ item, at: place(item) }))
    .filter(({ at }) => from === null || compare(at, from) > 0)
    .sort((one, other) => compare(one.at, other.at));
  const { shown, next } = pageOfRows(ordered, limit, ({ at }) => at);
  return { items: shown.map(({ item }) => item), next };
}

/** Whoever asks for no page gets the whole, as before there were pages. */
export function wholeOrPageOf<Item>(all: Item[], query: OptionalPage, order: Order<Item>): WholeOrPage<Item> {
  return query.after === undefined && query.limit === undefined ? all : pageOf(all, query, order);
}

/** By name as people look for it; the id tells those of one name apart. */
export const byName = {
  place: ({ name, id }: { name: string; id: string }): readonly [string, string] => [name.toLowerCase(), id],
};

export const oldestFirst = {
  place: ({ createdAt, id }: { createdAt: string; id: string }): readonly [string, string] => [createdAt, id],
};

export const newestFirst = { ...oldestFirst, newestFirst: true };

function comparePlaces(one: readonly string[], other: readonly string[]): number {
  for (const [index, text] of one.entries()) {
    const against = other[index] ?? '';
    if (text !== against) return text < against ? -1 : 1;
  }
  return 0;
}
