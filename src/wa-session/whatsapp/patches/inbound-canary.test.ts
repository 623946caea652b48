import { beforeEach, expect, test } from '@jest/globals';
import type { BinaryNode } from '@whiskeysockets/baileys';
import { InboundCanary } from './inbound-canary.js';

let now: number;
let canary: InboundCanary;
beforeEach(() => {
  now = 1_000;
  canary = new InboundCanary(
    () => now,
    () => ({ me: { id: '62812:4@s.whatsapp.net', lid: '912:4@lid' } }),
  );
});

const node = (tag: string, id: string, attrs: Record<string, string> = {}, ...kinds: string[]): BinaryNode => ({
  tag,
  attrs: { id, from: '628111@s.whatsapp.net', ...attrs },
  content: (kinds.length > 0 ? kinds : ['msg']).map((type) => ({
    tag: 'enc',
    attrs: { v: '2', type },
    content: new Uint8Array([1]),
  })),
});
const [first, second, receipt] = [node('message', 'A'), node('message', 'B'), node('receipt', 'R')];
const OFFLINE = { offline: '0' };
const late = node('message', 'L', OFFLINE);
const GROUP = { ...OFFLINE, from: '12036304@g.us' };
const MEMBER = { participant: '628111@s.whatsapp.net' };

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

test.each<[string, BinaryNode]>([
  ['a customer', late],
  ['a new customer, by LID', node('message', 'L', { ...OFFLINE, from: '1234@lid' }, 'pkmsg')],
  ['a hosted account', node('message', 'L', { ...OFFLINE, from: '628111:99@hosted' })],
  ['a broadcast list', node('message', 'L', { ...OFFLINE, ...MEMBER, from: '99@broadcast' })],
  ['a group', node('message', 'L', { ...GROUP, ...MEMBER }, 'skmsg')],
  ['a group that sends its key along', node('message', 'L', { ...GROUP, ...MEMBER }, 'pkmsg', 'skmsg')],
  [
    'a copy from our own phone',
    node('message', 'L', { ...OFFLINE, from: '62812@s.whatsapp.net', recipient: '628111@s.whatsapp.net' }),
  ],
  ['a copy by our LID', node('message', 'L', { ...OFFLINE, from: '912@lid', recipient: '1234@lid' })],
  ['a part that is known behind one that is not', node('message', 'L', OFFLINE, 'hsmsg', 'msg')],
])('mail of %s that waited is looked for until it was tried', (_, mail) => {
  canary.entered(mail);
  canary.handled(mail);
  now += 31_000;
  expect([canary.stalledMs, canary.heads]).toEqual([31_000, ['L']]);
  canary.tried('L');
  expect(canary.stalledMs).toBe(0);
});

const NO_BYTES: BinaryNode = { ...late, content: [{ tag: 'enc', attrs: { type: 'msg' }, content: '5' }] };

test.each<[string, BinaryNode]>([
  ['an answer under the secret of a question', node('message', 'L', OFFLINE, 'msmsg')],
  ['one with more behind it', node('message', 'L', OFFLINE, 'msmsg', 'msg')],
  ['a bot', node('message', 'L', { ...OFFLINE, from: '718584497008509@bot' })],
  ['a bot in a group', node('message', 'L', { ...GROUP, participant: '718584497008509@bot' }, 'skmsg')],
  ['a kind that nobody knows', node('message', 'L', OFFLINE, 'hsmsg')],
  ['nobody', node('message', 'L', { ...OFFLINE, from: '' })],
  ['an old name', node('message', 'L', { ...OFFLINE, from: '628111@c.us' })],
  ['a group without a writer', node('message', 'L', GROUP, 'skmsg')],
  ['somebody who says what they sent elsewhere', node('message', 'L', { ...OFFLINE, recipient: '99@lid' })],
  ['no bytes', NO_BYTES],
  ['nothing encrypted', { ...late, content: [{ tag: 'unavailable', attrs: { type: 'view_once' } }] }],
])('mail of %s is answered without being decrypted, and stalls nothing', (_, mail) => {
  canary.entered(mail);
  canary.handled(mail);
  now += 600_000;
  expect([canary.stalledMs, canary.heads]).toEqual([0, []]);
  // Among it what really stands is found.
  canary.entered(node('message', 'M', OFFLINE));
  now += 31_000;
  expect([canary.stalledMs, canary.heads]).toEqual([31_000, ['M']]);
});

test('whatever is tried shows that what waits behind it moves', () => {
  canary.entered(late);
  for (let index = 0; index < 100; index++) {
    now += 1_000;
    canary.tried(`another ${index}`);
  }
  expect(canary.stalledMs).toBe(0);
  now += 31_000;
  expect(canary.stalledMs).toBe(31_000);
});

test('an empty mark of waiting is none, as rc14 reads it', () => {
  const online = node('message', 'E', { offline: '' }, 'msmsg');
  canary.entered(online);
  canary.handled(online);
  now += 31_000;
  expect(canary.stalledMs).toBe(0);
});
