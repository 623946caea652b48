import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { consume, policyOf, refused, secondsOf } from '../common/limiters.js';
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
  private readonly pairs = new RateLimiterMemory({ keyPrefix: 'login', points: 10, duration: WINDOW_SECONDS });
  private readonly addresses = new RateLimiterMemory({
    keyPrefix: 'login-address',
    points: 100,
    duration: WINDOW_SECONDS,
  });
  /** Whoever collects browsers that are known guesses no more by them. */
  private readonly known = new RateLimiterMemory({ keyPrefix: 'login-known', points: 60, duration: 3_600 });
  private readonly accounts = new RateLimiterMemory({ points: 100, duration: WINDOW_SECONDS });

  /** @throws {TooManyAttempts} where the address has none left, whatever it would try. */
  async requireLeft(address: string): Promise<void> {
    const tried = await this.addresses.get(networkOf(address));
    if (tried && tried.consumedPoints >= this.addresses.points) throw refused(tried, this.addresses);
  }

  /**
   * Counts an attempt before the password is looked at, so that parallel guesses count too.
   * @throws {TooManyAttempts}
   */
  async admit(email: string, address: string, browser: string | null = null): Promise<void> {
    // Whoever knows the cookie of a browser has logged in there: a crowd elsewhere is none of theirs.
    if (browser) {
      await consume(this.pairs, `${browser} ${email}`);
      return consume(this.known, email);
    }
    const network = networkOf(address);
    await consume(this.addresses, network);
    try {
      await consume(this.pairs, `${network} ${email}`, (await this.isCrowded(email)) ? CROWDED_COST : 1);
    } catch (refusal) {
      // It cost nothing but this look-up, and others behind the same address want to log in.
      await this.addresses.reward(network);
      throw refusal;
    }
    await this.accounts.penalty(email);
  }

  /** The password was right. */
  async forgive(email: string, address: string, browser: string | null = null): Promise<void> {
    if (browser) {
      await this.pairs.delete(`${browser} ${email}`);
      return void (await this.known.reward(email));
    }
    const network = networkOf(address);
    await this.pairs.delete(`${network} ${email}`);
    await this.addresses.reward(network);
    await this.accounts.reward(email);
  }

  /** How many wrong ones are left: for the account to this address and the address for all, or to this browser and all known. */
  async left(email: string, address: string, browser: string | null = null): Promise<RateLimit[]> {
    const network = networkOf(address);
    const pair = leftOf(this.pairs, `${browser ?? network} ${email}`);
    return Promise.all([pair, browser ? leftOf(this.known, email) : leftOf(this.addresses, network)]);
  }

  private async isCrowded(email: string): Promise<boolean> {
    const attempts = await this.accounts.get(email);
    return attempts !== null && attempts.consumedPoints >= this.accounts.points;
  }
}

async function leftOf(limiter: RateLimiterMemory, key: string): Promise<RateLimit> {
  const tried = await limiter.get(key);
  const policy = policyOf(limiter);
  if (!tried || tried.consumedPoints === 0) return { ...policy, left: policy.quota };
  return { ...policy, left: policy.quota - tried.consumedPoints, resetSeconds: secondsOf(tried.msBeforeNext) };
}
