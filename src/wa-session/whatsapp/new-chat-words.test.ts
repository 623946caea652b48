import { expect, test } from '@jest/globals';
import { lockWord, quotaWord } from './new-chat-words.js';

const NOW = Date.UTC(2026, 10, 27, 3, 0, 0);

test('a lock lasts as long as WhatsApp says, and a minute where it does not', () => {
  expect(lockWord({ isActive: true, timeEnforcementEnds: new Date(NOW + 5_000) }, NOW)).toEqual({
    lockedUntil: NOW + 5_000,
  });
  for (const timeEnforcementEnds of [undefined, new Date(0), new Date(NaN)])
    expect(lockWord({ isActive: true, timeEnforcementEnds: timeEnforcementEnds! }, NOW)).toEqual({
      lockedUntil: NOW + 60_000,
    });
  expect(lockWord({ isActive: false, timeEnforcementEnds: new Date(NOW + 5_000) }, NOW)).toEqual({ lockedUntil: null });
});

test.each([
  [{ total_quota: 100, used_quota: 40, cycle_end_timestamp: '1800000000' }, 60, 1_800_000_000_000],
  [{ total_quota: '5', used_quota: '9' }, 0, null],
  [{ total_quota: 5 }, 5, null],
  [{ total_quota: 0, used_quota: 3 }, null, null],
  [{ total_quota: 'many' }, null, null],
  [{}, null, null],
  [null, null, null],
])('a quota of %j leaves %p', (info, left, countedAgainAt) => {
  expect(quotaWord(info as Parameters<typeof quotaWord>[0])).toEqual({ left, countedAgainAt });
});
