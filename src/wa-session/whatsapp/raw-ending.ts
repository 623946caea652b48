import type { RawEnding } from '../domain/close-cause.js';

/** Reads code, message and `<failure>` attributes off whatever Baileys closed with. */
export function rawEnding(error: unknown): RawEnding {
  const { message, output, data } = (error ?? {}) as {
    message?: string;
    output?: { statusCode?: number };
    data?: unknown;
  };
  return { statusCode: output?.statusCode ?? NaN, message: message ?? '', attrs: stringsOf(data) };
}

function stringsOf(data: unknown): Record<string, string> {
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
