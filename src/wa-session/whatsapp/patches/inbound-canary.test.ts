import { beforeEach, expect, test } from '@jest/globals';
import type { BinaryNode } from '@whiskeysockets/baileys';
import { InboundCanary } from './inbound-canary.js';

let now: number;
let canary: InboundCanary;
beforeEach(() => {
  now = 1_000;
  canary = new InboundCanary(() => now);
});

const node = (tag: string, id: string, attrs: Record<string, string> = {}): BinaryNode => ({
  tag,
  attrs: { id, ...attrs },
  content: [{ tag: 'enc', attrs: {}, content: new Uint8Array() }],
});
const [first, second, receipt] = [node('message', 'A'), node('message', 'B'), node('receipt', 'R')];
const late = node('message', 'L', { offline: '0' });

test('what is processed stalls nothing, however long ago it came', () => {
  canary.entered(first);
  canary.handled(first);
  now += 60_000;
  expect(canary.stalledMs).toBe(0);
});

test('what waits while nothing moves has stalled, since the last that moved', () => {
  canary.entered(first);
  now += 5_000;
  canary.entered(second);
  expect(canary.stalledMs).toBe(5_000);
  canary.handled(first);
  now += 7_000;
  expect(canary.stalledMs).toBe(7_000);
  expect(canary.heads).toEqual(['B']);
});

test('receipts that go on hide no message that stands', () => {
  canary.entered(first);
  now += 20_000;
  canary.entered(receipt);
  canary.handled(receipt);
  now += 20_000;
  expect(canary.stalledMs).toBe(40_000);
  expect(canary.heads).toEqual(['A']);
});

test('a crowd that is read one by one is no stall', () => {
  for (let index = 0; index < 100; index++) canary.entered(node('message', `${index}`));
  for (let index = 0; index < 99; index++) {
    now += 5_000;
    canary.handled(node('message', `${index}`));
  }
  expect(canary.stalledMs).toBe(0);
});

test('what came while we were away is done once it was tried, not when it was put into the queue', () => {
  canary.entered(late);
  canary.handled(late);
  now += 31_000;
  expect(canary.stalledMs).toBe(31_000);
  canary.tried('L');
  expect(canary.stalledMs).toBe(0);
});

test('a message that was read and is still in hand has moved', () => {
  canary.entered(first);
  now += 10_000;
  canary.tried('A');
  now += 1_000;
  expect(canary.stalledMs).toBe(1_000);
});
