import { expect, test } from '@jest/globals';
import { ForbiddenException, InternalServerErrorException } from '@nestjs/common';
import { DomainError } from './domain-error.js';
import { RefusedForNow } from './refused-for-now.js';
import { fieldProblem, ValidationFailed } from './validation-failed.js';
import { whatCameOf } from './what-came-of.js';

const limited = () => new RefusedForNow('PAIRING_CODE_LIMITED', 'none for now', 60);

test.each<[string, unknown, ReturnType<typeof whatCameOf>]>([
  ['wrong fields', new ValidationFailed([fieldProblem('name', 'REQUIRED')]), 'nothing'],
  ['a refusal for now', limited(), 'nothing'],
  ['the same, once the outlet obeys', limited().afterDone(), 'done'],
  ['a store that is away', new DomainError('STORE_DOWN', 503, 'away'), 'nothing'],
  ['one that went away after it', new DomainError('STORE_DOWN', 503, 'away').afterDone(), 'done'],
  ['an answer that came too late', new DomainError('MESSAGE_UNCERTAIN', 504, 'late'), 'unknown'],
  ['a refusal of the framework', new ForbiddenException(), 'nothing'],
  ['a failure of the framework', new InternalServerErrorException(), 'unknown'],
  ['a failure nobody foresaw', new Error('surprise'), 'unknown'],
  ['no error at all', 'surprise', 'unknown'],
])('%s', (_, error, cameTo) => {
  expect(whatCameOf(error)).toBe(cameTo);
});

test('an error that says it was done is the error it was', () => {
  expect(limited().afterDone()).toMatchObject({ code: 'PAIRING_CODE_LIMITED', retryAfterSeconds: 60, httpStatus: 429 });
});
