import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { HeldWishList, OptOutHistory } from '@koneksi/contracts/opt-outs';
import type { Outlet } from '@koneksi/contracts/outlets';
import { workbook } from '../../test/support/workbook.js';
import { eventually } from '../../test/support/eventually.js';
import { lockWaits } from '../../test/support/lock-waits.js';
import { TestApi, type Answer } from '../../test/support/test-api.js';
import { EventBus } from '../common/event-bus.js';
import { OptOuts } from './opt-outs.js';

let api: TestApi;
let mine: Outlet;
let foreign: Outlet;
let user: string;
let admin: string;

beforeAll(async () => {
  api = await TestApi.start();
  mine = await api.outlet();
  foreign = await api.outlet();
  admin = await api.token(await api.person('ADMIN'));
  user = await api.token(await api.person('USER', [mine.id]));
});
afterAll(() => api.stop());

/** What an outlet hears; settles when it is kept. */
async function hears(outlet: Outlet, number: string, text: string, at = Date.now()): Promise<void> {
  const kept: Promise<unknown>[] = [];
  api.app.get(EventBus, { strict: false }).publish('message.received', {
    outletId: outlet.id,
    messageId: randomUUID(),
    number,
    text,
    quotes: null,
    at,
    waitFor: (work) => void kept.push(work),
  });
  await Promise.all(kept);
}
const list = async (token: string): Promise<HeldWishList> =>
  (await api.call('GET', '/held-wishes', { token })).body as HeldWishList;
const decide = (token: string, phone: string, stop: boolean): Promise<Answer> =>
  api.call('POST', `/held-wishes/${phone}/decide`, { token, body: { stop } });
const history = async (phone: string): Promise<OptOutHistory> =>
  (await api.call('GET', `/opt-outs/${phone}`, { token: admin })).body as OptOutHistory;

test('what looks like a wish waits for a person of that outlet, without the message', async () => {
  await hears(mine, '6281110000101', 'maaf saya tidak minat, nama saya Rahasia');
  await hears(foreign, '6281110000102', 'ini spam ya');
  const seen = await list(user);
  expect(seen).toMatchObject({
    count: 1,
    wishes: [{ phone: '6281110000101', outletName: mine.name, words: 'tidak minat' }],
  });
  expect((await list(admin)).count).toBe(2);
  const rows = await api.database.dataSource.query<unknown[]>('SELECT * FROM held_wishes');
  expect(JSON.stringify(rows)).not.toContain('Rahasia');
  expect((await history('6281110000101')).optedOut).toBe(false);
});

test('yes opts out of every outlet, no lets them be written to; either is decided once', async () => {
  expect((await decide(user, '6281110000101', true)).status).toBe(204);
  expect(await history('6281110000101')).toMatchObject({
    optedOut: true,
    ledger: [{ means: 'STAFF', outletName: mine.name }],
  });
  expect(await decide(user, '6281110000101', true)).toMatchObject({ status: 404, code: 'WISH_NOT_FOUND' });
  expect(await decide(user, '6281110000102', false)).toMatchObject({ status: 404, code: 'WISH_NOT_FOUND' });
  expect((await decide(admin, '6281110000102', false)).status).toBe(204);
  expect((await history('6281110000102')).optedOut).toBe(false);
  expect((await list(admin)).count).toBe(0);
});

test('one question for each number, and none of who gets nothing anyway', async () => {
  await hears(mine, '6281110000103', 'saya terganggu');
  await hears(mine, '6281110000103', 'not interested');
  expect((await list(user)).wishes).toMatchObject([{ phone: '6281110000103', words: 'tidak minat' }]);
  await hears(mine, '6281110000103', 'STOP\njangan kirim lagi');
  await hears(mine, '6281110000103', 'ini spam');
  expect((await list(user)).wishes).toEqual([]);
  expect((await history('6281110000103')).ledger).toMatchObject([{ means: 'KEYWORD', keyword: 'STOP' }]);
});

test('of two messages in one breath nothing waits that the other decided', async () => {
  const { dataSource } = api.database;
  const gate = dataSource.createQueryRunner();
  await gate.startTransaction();
  try {
    await gate.query('LOCK TABLE opt_out_ledger IN EXCLUSIVE MODE');
    const stop = hears(mine, '6281110000105', 'STOP');
    await eventually('the opt-out waits in the middle', async () => (await lockWaits(dataSource)) === 1);
    let isKept = false;
    const held = hears(mine, '6281110000105', 'ini spam ya').finally(() => (isKept = true));
    await eventually('the other is kept or waits too', async () => isKept || (await lockWaits(dataSource)) === 2);
    await gate.commitTransaction();
    await Promise.all([stop, held]);
  } finally {
    await gate.release();
  }
  expect((await list(user)).wishes).toEqual([]);
  expect((await history('6281110000105')).optedOut).toBe(true);
});

