import { Injectable } from '@nestjs/common';
import { consume, Limiters, type Limiter } from '../common/limiters.js';
import { networkOf } from '../common/network.js';
import type { CodeKind } from './recovery-codes.js';

/** Wrong codes that one source may give in a quarter of an hour. */
export const GUESSES_EACH = 10;

/** From where a code is tried: a sign-in or a browser that is known for the account, or some address. */
export type CodeSource = { known: string } | { address: string };

/**
 * Counts wrong codes of a second factor. Six digits are few: strangers who have the password have 20 guesses an hour between
 * them, from wherever they come. Whoever is known there has guesses of their own, 60 an hour between them.
 * Recovery codes nobody guesses: however many are wrong, and whatever is left of the others, each source has some of its own.
 */
@Injectable()
export class CodeLimiter {
  private readonly pairs: Limiter;
  private readonly strangers: Limiter;
  private readonly known: Limiter;

  constructor(limiters: Limiters) {
    this.pairs = limiters.of({ keyPrefix: 'second-factor', points: GUESSES_EACH, duration: 15 * 60 });
    this.strangers = limiters.of({ keyPrefix: 'second-factor-account', points: 20, duration: 3_600 });
    this.known = limiters.of({ keyPrefix: 'second-factor-known', points: 60, duration: 3_600 });
  }

  /** Counts before the code is looked at, so that guesses at once count too. @throws {TooManyAttempts} */
  async admit(userId: string, source: CodeSource, kind: CodeKind): Promise<void> {
    const asked: [Limiter, string] = [this.pairs, keyOf(userId, source, kind)];
    await (kind === 'app' ? consume(asked, [this.sharedBy(source), userId]) : consume(asked));
  }

  /** The code was right. */
  async forgive(userId: string, source: CodeSource, kind: CodeKind): Promise<void> {
    const given = kind === 'app' ? [this.sharedBy(source).reward(userId)] : [];
    await Promise.all([this.pairs.delete(keyOf(userId, source, kind)), ...given]);
  }

  private sharedBy(source: CodeSource): Limiter {
    return 'known' in source ? this.known : this.strangers;
  }
}

function keyOf(userId: string, source: CodeSource, kind: CodeKind): string {
  return `${kind} ${'known' in source ? source.known : networkOf(source.address)} ${userId}`;
}
