import { DomainError } from './domain-error.js';

/** Refused for now; `Retry-After` says for how long. */
export class TooManyAttempts extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('TOO_MANY_ATTEMPTS', 429, `too many attempts, next one in ${retryAfterSeconds} s`);
  }
}
