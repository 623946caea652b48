import * as z from 'zod';

/** Where the next page begins; every list of pages ends with it. */
export const Next = z.string().nullable().describe('`after` for the next page; `null` on the last.');
export type Next = z.infer<typeof Next>;

export const After = z.string().max(500).optional().describe('`next` of the page before.');

/**
 * What every list takes, spread into its query.
 * @param most how many a page has at most; @param usual where the caller does not say
 */
export const pages = (most: number, usual: number) => ({
  after: After,
  limit: z.coerce.number().int().min(1).max(most).default(usual),
});

/** How many there are of what is read whole where nobody asks for pages. */
export const MAX_PAGE = 1_000;

/** Of lists that were whole from the first edition on: with either of these they answer a page. */
export const OptionalPage = z.strictObject({
  after: After,
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).optional().describe('With it, or `after`, the answer is a page.'),
});
export type OptionalPage = z.infer<typeof OptionalPage>;

/** The whole as ever, or the page that was asked for. */
export const wholeOrPage = <Item extends z.ZodType>(item: Item) =>
  z.union([z.array(item), z.object({ items: z.array(item), next: Next })]);
export type WholeOrPage<Item> = Item[] | { items: Item[]; next: Next };
