import * as z from 'zod';
import { RequestInstant } from './instant.ts';
import { oneOrSeveral } from './one-or-several.ts';
import { STATUS_NAMES } from './outlet-status.ts';
import { pages } from './paging.ts';

export const HistoryQuery = z.strictObject({
  from: RequestInstant.optional(),
  to: RequestInstant.optional(),
  since: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The `cursor` of the newest entry that you have: what came after it.'),
  ...pages(1_000, 100),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export const TimelineQuery = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(24) });
export type TimelineQuery = z.infer<typeof TimelineQuery>;

/** A cursor, of those who see the outlets that whoever asks sees. */
const SINCE = /^\d{1,15}(-[\w-]{1,40})?$/;

/** Which outlets of the status document; without any, all. */
export const StatusQuery = z
  .strictObject({
    status: oneOrSeveral(STATUS_NAMES).optional().describe('What the database says, one or several: `FAILED,TIMEOUT`.'),
    healthy: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional(),
    city: z.string().max(100).optional(),
    tag: z.string().max(100).optional(),
    since: z
      .string()
      .regex(SINCE)
      .optional()
      .describe('`cursor` of the answer before, `0` at first: what changed after it. Not together with what narrows.'),
  })
  .refine(({ since, ...narrower }) => since === undefined || Object.keys(narrower).length === 0, {
    path: ['since'],
    message: 'not together with what narrows',
  });
export type StatusQuery = z.infer<typeof StatusQuery>;
