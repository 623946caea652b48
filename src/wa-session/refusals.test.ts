import { expect, test } from '@jest/globals';
import { RefusedForNow } from '../common/refused-for-now.js';
import { whatCameOf } from '../common/what-came-of.js';
import type { VerbRefusal } from './desk/session-desk.js';
import { refusalOf } from './refusals.js';

test.each(['NOT_RUNNING', 'NOT_RECORDED'] as const)(
  '%s passes: whoever asked is told to ask again, and when',
  (refusal) => {
    const refused = refusalOf(refusal);
    expect(refused).toBeInstanceOf(RefusedForNow);
    expect(refused).toMatchObject({ code: 'STORE_DOWN', httpStatus: 503, retryAfterSeconds: 1 });
  },
);

test('what an outlet refuses for what it is, is refused for good', () => {
  const refused = refusalOf('OUTLET_PAUSED');
  expect(refused).not.toBeInstanceOf(RefusedForNow);
  expect(refused).toMatchObject({ code: 'OUTLET_PAUSED', httpStatus: 409 });
});

test.each<[VerbRefusal, ReturnType<typeof whatCameOf>]>([
  ['OUTLET_PAUSED', 'nothing'],
  ['ALREADY_LINKED', 'nothing'],
  ['PASSKEY_NOT_COMPARED', 'nothing'],
  ['TOO_MANY_ATTEMPTS', 'nothing'],
  ['NOT_RUNNING', 'nothing'],
  // It obeys.
  ['NOT_RECORDED', 'done'],
])('what is refused as %s came to %s', (refusal, cameTo) => {
  expect(whatCameOf(refusalOf(refusal))).toBe(cameTo);
});
