import { Injectable } from '@nestjs/common';
import { consume, Limiters, type Limiter } from '../common/limiters.js';
import { networkOf } from '../common/network.js';

const WINDOW_SECONDS = 15 * 60;
const GUESSES = 60;
const CONNECTS = 30;

/** Counts per address what opened nothing, and per link how often WhatsApp is asked. */
@Injectable()
export class LinkLimiter {
  private readonly addresses: Limiter;
  private readonly links: Limiter;

  constructor(limiters: Limiters) {
    this.addresses = limiters.of({ keyPrefix: 'links', points: GUESSES, duration: WINDOW_SECONDS });
    // Of one name with the other: no link is named as an address is.
    this.links = limiters.of({ keyPrefix: 'links', points: CONNECTS, duration: WINDOW_SECONDS });
  }

  /** Counts before anybody looks, so that guesses at once count too. @throws {TooManyAttempts} */
  admit(address: string): Promise<void> {
    return consume([this.addresses, networkOf(address)]);
  }

  /** It was no guess, or nobody knows whether it was. */
  async forgive(address: string): Promise<void> {
    await this.addresses.reward(networkOf(address));
  }

  /** @throws {TooManyAttempts} */
  admitConnect(linkId: string): Promise<void> {
    return consume([this.links, linkId]);
  }

  /** WhatsApp was not asked. */
  async forgiveConnect(linkId: string): Promise<void> {
    await this.links.reward(linkId);
  }
}
