import { expect, test } from '@jest/globals';
import { withIssued } from './issued-tokens.js';

const NOW = Date.UTC(2026, 10, 27);
const DAY = 86_400;
const daysAgo = (days: number): string => String(Math.floor(NOW / 1_000) - days * DAY);
const token = Buffer.from('token');

test('a token is told as issued; one that has expired as none, or rc14 would keep the pretended time', () => {
  const told = withIssued(
    {
      'good@lid': { token, timestamp: daysAgo(10) },
      'old@lid': { token, timestamp: daysAgo(40), senderTimestamp: 5 },
      undated: { token },
    },
    ['good@lid', 'old@lid', 'undated', 'none@lid', '__index'],
    NOW,
  );
  const senderTimestamp = Math.floor(NOW / 1_000);
  expect(told).toEqual({
    'good@lid': { token, timestamp: daysAgo(10), senderTimestamp },
    'old@lid': { token: Buffer.alloc(0), timestamp: daysAgo(40), senderTimestamp },
    undated: { token: Buffer.alloc(0), senderTimestamp },
    'none@lid': { token: Buffer.alloc(0), senderTimestamp },
  });
});
