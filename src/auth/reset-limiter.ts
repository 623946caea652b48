import { Injectable } from '@nestjs/common';
import { consume, Limiters, type Limiter } from '../common/limiters.js';
import { networkOf } from '../common/network.js';

const WINDOW_SECONDS = 15 * 60;

/** Counts per network who asks for links and who opens none; whose they are it does not know. */
@Injectable()
export class ResetLimiter {
  private readonly asking: Limiter;
  private readonly guesses: Limiter;

  constructor(limiters: Limiters) {
    this.asking = limiters.of({ keyPrefix: 'password-resets', points: 10, duration: WINDOW_SECONDS });
    this.guesses = limiters.of({ keyPrefix: 'reset-links', points: 60, duration: WINDOW_SECONDS });
  }

  /** @throws {TooManyAttempts} */
  admitRequest(address: string): Promise<void> {
    return consume([this.asking, networkOf(address)]);
  }

  /** Counts before anybody looks, so that guesses at once count too. @throws {TooManyAttempts} */
  admitGuess(address: string): Promise<void> {
    return consume([this.guesses, networkOf(address)]);
  }

  /** It was no guess. */
  async forgiveGuess(address: string): Promise<void> {
    await this.guesses.reward(networkOf(address));
  }
}
