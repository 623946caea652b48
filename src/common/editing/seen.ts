import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.js';
import { DomainError } from '../domain-error.js';

const HASH_CHARACTERS = 16;

/**
 * The `ETag` of something people edit: of what they may change of it, then of all of it. Who edits is held up by the
 * first alone: an outlet that sent a message meanwhile is no other outlet.
 */
export function etagOf(value: object, editable: readonly string[]): string {
  return `"${editsOf(value, editable)}.${hashOf(value)}"`;
}

/** What somebody who changes something saw of it before, as their `If-Match` says. */
export class Seen {
  /** They did not say, and overwrite whatever is there. */
  static readonly anything = new Seen(undefined, []);

  private readonly edits: readonly string[] | null;
  private there: object | undefined;

  /** @param header tags separated by commas, which proxies may have made weak ones; `*` is whatever is there */
  constructor(
    header: string | undefined,
    private readonly editable: readonly string[],
  ) {
    const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    this.edits = !tags || tags.includes('*') ? null : tags.map((tag) => /^"([^".]+)\./.exec(tag)?.[1] ?? '');
  }

  /** What was there when it was changed, of those who compared. */
  get was(): object | undefined {
    return this.there;
  }

  /** @throws `CHANGED_MEANWHILE` with what is there now, read in the transaction that changes it */
  requireSame(now: object): void {
    this.there = now;
    if (this.edits === null || this.edits.includes(editsOf(now, this.editable))) return;
    throw new DomainError('CHANGED_MEANWHILE', 412, 'it is not as it was seen any more', undefined, { current: now });
  }
}

const editsOf = (value: object, editable: readonly string[]): string =>
  hashOf(editable.map((name) => (value as Record<string, unknown>)[name]));

const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, HASH_CHARACTERS);
