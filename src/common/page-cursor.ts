import type * as z from 'zod';
import { unkeepableAt } from './keepable.js';
import { fieldProblem, ValidationFailed } from './validation-failed.js';

/** Where a page ended, as text to ask for the next one with. */
export function writeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
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
