import { expect, test } from '@jest/globals';
import { notOurs, type Said } from '../bench/src/whatsapp/not-ours.ts';

const NONE = { typeless: 0, available: 0, unavailable: 0, unknown: 0 };

test.each<[string, Said, Partial<typeof NONE>]>([
  ['one word after each login', { said: { unavailable: 3 }, logins: 3, pulses: 0 }, {}],
  ['pulses and their ends', { said: { available: 2, unavailable: 5 }, logins: 3, pulses: 2 }, {}],
  ['a pulse that goes on', { said: { available: 2, unavailable: 4 }, logins: 3, pulses: 2 }, {}],
  ['no type', { said: { null: 1, unavailable: 3 }, logins: 3, pulses: 0 }, { typeless: 1 }],
  ['somebody who is there', { said: { available: 1, unavailable: 3 }, logins: 3, pulses: 0 }, { available: 1 }],
  ['the same beside a pulse', { said: { available: 3, unavailable: 5 }, logins: 3, pulses: 2 }, { available: 1 }],
  ['somebody who is away once more', { said: { unavailable: 4 }, logins: 3, pulses: 0 }, { unavailable: 1 }],
  ['somebody who writes', { said: { composing: 2, unavailable: 3 }, logins: 3, pulses: 0 }, { unknown: 2 }],
])('of presences the bench finds what is not ours: %s', (_, said, found) => {
  expect(notOurs(said)).toEqual({ ...NONE, ...found });
});
