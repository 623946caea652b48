import { expect, test } from '@jest/globals';
import { RECIPIENT_STATUSES } from '@koneksi/contracts/blast-states';
import { COMES_FROM } from './recipient-moves.js';

test('only what waits is sent', () => {
  expect(COMES_FROM.sending).toEqual(['queued']);
});

test('what WhatsApp acknowledged is never sent again', () => {
  const mayBeQueuedAgain = RECIPIENT_STATUSES.filter((status) => COMES_FROM.queued.includes(status));
  expect(mayBeQueuedAgain).toEqual(['sending', 'failed', 'unknown']);
});

test('receipts only ever lead forward', () => {
  for (const [later, earlier] of [
    ['read', 'delivered'],
    ['delivered', 'sent'],
    ['sent', 'sending'],
  ] as const) {
    expect(COMES_FROM[later]).toContain(earlier);
    expect(COMES_FROM[earlier]).not.toContain(later);
  }
});

test('what a recipient has, nothing takes back', () => {
  const after = (status: (typeof RECIPIENT_STATUSES)[number]) =>
    RECIPIENT_STATUSES.filter((next) => COMES_FROM[next].includes(status));
  expect(after('sent')).toEqual(['delivered', 'read']);
  expect(after('delivered')).toEqual(['read']);
  expect(after('read')).toEqual([]);
});
