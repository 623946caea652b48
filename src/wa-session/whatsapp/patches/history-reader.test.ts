import { expect, test } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import { HistoryReader, type PastConversation } from './history-reader.js';

const { INITIAL_BOOTSTRAP: syncType } = proto.HistorySync.HistorySyncType;
const TOKEN = Buffer.alloc(16, 7);

const messages = (count: number): proto.IHistorySyncMsg[] =>
  Array.from({ length: count }, (_, index) => ({
    message: {
      key: { remoteJid: '62811@s.whatsapp.net', id: `M${index}`, fromMe: false },
      message: { conversation: `Halo ${index} `.repeat(1 + (index % 40)) },
      messageTimestamp: 1_764_000_000 + index,
    },
  }));

const history = Buffer.concat([
  proto.HistorySync.encode({
    syncType,
    chunkOrder: 1,
    progress: 100,
    conversations: [
      { id: '62811@s.whatsapp.net', lidJid: '911@lid', messages: messages(300), tcToken: TOKEN, tcTokenTimestamp: 99 },
      { id: '922@lid', pnJid: '62822@s.whatsapp.net', messages: [], tcTokenSenderTimestamp: 77 },
      { id: '12036@g.us', messages: messages(3), name: 'x'.repeat(5_000) },
    ],
    phoneNumberToLidMappings: [{ pnJid: '62833@s.whatsapp.net', lidJid: '933@lid' }],
    pushnames: [{ id: '62844@s.whatsapp.net', pushname: 'Ayu' }],
  }).finish(),
  // Field 19.
  Buffer.of(0x9a, 0x01, 4),
  Buffer.from('salt'),
]);

function read(chunkSize: number) {
  const found = { conversations: [] as PastConversation[], mappings: [] as string[], salts: [] as string[] };
  const reader = new HistoryReader({
    conversation: (past) => void found.conversations.push(past),
    mapping: (pn, lid) => void found.mappings.push(`${pn} ${lid}`),
    salt: (salt) => void found.salts.push(salt.toString()),
  });
  for (let at = 0; at < history.length; at += chunkSize) reader.push(history.subarray(at, at + chunkSize));
  return found;
}

test.each([1, 2, 7, 64, 1_000, 1_000_000])('reads who, tokens and salt in chunks of %d bytes', (chunkSize) => {
  const { conversations, mappings, salts } = read(chunkSize);
  const none = { pnJid: null, lidJid: null, token: null, tokenAt: 0, issuedAt: 0 };
  expect(conversations).toEqual([
    { ...none, id: '62811@s.whatsapp.net', lidJid: '911@lid', token: TOKEN, tokenAt: 99 },
    { ...none, id: '922@lid', pnJid: '62822@s.whatsapp.net', issuedAt: 77 },
    { ...none, id: '12036@g.us' },
  ]);
  expect(mappings).toEqual(['62833@s.whatsapp.net 933@lid']);
  expect(salts).toEqual(['salt']);
});

test('what is no history is refused', () => {
  const reader = new HistoryReader({ conversation: () => undefined, mapping: () => undefined, salt: () => undefined });
  expect(() => reader.push(Buffer.alloc(64, 0xff))).toThrow('not a ');
});
