import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { PUSH_KEYS, PUSH_SUBSCRIPTION_KEYS } from '../alerts/push/push-vault.js';
import { SECOND_FACTOR_KEYS } from '../auth/second-factor-vault.js';
import { WEBHOOK_KEYS } from '../webhooks/webhook-vault.js';
import { KeyEncryptionKey } from './envelope.js';
import { seal, unseal, UnreadableSecret } from './sealing.js';

const key = randomBytes(32);
const secret = Buffer.from('ratchet state');

test('what was sealed opens in its place, and shows nothing outside', () => {
  const sealed = seal(key, 'key|a', secret);
  expect(unseal(key, 'key|a', sealed)).toEqual(secret);
  expect(sealed.includes(secret)).toBe(false);
  expect(seal(key, 'key|a', secret)).not.toEqual(sealed);
});

test.each<[string, () => unknown]>([
  ['in another place', () => unseal(key, 'key|b', seal(key, 'key|a', secret))],
  ['under another key', () => unseal(randomBytes(32), 'key|a', seal(key, 'key|a', secret))],
  ['cut short', () => unseal(key, 'key|a', seal(key, 'key|a', secret).subarray(0, 20))],
  [
    'of an unknown version',
    () => unseal(key, 'key|a', Buffer.concat([Buffer.of(9), seal(key, 'key|a', secret).subarray(1)])),
  ],
])('a secret %s does not open', (_, open) => {
  expect(open).toThrow(UnreadableSecret);
});

test('one changed bit anywhere does not open', () => {
  const sealed = seal(key, 'p', secret);
  for (let at = 1; at < sealed.length; at++) {
    const bent = Buffer.from(sealed);
    bent[at] = (bent[at] ?? 0) ^ 1;
    expect(() => unseal(key, 'p', bent)).toThrow(UnreadableSecret);
  }
});

test('a data key opens with the key that wrapped it only, and their ids differ', () => {
  const ours = new KeyEncryptionKey(randomBytes(32));
  const theirs = new KeyEncryptionKey(randomBytes(32));
  const { dataKey, wrapped } = ours.issue('data-key|a');
  expect(ours.unwrap('data-key|a', wrapped)).toEqual(dataKey);
  expect(() => theirs.unwrap('data-key|a', wrapped)).toThrow(UnreadableSecret);
  expect(() => ours.unwrap('data-key|b', wrapped)).toThrow(UnreadableSecret);
  expect(ours.id).not.toBe(theirs.id);
});

/** What stands in databases: another name, and nothing that was kept opens any more. */
test.each([
  [SECOND_FACTOR_KEYS, 'second-factor-key|7', 'second-factor|7'],
  [WEBHOOK_KEYS, 'webhook-key|7', 'webhook-target|7'],
  [PUSH_KEYS, 'push-key|7', 'push|7'],
  [PUSH_SUBSCRIPTION_KEYS, 'push-subscription-key|7', 'push-subscription|7'],
])('what a row of $table kept opens by the names it was bound to', (rows, keyPlace, secretPlace) => {
  const keys = new KeyEncryptionKey(randomBytes(32));
  const { dataKey, wrapped } = keys.issue(keyPlace);
  expect(keys.openRow(rows, '7', { wrappedKey: wrapped, sealed: seal(dataKey, secretPlace, Buffer.from('x')) })).toBe(
    'x',
  );
  const { wrappedKey, sealed } = keys.sealRow(rows, '7', 'y');
  expect(unseal(keys.unwrap(keyPlace, wrappedKey), secretPlace, sealed).toString()).toBe('y');
});
