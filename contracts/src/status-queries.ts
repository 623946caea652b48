import * as z from 'zod';
import { RequestInstant } from './instant.ts';
import { oneOrSeveral } from './one-or-several.ts';
import { STATUS_NAMES } from './outlet-status.ts';
import { pages } from './paging.ts';

export const HistoryQuery = z.strictObject({
  from: RequestInstant.optional(),
  to: RequestInstant.optional(),
  ...pages(1_000, 100),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export const TimelineQuery = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(24) });
export type TimelineQuery = z.infer<typeof TimelineQuery>;

/** Which outlets of the status document; without any, all. */
export const StatusQuery = z.strictObject({
  status: oneOrSeveral(STATUS_NAMES).optional().describe('What the database says, one or several: `FAILED,TIMEOUT`.'),
  healthy: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  city: z.string().max(100).optional(),
  tag: z.string().max(100).optional(),
});
export type StatusQuery = z.infer<typeof StatusQuery>;
