import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Gate } from '../common/gate.js';
import { randomToken } from './secret-tokens.js';

/** OWASP's argon2id settings; argon2id is the library's own choice. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Who waits for a hash: somebody we know, or whoever comes from some address. */
export type Waiting = { known: string } | { stranger: string };

/**
 * Hashing takes one of libuv's four threads (`UV_THREADPOOL_SIZE`) for some 20 ms, where pages, compression and looking
 * up WhatsApp's address wait too. Two for strangers and one for people we know leave it one at least.
 */
@Injectable()
export class Passwords {
  private readonly strangers = new Gate({ atOnce: 2, each: 2, waiting: 20, inLine: 20, patienceMs: 5_000 });
  private readonly known = new Gate({ atOnce: 1, waiting: 20, patienceMs: 10_000 });
  /** Of a password nobody has. */
  private readonly nobodys = hash(randomToken(), ARGON2ID);

  /** @throws {TooManyAttempts} */
  hash(password: string, whose: Waiting): Promise<string> {
    return this.takeTurn(whose, () => hash(normalized(password), ARGON2ID));
  }

  /** Takes as long for an account that does not exist as for one that does. @throws {TooManyAttempts} */
  async matches(password: string, passwordHash: string | null, whose: Waiting): Promise<boolean> {
    const compared = passwordHash ?? (await this.nobodys);
    const matches = await this.takeTurn(whose, () => verify(compared, normalized(password)));
    return matches && passwordHash !== null;
  }

  private takeTurn<T>(whose: Waiting, work: () => Promise<T>): Promise<T> {
    return 'known' in whose ? this.known.pass(whose.known, work) : this.strangers.pass(whose.stranger, work);
  }
}

/** The same characters typed on another keyboard are the same password. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
