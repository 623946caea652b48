import { HttpException } from '@nestjs/common';
import { DomainError } from './domain-error.js';

/** What a request had changed by the time it was refused; `unknown` where nobody can tell. */
export type CameTo = 'nothing' | 'done' | 'unknown';

/** A refusal we foresaw changed nothing, but for one that says it was done, and one that came too late to know. */
export function whatCameOf(error: unknown): CameTo {
  if (error instanceof DomainError) {
    if (error.wasDone) return 'done';
    return error.httpStatus === 504 ? 'unknown' : 'nothing';
  }
  return error instanceof HttpException && error.getStatus() < 500 ? 'nothing' : 'unknown';
}
