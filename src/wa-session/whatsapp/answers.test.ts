import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { Answers, type MessageAnswer, type ReceiptSeen } from './answers.js';

function listening(): { ws: EventEmitter; late: [string, MessageAnswer][]; receipts: ReceiptSeen[] } {
  const ws = new EventEmitter();
  const late: [string, MessageAnswer][] = [];
  const receipts: ReceiptSeen[] = [];
  new Answers(ws, {
    onLateAnswer: (messageId, answer) => late.push([messageId, answer]),
    onReceipt: (receipt) => Promise.resolve(receipts.push(receipt)),
  });
  return { ws, late, receipts };
}

test('of a receipt only what can be the id of a message is told', () => {
  const { ws, receipts } = listening();
  const item = (id: string) => ({ tag: 'item', attrs: { id } });
  ws.emit('CB:receipt', { tag: 'receipt', attrs: { id: 'A\0B' } });
  ws.emit('CB:receipt', { tag: 'receipt', attrs: { id: 'A'.repeat(200) } });
  ws.emit('CB:receipt', {
    tag: 'receipt',
    attrs: { id: 'A\0B', type: 'read' },
    content: [{ tag: 'list', attrs: {}, content: [item('3EB0AA'), item('\uD800'), item('1769.2-3')] }],
  });
  expect(receipts).toEqual([{ messageIds: ['3EB0AA', '1769.2-3'], kind: 'read' }]);
});

test('a code of refusal that nobody can store or read is cleaned, and is a refusal all the same', () => {
  const { ws, late } = listening();
  const codes = ['463', 'a\0b', '\0', '\uD800', 'x'.repeat(1_000)];
  for (const error of codes) ws.emit('CB:ack,class:message', { tag: 'ack', attrs: { id: '3EB0AA', error } });
  ws.emit('CB:ack,class:message', { tag: 'ack', attrs: { id: '3EB0\0', error: '463' } });
  const told = late.map(([, answer]) => (answer.kind === 'refused' ? answer.code : null));
  expect(told).toEqual(['463', 'a b', 'unreadable', '\uFFFD', 'x'.repeat(40)]);
});

test.each([
  ['our own phone confirms its copy', { type: 'sender', recipient: '62811@s.whatsapp.net' }],
  ['the same by LID', { type: 'sender', recipient: '4711@lid' }],
  ['the same, told without whom it was to', { type: 'sender' }],
  ['our own device was given it', { recipient: '62811@s.whatsapp.net' }],
  ['our own device showed it', { type: 'read', recipient: '62811@s.whatsapp.net' }],
  ['our own device read what others wrote', { type: 'read-self' }],
  ['our own phone has our request', { type: 'peer_msg' }],
  ['somebody could not read it', { type: 'retry' }],
  ['WhatsApp could not give it', { type: 'server-error' }],
])('a receipt in which %s says nothing of the recipient', (_, attrs) => {
  const { ws, receipts } = listening();
  ws.emit('CB:receipt', { tag: 'receipt', attrs: { id: '3EB0AA', from: '62812@s.whatsapp.net', ...attrs } });
  expect(receipts).toEqual([]);
});
