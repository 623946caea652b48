import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { OptOutHistory, OptOutPage } from '@koneksi/contracts/opt-outs';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi, type Answer } from '../../test/support/test-api.js';
import { OptOuts } from './opt-outs.js';

let api: TestApi;
let admin: string;
let user: string;
let mine: Outlet;
let foreign: Outlet;

beforeAll(async () => {
  api = await TestApi.start();
  mine = await api.outlet();
  foreign = await api.outlet();
  admin = await api.token(await api.person('ADMIN'));
  user = await api.token(await api.person('USER', [mine.id]));
});
afterAll(() => api.stop());

let people = 0;
async function contactOf(outlet: Outlet, name: string | null = null): Promise<string> {
  const phone = `62812777${String(++people).padStart(5, '0')}`;
  await api.call('POST', `/outlets/${outlet.id}/contacts`, { token: admin, body: { phone, name } });
  return phone;
}
const optOut = (token: string, body: object): Promise<Answer> => api.call('POST', '/opt-outs', { token, body });
const revoke = (token: string, body: object): Promise<Answer> => api.call('POST', '/opt-outs/revoke', { token, body });
const history = async (token: string, phone: string): Promise<OptOutHistory> =>
  (await api.call('GET', `/opt-outs/${phone}`, { token })).body as OptOutHistory;
const list = async (token: string, query = ''): Promise<OptOutPage> =>
  (await api.call('GET', `/opt-outs?${query}`, { token })).body as OptOutPage;

test('a USER opts their own customer out, and only an ADMIN lets them back in, with a note', async () => {
  const phone = await contactOf(mine, 'Sari');
  const answer = await optOut(user, { phone: `+${phone}`, outletId: mine.id, note: 'told us at the counter' });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    phone,
    optedOut: true,
    ledger: [{ action: 'OPT_OUT', means: 'STAFF', outletName: mine.name, note: 'told us at the counter' }],
  });
  const contacts = await api.call('GET', `/outlets/${mine.id}/contacts?search=${phone}`, { token: user });
  expect(contacts.body).toMatchObject({ contacts: [{ optedOut: true }] });
  expect(await revoke(user, { phone, note: 'please' })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  for (const body of [{ phone }, { phone, note: '  ' }]) {
    expect(await revoke(admin, body)).toMatchObject({
      status: 400,
      body: { error: { fields: [{ field: 'note' }] } },
    });
  }
  expect(await revoke(admin, { phone, note: 'asked for promotions again' })).toMatchObject({
    status: 200,
    body: { optedOut: false, ledger: [{ action: 'OPT_IN', note: 'asked for promotions again' }, {}] },
  });
  expect(await revoke(admin, { phone, note: 'twice' })).toMatchObject({ status: 404, code: 'NOT_OPTED_OUT' });
});

test('a program never lets a number back in', async () => {
  const phone = await contactOf(mine);
  const made = await api.call('POST', '/api-keys', { token: admin, body: { name: 'crm', role: 'ADMIN' } });
  const { key } = made.body as CreatedApiKey;
  expect((await optOut(key, { phone })).status).toBe(201);
  expect(await revoke(key, { phone, note: 'because' })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  expect((await history(admin, phone)).ledger[0]).toMatchObject({ by: 'crm' });
});

test('a USER opts out contacts of their own outlets alone', async () => {
  const theirs = await contactOf(foreign);
  expect(await optOut(user, { phone: theirs })).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(await optOut(user, { phone: theirs, outletId: mine.id })).toMatchObject({ code: 'CONTACT_NOT_FOUND' });
  expect(await optOut(user, { phone: theirs, outletId: foreign.id })).toMatchObject({ code: 'OUTLET_NOT_FOUND' });
  expect((await history(admin, theirs)).ledger).toEqual([]);
});

test('a number that opted out elsewhere exists for a USER once it is their contact, without saying where', async () => {
  const theirs = await contactOf(foreign, 'Rahasia');
  await api.app
    .get(OptOuts)
    .recordFromCustomer({ number: theirs, outletId: foreign.id, keyword: 'STOP', language: null, at: Date.now() });
  expect(await history(user, theirs)).toEqual({ phone: theirs, optedOut: false, ledger: [] });
  expect((await list(user, `search=${theirs}`)).optOuts).toEqual([]);
  await api.call('POST', `/outlets/${mine.id}/contacts`, { token: user, body: { phone: theirs, name: 'Tamu' } });
  const shown = { action: 'OPT_OUT', means: 'KEYWORD', keyword: 'STOP', outletId: null, outletName: null, by: null };
  expect(await history(user, theirs)).toMatchObject({ optedOut: true, ledger: [shown] });
  expect(await list(user, `search=${theirs}`)).toMatchObject({ count: 1, optOuts: [{ name: 'Tamu', entry: shown }] });
  expect((await history(admin, theirs)).ledger[0]).toMatchObject({ outletId: foreign.id, outletName: foreign.name });
});

test('the list is newest first, a page at a time', async () => {
  const phones = [];
  for (let index = 0; index < 5; index++) {
    const phone = await contactOf(mine);
    phones.unshift(phone);
    await optOut(admin, { phone });
    api.clock.skip(1_000);
  }
  const first = await list(admin, 'limit=2');
  expect(first.optOuts.map(({ phone }) => phone)).toEqual(phones.slice(0, 2));
  const second = await list(admin, `limit=3&after=${first.next}`);
  expect(second.optOuts.map(({ phone }) => phone)).toEqual(phones.slice(2, 5));
  expect(await api.call('GET', '/opt-outs?after=x', { token: admin })).toMatchObject({ code: 'VALIDATION_FAILED' });
});
