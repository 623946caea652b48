import { RefusedForNow } from './refused-for-now.js';

export class TooManyAttempts extends RefusedForNow {
  constructor(retryAfterSeconds: number) {
    super('TOO_MANY_ATTEMPTS', `too many attempts, next one in ${retryAfterSeconds} s`, retryAfterSeconds);
  }
}
