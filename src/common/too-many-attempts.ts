import type { RateLimit } from './rate-limits.js';
import { RefusedForNow } from './refused-for-now.js';

export class TooManyAttempts extends RefusedForNow {
  constructor(retryAfterSeconds: number, limit: Omit<RateLimit, 'left' | 'resetSeconds'>) {
    const reached = { ...limit, left: 0, resetSeconds: retryAfterSeconds };
    super(
      'TOO_MANY_ATTEMPTS',
      `too many attempts, next one in ${retryAfterSeconds} s`,
      retryAfterSeconds,
      429,
      reached,
    );
  }
}
