import { expect, test } from '@jest/globals';
import type { Caller } from '../auth/caller.js';
import { Limiters } from '../common/limiters.js';
import { MadeInADay } from './made-in-a-day.js';

const TOO_MANY = { code: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: 86_400 };
const who = (role: Caller['role'], id: string = role): Caller => ({
  id,
  kind: 'user',
  name: id,
  role,
  outletIds: 'all',
});

test('nobody makes more than two thousand blasts in a day, and nobody is held up by others', async () => {
  const made = new MadeInADay(new Limiters());
  for (let nth = 0; nth < 2_000; nth++) await made.take(who('ADMIN'), 1);
  await expect(made.take(who('ADMIN'), 1)).rejects.toMatchObject(TOO_MANY);
  await made.take(who('ADMIN', 'another'), 1);
});

test.each([
  ['USER', 1_000_000],
  ['ADMIN', 10_000_000],
  ['SUPERADMIN', 10_000_000],
] as const)('blasts of a %s reach as many in a day as %i, and what is refused takes nothing', async (role, most) => {
  const made = new MadeInADay(new Limiters());
  await made.take(who(role), most - 2);
  for (let nth = 0; nth < 3; nth++) await expect(made.take(who(role), 3)).rejects.toMatchObject(TOO_MANY);
  await made.take(who(role), 2);
  await expect(made.take(who(role), 1)).rejects.toMatchObject(TOO_MANY);
});
