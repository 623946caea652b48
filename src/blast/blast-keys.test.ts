import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Config } from '../config/config.js';
import { KeyEncryptionKey } from '../common/envelope.js';
import { UnreadableSecret } from '../common/sealing.js';
import { BLAST_KEYS, BlastKeys } from './blast-keys.js';

const keysUnder = (credentialsKey: Buffer, previous: Buffer | null = null): BlastKeys =>
  new BlastKeys(new KeyEncryptionKey(credentialsKey, previous), { secrets: { credentialsKey } } as Config);

const [old, next] = [randomBytes(32), randomBytes(32)];
const blastId = '7c8f0f0e-6a43-4a52-9d3e-0d6c4b1f2a11';

test('the hash of a message tells same from other under one key, and says nothing without it', () => {
  const hash = keysUnder(old).hash('message|Promo besok!');
  expect(keysUnder(old).hash('message|Promo besok!')).toBe(hash);
  expect(keysUnder(old).hash('message|Promo lusa!')).not.toBe(hash);
  expect(keysUnder(next).hash('message|Promo besok!')).not.toBe(hash);
});

test('what must survive a rotation does: a repeated request, what a blast says, and what was replied', () => {
  const before = keysUnder(old);
  const issued = before.issue(blastId);
  const request = before.hashRequest(issued, 'promo');
  const message = before.sealMessage(issued, 'Promo besok!');
  const place = { outletId: '5d0f9c7a-0000-4000-8000-000000000001', messageId: '3EB0AA' };
  const reply = before.sealReply(issued, place, 'Mau kak');
  const rewrapped = new KeyEncryptionKey(next, old).rewrap(BLAST_KEYS.place(blastId), issued.wrappedKey);
  const after = keysUnder(next);
  expect(after.hashRequest({ blastId, wrappedKey: rewrapped }, 'promo')).toBe(request);
  expect(after.readMessage({ blastId, wrappedKey: rewrapped }, message)).toBe('Promo besok!');
  expect(after.readReply({ blastId, wrappedKey: rewrapped }, place, reply)).toBe('Mau kak');
});

test('a reply opens in its own place alone', () => {
  const keys = keysUnder(old);
  const key = keys.issue(blastId);
  const place = { outletId: '5d0f9c7a-0000-4000-8000-000000000001', messageId: '3EB0AA' };
  const reply = keys.sealReply(key, place, 'Mau kak');
  expect(() => keys.readReply(key, { ...place, messageId: '3EB0AB' }, reply)).toThrow(UnreadableSecret);
  expect(() => keys.readReply(key, { ...place, outletId: blastId }, reply)).toThrow(UnreadableSecret);
});
