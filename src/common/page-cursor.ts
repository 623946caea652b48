import type * as z from 'zod';
import { unkeepableAt } from './keepable.js';
import { fieldProblem, ValidationFailed } from './validation-failed.js';

/** Where a page ended, as text to ask for the next one with. */
function writeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** What is shown of rows of which one more than `limit` was asked for, and where the next page begins: `null` after the last. */
export function pageOfRows<Row>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => readonly unknown[],
): { shown: Row[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { shown, next: last === undefined ? null : writeCursor(place(last)) };
}

/** @throws `VALIDATION_FAILED` naming `field`, for what no page ever named as its `next`. */
export function readCursor<Position extends z.ZodType>(
  position: Position,
  text: string,
  field: string,
): z.output<Position> {
  const parsed = position.safeParse(jsonIn(text));
  if (!parsed.success || unkeepableAt(parsed.data).length > 0) {
    throw new ValidationFailed([fieldProblem(field, 'INVALID')]);
  }
  return parsed.data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