test('a foreign customer is one, in whichever form WhatsApp writes the number', async () => {
  await hears(mine, '551187654321', 'STOP');
  expect((await history('5511987654321')).optedOut).toBe(true);
  const contact = await api.call('POST', `/outlets/${mine.id}/contacts`, {
    token: user,
    body: { phone: '+55 11 8765-4321' },
  });
  expect(contact.body).toMatchObject({ phone: '5511987654321', optedOut: true });
});

test('opt-outs come by file: everyone in it, or those of whom a column says so; looked at first', async () => {
  const send = (query: string, csv: string, token = admin): Promise<Answer> =>
    api.call('POST', `/opt-outs/import${query}`, { token, body: csv, headers: { 'content-type': 'text/csv' } });
  const plain = 'Nomor HP\n081110000201\n081110000202\nx\n';
  expect(await send('', plain, user)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  expect((await send('?look=true', plain)).body).toMatchObject({ lines: 3, added: 2, already: 0, byColumn: null });
  expect((await history('6281110000201')).optedOut).toBe(false);
  expect((await send('', plain)).body).toMatchObject({ added: 2, rejected: [{ line: 4, reason: 'PHONE_INVALID' }] });
  expect((await history('6281110000201')).ledger).toMatchObject([{ action: 'OPT_OUT', means: 'IMPORT' }]);
  const told = 'Phone,AllowBroadcast\n081110000203,TRUE\n081110000204,FALSE\n081110000202,FALSE\n';
  expect((await send('', told)).body).toMatchObject({ added: 1, already: 1, byColumn: 'AllowBroadcast' });
  expect((await history('6281110000203')).optedOut).toBe(false);
  expect((await history('6281110000204')).optedOut).toBe(true);
  // Of two columns a person says which; what there is to choose from comes with the refusal.
  const two = 'Nama,HP Ayah,HP Ibu\nRina,081110000205,081110000206\n';
  expect(await send('?look=true', two)).toMatchObject({
    status: 400,
    body: {
      error: { details: { candidates: [{ column: 2, header: 'HP Ayah', samples: ['081110000205'] }, { column: 3 }] } },
    },
  });
  expect((await send('?look=true&phone=3', two)).body).toMatchObject({ added: 1, phoneColumn: 'HP Ibu' });
  // A column in which nobody says so tells of something else: everyone in the file is meant.
  const members = 'Nama,HP,Status\nRina,081110000207,Aktif\n';
  expect((await send('?look=true', members)).body).toMatchObject({ added: 1, byColumn: null });
});

test('whom a filter hides is opted out by no file, and counted, but for a wish of their own', async () => {
  const send = async (query: string, body: Buffer): Promise<unknown> =>
    (
      await api.call('POST', `/opt-outs/import${query}`, {
        token: admin,
        body,
        headers: { 'content-type': 'text/csv' },
      })
    ).body;
  const hidden = (...lines: number[]): unknown => [{ reason: 'ROW_HIDDEN', count: lines.length, lines }];
  const filtered = workbook([
    [['Nama', 'Nomor HP']],
    [['Rina', '081110000211']],
    [['Siti', '081110000212'], 'hidden="1"'],
    [['Bayu', '081110000213'], 'hidden="1"'],
  ]);
  for (const query of ['?look=true', ''])
    expect(await send(query, filtered)).toMatchObject({
      lines: 3,
      added: 1,
      byColumn: null,
      dropped: hidden(3, 4),
      rejected: [],
    });
  expect((await history('6281110000212')).optedOut).toBe(false);
  const told = workbook([
    [['Nama', 'Nomor HP', 'Unsubscribed']],
    [['Rina', '081110000214', '']],
    [['Siti', '081110000215', 'Yes'], 'hidden="1"'],
    [['Bayu', '081110000216', ''], 'hidden="1"'],
  ]);
  expect(await send('', told)).toMatchObject({ added: 1, byColumn: 'Unsubscribed', dropped: hidden(4) });
  expect((await history('6281110000215')).optedOut).toBe(true);
  const none = workbook([[['Nama', 'Nomor HP']], [['Rina', '081110000217'], 'hidden="1"']]);
  expect(await send('', none)).toMatchObject({ added: 0, already: 0, dropped: hidden(2) });
});

test('who wrote while a file that takes them out was read waits for nobody', async () => {
  const { dataSource } = api.database;
  const optOuts = api.app.get(OptOuts, { strict: false });
  const number = '6281110000199';
  const added = await dataSource.transaction(async (manager) => {
    const rows = await optOuts.addFromFile(manager, [number], null, mine.id);
    await hears(mine, number, 'ini spam ya');
    return rows;
  });
  expect((await list(user)).wishes).toContainEqual(expect.objectContaining({ phone: number }));
  await optOuts.tell(added);
  expect((await list(user)).wishes).not.toContainEqual(expect.objectContaining({ phone: number }));
});
