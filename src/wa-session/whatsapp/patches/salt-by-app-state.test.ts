import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import { followSalt } from './salt-by-app-state.js';

const SALT = Buffer.alloc(32, 0x5a);
const { SyncActionData, SyncActionValue } = proto;

/** A sync action as the phone encrypts it; the fields of its value that rc14 does not know come last. */
function action(index: string[], unknown: Buffer): Buffer {
  const value = Buffer.concat([SyncActionValue.encode({ timestamp: 5 }).finish(), unknown]);
  const head = SyncActionData.encode({ index: Buffer.from(JSON.stringify(index)), version: 1 }).finish();
  return Buffer.concat([head, Buffer.of(0x12, value.length), value]);
}
/** Field 80 holds a message with the salt in field 1. */
const salted = (salt: Buffer): Buffer =>
  Buffer.concat([Buffer.of(0x82, 0x05, salt.length + 2, 0x0a, salt.length), salt]);

const renewed = action(['nct_salt_sync'], salted(SALT));

test('bare rc14 decodes the entry and loses the salt', () => {
  const decoded = SyncActionData.decode(renewed);
  expect(Buffer.from(decoded.index ?? []).toString()).toBe('["nct_salt_sync"]');
  expect(Buffer.from(SyncActionData.encode(decoded).finish()).includes(SALT)).toBe(false);
});

test.each([
  ['another salt', renewed, [SALT.toString('hex')]],
  ['no salt any more', action(['nct_salt_sync'], Buffer.alloc(0)), ['']],
  ['an entry that cannot be read', action(['nct_salt_sync'], Buffer.of(0x82, 0x05, 2, 0x0a, 0x7f)), []],
  ['another setting', action(['mute', '62811@s.whatsapp.net'], salted(SALT)), []],
])('%s is told to the connection whose frame brought it', async (_, bytes, expected) => {
  const told: string[] = [];
  const [ws, other] = [new EventEmitter(), new EventEmitter()];
  const decoded = new EventEmitter();
  // As rc14 does, some turns after the frame came.
  for (const each of [ws, other])
    each.on('message', (frame: Buffer) => {
      setImmediate(() => decoded.emit('one', SyncActionData.decode(frame)));
    });
  followSalt(ws, (salt) => told.push(salt.toString('hex')));
  followSalt(other, () => told.push('of another connection'));
  const one = new Promise((resolve) => decoded.once('one', resolve));
  ws.emit('message', bytes);
  expect(await one).toMatchObject({ version: 1 });
  expect(told).toEqual(expected);
});
