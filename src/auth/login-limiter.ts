import { Injectable } from '@nestjs/common';
import type { Tried } from '../common/attempts/shared-attempts.js';
import { consume, isOver, Limiters, policyOf, refused, secondsOf, type Limiter } from '../common/limiters.js';
import { networkOf } from '../common/network.js';
import type { RateLimit } from '../common/rate-limits.js';

const WINDOW_SECONDS = 15 * 60;

/** What an attempt costs of the pair's budget while many addresses try the account. */
const CROWDED_COST = 5;

/**
 * Counts failed log-ins. What refuses is the pair of account and address, and the address alone.
 * A browser that is known for the account is counted by itself, apart from its address; all that are known share 60 an hour.
 * To strangers an account is never refused as such, or anyone could lock its owner out: trying it from many addresses
 * only leaves each of them fewer attempts.
 */
@Injectable()
export class LoginLimiter {
  private readonly pairs: Limiter;
  private readonly addresses: Limiter;
  /** Whoever collects browsers that are known guesses no more by them. */
  private readonly known: Limiter;
  private readonly accounts: Limiter;

  constructor(limiters: Limiters) {
    this.pairs = limiters.of({ keyPrefix: 'login', points: 10, duration: WINDOW_SECONDS });
    this.addresses = limiters.of({ keyPrefix: 'login-address', points: 100, duration: WINDOW_SECONDS });
    this.known = limiters.of({ keyPrefix: 'login-known', points: 60, duration: 3_600 });
    this.accounts = limiters.of({ keyPrefix: 'login-account', points: 100, duration: WINDOW_SECONDS });
  }

  /** @throws {TooManyAttempts} where the address has none left, whatever it would try. */
  async requireLeft(address: string): Promise<void> {
    const network = networkOf(address);
    if (!this.isUsedUp(await this.addresses.get(network))) return;
    // Other nodes may have given back since what was counted here.
    const tried = await this.addresses.penalty(network, 0);
    if (this.isUsedUp(tried)) throw refused(tried, this.addresses);
  }

  private isUsedUp(tried: Tried | null): boolean {
    return (tried?.consumedPoints ?? 0) >= this.addresses.points;
  }

  /**
   * Counts an attempt before the password is looked at, so that parallel guesses count too.
   * @throws {TooManyAttempts}
   */
  async admit(email: string, address: string, browser: string | null = null): Promise<void> {
    // Whoever knows the cookie of a browser has logged in there: a crowd elsewhere is none of theirs.
    if (browser) return consume([this.pairs, `${browser} ${email}`], [this.known, email]);
    const network = networkOf(address);
    const pair = `${network} ${email}`;
    // Asked at once, so that it is one statement where nodes count together.
    const [byAddress, asPair, atAccount] = await Promise.all([
      this.addresses.penalty(network),
      this.pairs.penalty(pair),
      this.accounts.penalty(email),
    ]);
    if (isOver(byAddress, this.addresses)) {
      await Promise.all([this.pairs.reward(pair), this.accounts.reward(email)]);
      throw refused(byAddress, this.addresses);
    }
    const isCrowded = isOver(atAccount, this.accounts);
    const tried = isCrowded ? await this.pairs.penalty(pair, CROWDED_COST - 1) : asPair;
    if (!isOver(tried, this.pairs)) return;
    // It cost nothing but this look-up, and others behind the same address want to log in.
    await Promise.all([this.addresses.reward(network), this.accounts.reward(email)]);
    throw refused(tried, this.pairs);
  }

  /** The password was right. */
  async forgive(email: string, address: string, browser: string | null = null): Promise<void> {
    const network = networkOf(address);
    const given = browser ? [this.known.reward(email)] : [this.addresses.reward(network), this.accounts.reward(email)];
    await Promise.all([this.pairs.delete(`${browser ?? network} ${email}`), ...given]);
  }

  /** How many wrong ones are left: for the account to this address and the address for all, or to this browser and all known. */
  async left(email: string, address: string, browser: string | null = null): Promise<RateLimit[]> {
    const network = networkOf(address);
    const pair = leftOf(this.pairs, `${browser ?? network} ${email}`);
    return Promise.all([pair, browser ? leftOf(this.known, email) : leftOf(this.addresses, network)]);
  }
}

async function leftOf(limiter: Limiter, key: string): Promise<RateLimit> {
  const tried = await limiter.get(key);
  const policy = policyOf(limiter);
  if (!tried || tried.consumedPoints <= 0) return { ...policy, left: policy.quota };
  return { ...policy, left: policy.quota - tried.consumedPoints, resetSeconds: secondsOf(tried.msBeforeNext) };
}
