import * as z from 'zod';
import { RequestInstant } from './instant.ts';

export const HistoryQuery = z.strictObject({
  from: RequestInstant.optional(),
  to: RequestInstant.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export const TimelineQuery = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(24) });
export type TimelineQuery = z.infer<typeof TimelineQuery>;
