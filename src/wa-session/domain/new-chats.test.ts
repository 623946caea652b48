import { expect, test } from '@jest/globals';
import {
  fromKept,
  heardOfNewChats,
  newChatsChangeAt,
  stillLimited,
  toKept,
  toldOf,
  toLimits,
  type NewChats,
} from './new-chats.js';

const NOW = Date.UTC(2026, 10, 27, 3, 0, 0);
const LATER = NOW + 3_600_000;
const none: NewChats = { lockedUntil: null, left: null, countedAgainAt: null };

test.each<[string, NewChats | null, ReturnType<typeof toLimits>]>([
  ['nothing heard', null, null],
  ['no limit', none, { newChats: 'open', until: null, left: null }],
  ['some left', { ...none, left: 7, countedAgainAt: LATER }, { newChats: 'open', until: null, left: 7 }],
  ['none left', { ...none, left: 0, countedAgainAt: LATER }, at('capped', 0)],
  ['none left, nobody says until when', { ...none, left: 0 }, { newChats: 'capped', until: null, left: 0 }],
  ['a lock', { ...none, lockedUntil: LATER }, at('locked', null)],
  ['a lock beside a used-up count', { lockedUntil: LATER, left: 0, countedAgainAt: LATER }, at('locked', 0)],
])('%s', (_, newChats, limits) => expect(toLimits(newChats)).toEqual(limits));

test('a word of the lock leaves the count as it was, and the other way round', () => {
  const counted = heardOfNewChats(null, { left: 3, countedAgainAt: LATER });
  const locked = heardOfNewChats(counted, { lockedUntil: LATER });
  expect(locked).toEqual({ lockedUntil: LATER, left: 3, countedAgainAt: LATER });
  expect(heardOfNewChats(locked, { lockedUntil: null })).toEqual(counted);
});

test('what is over by now is over without a word', () => {
  const locked = { lockedUntil: LATER, left: 0, countedAgainAt: LATER + 1 };
  expect(newChatsChangeAt(locked)).toBe(LATER);
  expect(stillLimited(locked, LATER - 1)).toBe(locked);
  expect(stillLimited(locked, LATER)).toEqual({ lockedUntil: null, left: 0, countedAgainAt: LATER + 1 });
  expect(stillLimited(locked, LATER + 1)).toEqual(none);
  expect(newChatsChangeAt(none)).toBeNull();
  // Also where a restart lies between: a cap that a lock hid has its end.
  const restarted = stillLimited(fromKept(toKept(locked)), LATER);
  expect(toLimits(restarted)).toEqual({ newChats: 'capped', until: new Date(LATER + 1).toISOString(), left: 0 });
});

test('a restart goes on from what the row says', () => {
  for (const known of [
    none,
    { ...none, left: 4 },
    { ...none, left: 4, countedAgainAt: LATER },
    { ...none, left: 0 },
    { ...none, left: 0, countedAgainAt: LATER },
    { ...none, lockedUntil: LATER },
    { lockedUntil: LATER, left: 0, countedAgainAt: LATER + 1 },
    { lockedUntil: LATER, left: 2, countedAgainAt: LATER - 1 },
  ]) {
    const kept = toKept(known);
    expect(fromKept(JSON.parse(JSON.stringify(kept)))).toEqual(known);
    expect(kept && toldOf(kept)).toEqual(toLimits(known));
  }
  expect(fromKept(toKept(null))).toBeNull();
  // As rows from before say it.
  expect(fromKept(at('capped', 0))).toEqual({ ...none, left: 0, countedAgainAt: LATER });
});

function at(newChats: 'locked' | 'capped', left: number | null) {
  return { newChats, until: new Date(LATER).toISOString(), left };
}
