import * as z from 'zod';
import type { FieldTextCode } from './field-texts.ts';

const EARLIEST = Date.UTC(1970);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);
const LATEST_AHEAD = Date.UTC(3000);

/** ISO 8601 also writes the year 0, which PostgreSQL does not have, and years of five digits by way of an offset. */
function isOfOurTime(text: string): boolean {
  const at = instantOf(text);
  return at >= EARLIEST && at <= LATEST;
}

/** One without an offset as if it were of UTC. */
const instantOf = (text: string): number => Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);

const outOfRange = { params: { text: 'INSTANT_RANGE' satisfies FieldTextCode } };

/** No place is further from UTC than fourteen hours; ISO 8601 allows for more than PostgreSQL takes. */
const isOfSomePlace = (text: string): boolean => !/[+-](?:1[5-9]|2\d):\d{2}$/.test(text);

/** An instant in an answer: UTC. */
export const Instant = z.iso.datetime();

/** An instant in a request, with its offset. */
export const RequestInstant = z.iso
  .datetime({ offset: true, abort: true })
  .refine(isOfSomePlace, { abort: true, params: { text: 'DATE_TIME' satisfies FieldTextCode } })
  .refine(isOfOurTime, outOfRange);

/** A time of day in a request, in no zone yet. */
export const LocalTime = z.iso.datetime({ local: true, abort: true }).refine(isOfOurTime, outOfRange);

/** When something is to happen: an instant, or a time of day in no zone yet. What lies a thousand years off is a slip. */
export const TimeAhead = z
  .union([RequestInstant, LocalTime])
  .refine((text) => instantOf(text) < LATEST_AHEAD, { params: { text: 'TOO_FAR_AHEAD' satisfies FieldTextCode } });
