import { expect, test } from '@jest/globals';
import { linkState, type LinkFacts, type LinkState } from './link-state.js';

const MADE = 1_000;
const END = 5_000;
const fresh: LinkFacts = { expiresAt: END, startedAt: null, endedCode: null };
const started: LinkFacts = { ...fresh, startedAt: 2_000 };

test.each<[string, LinkFacts, number | null, number, LinkState]>([
  ['just made', fresh, null, MADE, 'open'],
  ['a moment before its end', fresh, null, END - 1, 'open'],
  ['at its end', fresh, null, END, 'expired'],
  ['long after', fresh, null, END * 100, 'expired'],
  ['its outlet is connected anyway', fresh, 500, 1_500, 'open'],
  ['its outlet came back without it', fresh, 1_400, 1_500, 'open'],
  ['started, not yet connected', started, null, 3_000, 'open'],
  ['started, and what is told of the outlet is older', started, 1_999, 3_000, 'open'],
  ['connected in the millisecond it was started', started, 2_000, 3_000, 'used'],
  ['connected through it', started, 2_500, 3_000, 'used'],
  ['connected through it, past its end', started, 2_500, END, 'used'],
  ['started, and past its end', started, null, END, 'expired'],
  ['used, and the outlet lost since', { ...started, endedCode: 'USED' }, null, 3_000, 'used'],
  ['revoked', { ...fresh, endedCode: 'REVOKED' }, null, MADE, 'revoked'],
  ['revoked, and past its end', { ...fresh, endedCode: 'REVOKED' }, null, END, 'revoked'],
  ['revoked while somebody links by it', { ...started, endedCode: 'REVOKED' }, 2_500, 3_000, 'revoked'],
  ['its maker was shut out', { ...fresh, endedCode: 'MAKER_ENDED' }, null, MADE, 'maker-ended'],
  ['another went out in its place', { ...fresh, endedCode: 'REPLACED' }, null, MADE, 'replaced'],
])('%s', (_, link, connectedAt, now, state) => {
  expect(linkState(link, connectedAt, now)).toBe(state);
});

test('no link opens again, whatever happens to it in whatever order', () => {
  for (const endedCode of ['USED', 'REVOKED', 'MAKER_ENDED', 'REPLACED'] as const)
    for (const startedAt of [null, 0, 2_000, END * 2])
      for (const connectedAt of [null, 0, 2_000, END * 2])
        for (const now of [0, END - 1, END])
          expect(linkState({ expiresAt: END, startedAt, endedCode }, connectedAt, now)).not.toBe('open');
});
