import { EventEmitter, once } from 'node:events';
import { beforeEach, expect, test } from '@jest/globals';
import type { BinaryNode } from '@whiskeysockets/baileys';
import { eventually } from '../../../../test/support/eventually.js';
import { InboundCanary } from './inbound-canary.js';
import { gateInbound } from './inbound-gate.js';

let ws: EventEmitter;
let sent: BinaryNode[];
let seen: string[];
let setAside: Set<string>;

function install(groups: boolean): void {
  gateInbound(ws, {
    canary: new InboundCanary(
      () => 0,
      () => ({ me: undefined }),
    ),
    groups,
    setAside,
    send: async (stanza) => {
      sent.push(stanza);
      ws.emit('sent');
    },
  });
}

beforeEach(() => {
  ws = new EventEmitter();
  sent = [];
  seen = [];
  setAside = new Set();
  for (const name of ['CB:message', 'CB:receipt', 'CB:notification'])
    ws.on(name, (node: BinaryNode) => void seen.push(node.attrs['id']!));
});

const arrives = (tag: string, attrs: Record<string, string>, ...kinds: string[]): boolean => {
  const content = kinds.map((type) => ({ tag: 'enc', attrs: { v: '2', type }, content: new Uint8Array([1]) }));
  return ws.emit(`CB:${tag}`, { tag, attrs: { id: 'A1', t: '1764000000', ...attrs }, content });
};

test.each([
  ['a status', 'message', { from: 'status@broadcast', participant: '628111@s.whatsapp.net', type: 'text' }],
  ['a status of a LID', 'message', { from: 'status@broadcast', participant: '1234@lid', type: 'media' }],
  ['a status of our own phone', 'message', { from: '62812@s.whatsapp.net', recipient: 'status@broadcast' }],
  ['a channel', 'message', { from: '12036304@newsletter', server_id: '7' }],
  ['a group', 'message', { from: '12036304@g.us', participant: '628111@s.whatsapp.net' }],
  ['a receipt in a group', 'receipt', { from: '12036304@g.us', participant: '628111@s.whatsapp.net', type: 'read' }],
  ['what happened in a group', 'notification', { from: '12036304@g.us', participant: '1234@lid', type: 'w:gp2' }],
  ['what happened in a channel', 'notification', { from: '12036304@newsletter', type: 'mex' }],
  ['a receipt of a status', 'receipt', { from: 'status@broadcast', participant: '628111@s.whatsapp.net' }],
])('%s is acknowledged as read, and Baileys never sees it', async (_, tag, attrs) => {
  install(false);
  const acknowledged = once(ws, 'sent');
  arrives(tag, attrs);
  await acknowledged;
  expect(seen).toEqual([]);
  const [{ tag: answer, attrs: told }] = sent as [BinaryNode];
  expect([answer, told['id'], told['class'], told['to']]).toEqual(['ack', 'A1', tag, (attrs as { from: string }).from]);
  expect(told['error']).toBeUndefined();
  expect(told['participant']).toBe((attrs as { participant?: string }).participant);
});

test.each([
  ['a customer', 'message', { from: '628111@s.whatsapp.net' }],
  ['a customer by LID', 'message', { from: '1234@lid' }],
  ['a customer’s broadcast list', 'message', { from: '99@broadcast', participant: '628111@s.whatsapp.net' }],
  ['a receipt', 'receipt', { from: '628111@s.whatsapp.net' }],
  ['what WhatsApp tells', 'notification', { from: 's.whatsapp.net', type: 'mex' }],
  ['what a customer’s devices tell', 'notification', { from: '628111@s.whatsapp.net', type: 'devices' }],
])('%s goes on to Baileys, in the same turn', (_, tag, attrs) => {
  install(false);
  arrives(tag, attrs);
  expect(seen).toEqual(['A1']);
  expect(sent).toEqual([]);
});

test.each(['message', 'receipt', 'notification'])('a %s of a group goes on where groups are wanted', (tag) => {
  install(true);
  arrives(tag, { from: '12036304@g.us', participant: '628111@s.whatsapp.net' });
  expect(seen).toEqual(['A1']);
});

test.each(['message', 'receipt', 'notification'])(
  'a %s that held all others up is acknowledged unread',
  async (tag) => {
    install(false);
    setAside.add('A1');
    const acknowledged = once(ws, 'sent');
    arrives(tag, { from: '628111@s.whatsapp.net' });
    await acknowledged;
    expect(seen).toEqual([]);
  },
);

test('what is encrypted in a way that nobody knows is acknowledged unread', async () => {
  install(true);
  const acknowledged = once(ws, 'sent');
  arrives('message', { from: '628111@s.whatsapp.net' }, 'hsmsg', 'xmsg');
  await acknowledged;
  expect(seen).toEqual([]);
  expect(sent).toMatchObject([{ tag: 'ack', attrs: { id: 'A1', class: 'message', to: '628111@s.whatsapp.net' } }]);
});

test.each(['msg', 'pkmsg', 'skmsg', 'msmsg'])('a %s goes on to Baileys, also beside what nobody knows', (kind) => {
  install(true);
  arrives('message', { from: '628111@s.whatsapp.net' }, 'hsmsg', kind);
  expect(seen).toEqual(['A1']);
});

test('of one writer one message is taken up after the other, and nobody else waits', async () => {
  const ends: (() => void)[] = [];
  ws.removeAllListeners('CB:message');
  const hold = ({ attrs }: BinaryNode): Promise<void> => {
    seen.push(attrs['id']!);
    return new Promise((end) => ends.push(end));
  };
  ws.on('CB:message', (node: BinaryNode): unknown => hold(node));
  install(true);
  const [from, ayu, budi] = ['12036304@g.us', '628111@s.whatsapp.net', '628222@s.whatsapp.net'];
  arrives('message', { id: 'A1', from, participant: ayu }, 'pkmsg', 'skmsg');
  arrives('message', { id: 'A2', from, participant: ayu }, 'skmsg');
  arrives('message', { id: 'B1', from, participant: budi }, 'skmsg');
  arrives('message', { id: 'A3', from: ayu }, 'msg');
  expect(seen).toEqual(['A1', 'B1']);
  for (const next of ['A2', 'A3']) {
    ends.shift()!();
    if (next === 'A2') ends.shift()!();
    await eventually(`${next} is taken up`, () => seen.at(-1) === next);
  }
  expect(seen).toEqual(['A1', 'B1', 'A2', 'A3']);
});
