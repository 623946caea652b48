import type { SimulatorErrorCode } from './simulator-error.js';

export type Body = Record<string, unknown>;

/** A refusal of the control API itself. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const NOT_FOUND_CODES = new Set<SimulatorErrorCode>(['DEVICE_UNKNOWN', 'NOT_REGISTERED']);
const BAD_REQUEST_CODES = new Set<SimulatorErrorCode>([
  'NUMBER_INVALID',
  'QR_MALFORMED',
  'FAULT_INVALID',
  'TIME_INVALID',
  'HISTORY_INVALID',
]);

export function statusOf(code: SimulatorErrorCode): number {
  if (NOT_FOUND_CODES.has(code)) return 404;
  return BAD_REQUEST_CODES.has(code) ? 400 : 409;
}

export function only(method: string, allowed: string): void {
  if (method !== allowed) throw new RequestError(405, 'METHOD_NOT_ALLOWED', `This path takes ${allowed}.`);
}

export function unknownPath(): RequestError {
  return new RequestError(404, 'PATH_UNKNOWN', 'There is nothing at this path.');
}

export function badField(name: string, wanted: string): RequestError {
  return new RequestError(400, 'BAD_FIELD', `"${name}" must be ${wanted}.`);
}

export function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw badField(name, 'a text');
  return value;
}

export function flag(body: Body, name: string): boolean {
  const value = body[name];
  if (typeof value !== 'boolean') throw badField(name, 'true or false');
  return value;
}

export function numeric(body: Body, name: string): number {
  const value = body[name];
  if (typeof value !== 'number') throw badField(name, 'a number');
  return value;
}

export function optionalNumber(body: Body, name: string): number | undefined {
  return body[name] === undefined ? undefined : numeric(body, name);
}

/** One of a few words. */
export function word<const W extends string>(body: Body, name: string, words: readonly W[]): W {
  const value = words.find((each) => each === body[name]);
  if (value === undefined) {
    const quoted = words.map((each) => `"${each}"`);
    throw badField(name, `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`);
  }
  return value;
}
