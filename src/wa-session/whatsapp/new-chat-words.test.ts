import { expect, test } from '@jest/globals';
import { heardOfNewChats } from '../domain/new-chats.js';
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

const ENDS = 1_800_000_000_000;
test.each([
  [
    { total_quota: 100, used_quota: 40, cycle_end_timestamp: '1800000000' },
    { left: 60, countedAgainAt: ENDS },
  ],
  [{ total_quota: '5', used_quota: '9' }, { left: 0 }],
  [{ total_quota: 5, used_quota: 0, capping_status: 'NONE' }, { left: 5 }],
  [{ total_quota: 5, used_quota: 1, capping_status: 'CAPPED' }, { left: 0 }],
  [
    { capping_status: 'CAPPED', cycle_end_timestamp: '1800000000' },
    { left: 0, countedAgainAt: ENDS },
  ],
  [{ capping_status: 'CAPPED' }, { left: 0 }],
  [{ capping_status: 'NONE' }, { left: null }],
  [{ total_quota: -1 }, { left: null, countedAgainAt: null }],
  [
    { total_quota: 0, used_quota: 3 },
    { left: null, countedAgainAt: null },
  ],
  [null, { left: null, countedAgainAt: null }],
  [
    { total_quota: 5, used_quota: 1, cycle_end_timestamp: '0' },
    { left: 4, countedAgainAt: null },
  ],
  [{ used_quota: 3 }, {}],
  [{ total_quota: 5 }, {}],
  [{ total_quota: 'many' }, {}],
  [{ cycle_end_timestamp: '1800000000' }, { countedAgainAt: ENDS }],
  [{}, {}],
])('a quota of %j is told as %j', (info, word) => {
  expect(quotaWord(info as Parameters<typeof quotaWord>[0])).toEqual(word);
});

test('a word of what was used alone lifts no cap', () => {
  const capped = heardOfNewChats(null, quotaWord({ total_quota: 5, used_quota: 5, cycle_end_timestamp: '1800000000' }));
  const after = heardOfNewChats(capped, quotaWord({ used_quota: 6 }));
  expect(after).toEqual({ lockedUntil: null, left: 0, countedAgainAt: ENDS });
});
