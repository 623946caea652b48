import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../common/network.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';

const WINDOW_SECONDS = 15 * 60;
const GUESSES = 60;
const CONNECTS = 30;

/** Counts per address what opened nothing, and per link how often WhatsApp is asked. */
@Injectable()
export class LinkLimiter {
  private readonly addresses = new RateLimiterMemory({ points: GUESSES, duration: WINDOW_SECONDS });
  private readonly links = new RateLimiterMemory({ points: CONNECTS, duration: WINDOW_SECONDS });

  /** Counts before anybody looks, so that guesses at once count too. @throws {TooManyAttempts} */
  admit(address: string): Promise<void> {
    return consume(this.addresses, networkOf(address));
  }

  /** It was no guess, or nobody knows whether it was. */
  async forgive(address: string): Promise<void> {
    await this.addresses.reward(networkOf(address));
  }

  /** @throws {TooManyAttempts} */
  admitConnect(linkId: string): Promise<void> {
    return consume(this.links, linkId);
  }

  /** WhatsApp was not asked. */
  async forgiveConnect(linkId: string): Promise<void> {
    await this.links.reward(linkId);
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    const seconds = Math.max(1, Math.ceil((refusal as RateLimiterRes).msBeforeNext / 1_000));
    throw new TooManyAttempts(seconds, { name: 'links', quota: limiter.points, windowSeconds: WINDOW_SECONDS });
  }
}
