import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
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
