import * as z from 'zod';
import { RequestInstant } from './instant.ts';
import { STATUS_NAMES } from './outlet-status.ts';

export const HistoryQuery = z.strictObject({
  from: RequestInstant.optional(),
  to: RequestInstant.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export const TimelineQuery = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(24) });
export type TimelineQuery = z.infer<typeof TimelineQuery>;

const listOf = (text: string): string[] => text.split(',').map((name) => name.trim());

/** Which outlets of the status document; without any, all. */
export const StatusQuery = z.strictObject({
  status: z
    .string()
    .max(100)
    .transform(listOf)
    .pipe(z.array(z.enum(STATUS_NAMES)))
    .optional()
    .describe('What the database says, one or several: `FAILED,TIMEOUT`.'),
  healthy: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  city: z.string().max(100).optional(),
  tag: z.string().max(100).optional(),
});
export type StatusQuery = z.infer<typeof StatusQuery>;
