import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { OutletStatus, OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import type { StatusQuery } from '@koneksi/contracts/status-queries';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { Caller } from '../auth/caller.js';
import { Gate } from '../common/gate.js';
import { mapInTurns } from '../common/give-way.js';
import { StatusStamp } from './status-stamp.js';
import { StatusView } from './status-view.js';

const compress = promisify(gzip);
/** Fast: the bytes are sent many times, but the first reader waits for them. */
const GZIP_LEVEL = 4;

/** The status document as bytes, so that nobody builds, words or compresses it twice. */
export interface StatusDocument {
  /** Weak, since the same document leaves compressed and plain. */
  etag: string;
  json: Buffer;
  /** Made when first asked for. */
  gzipped: () => Promise<Buffer>;
}

/** Where whoever asks goes on. */
export type Place = Required<Pick<OutletStatusDocument, 'cursor' | 'complete' | 'removed'>>;

interface Whole {
  statuses: OutletStatus[];
  document: StatusDocument;
}

/**
 * The status document of whoever sees all outlets, kept per language until one of both truths moves. Narrower audiences
 * and filters are read anew: they are small, or rare.
 */
@Injectable()
export class StatusDocuments {
  /** What is made for one reader. */
  private readonly gate = new Gate({ atOnce: 4, each: 2, waiting: 200, patienceMs: 10_000 });
  private readonly kept = new Map<Locale, { stamp: string; whole: Promise<Whole> }>();

  constructor(
    private readonly view: StatusView,
    private readonly stamp: StatusStamp,
  ) {}

  /** @throws {TooManyAttempts} */
  async of(caller: Caller, locale: Locale, filter: StatusQuery = {}): Promise<StatusDocument> {
    const whole = caller.outletIds === 'all' ? await this.whole(locale) : null;
    if (whole && Object.keys(filter).length === 0) return whole.document;
    return this.gate.pass(caller.id, async () => {
      const statuses = whole?.statuses ?? (await this.view.read(caller.outletIds, locale));
      return toDocument(statuses.filter((status) => fits(status, filter)));
    });
  }

  /** What changed; `changed` are `null` where all there is is to be told. */
  async part(
    { outletIds }: Caller,
    locale: Locale,
    changed: ReadonlySet<string> | null,
    place: Place,
  ): Promise<StatusDocument> {
    const statuses =
      outletIds === 'all' ? (await this.whole(locale)).statuses : await this.view.read(outletIds, locale);
    return toDocument(changed ? statuses.filter(({ outletId }) => changed.has(outletId)) : statuses, place);
  }

  /** Who comes with the same stamp shares one reading, also while it is under way. */
  private async whole(locale: Locale): Promise<Whole> {
    const stamp = await this.stamp.now();
    const kept = this.kept.get(locale);
    if (kept?.stamp === stamp) return kept.whole;
    const made = { stamp, whole: this.read(locale) };
    this.kept.set(locale, made);
    made.whole.catch(() => {
      if (this.kept.get(locale) === made) this.kept.delete(locale);
    });
    return made.whole;
  }

  /** The stamp is older than what is read: at worst the next reader builds the same once more. */
  private async read(locale: Locale): Promise<Whole> {
    const statuses = await this.view.read('all', locale);
    return { statuses, document: await toDocument(statuses) };
  }
}

/** Text by text, so that five thousand outlets hold up nobody. */
async function toDocument(statuses: readonly OutletStatus[], place: Place | null = null): Promise<StatusDocument> {
  const parts = await mapInTurns(statuses, (status) => JSON.stringify(status));
  const { length: healthy } = statuses.filter((status) => status.healthy);
  const rest = place ? `,${JSON.stringify(place).slice(1, -1)}` : '';
  const json = Buffer.from(
    `{"success":true,"count":${statuses.length},"healthy":${healthy},"statuses":[${parts.join(',')}]${rest}}`,
  );
  const digest = createHash('sha1').update(json).digest('base64url');
  let gzipped: Promise<Buffer> | null = null;
  return {
    etag: `W/"${digest}"`,
    json,
    gzipped: () => (gzipped ??= compress(json, { level: GZIP_LEVEL })),
  };
}

function fits({ outlet, session, healthy }: OutletStatus, filter: StatusQuery): boolean {
  if (filter.status && !filter.status.includes(session.status)) return false;
  if (filter.healthy !== undefined && filter.healthy !== healthy) return false;
  if (filter.city !== undefined && filter.city !== outlet.city) return false;
  return filter.tag === undefined || outlet.tags.includes(filter.tag);
}
