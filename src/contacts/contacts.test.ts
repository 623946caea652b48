import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Contact, ContactPage } from '@koneksi/contracts/contacts';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi, type Answer } from '../../test/support/test-api.js';

let api: TestApi;
let admin: string;
let user: string;
let mine: Outlet;
let foreign: Outlet;

beforeAll(async () => {
  api = await TestApi.start();
  admin = await api.token(await api.person('ADMIN'));
  foreign = await api.outlet();
});
afterAll(() => api.stop());
beforeEach(async () => {
  mine = await api.outlet();
  user = await api.token(await api.person('USER', [mine.id]));
});

const add = (body: object, outlet = mine, token = user): Promise<Answer> =>
  api.call('POST', `/outlets/${outlet.id}/contacts`, { token, body });
const page = async (query = '', outlet = mine): Promise<ContactPage> =>
  (await api.call('GET', `/outlets/${outlet.id}/contacts?${query}`, { token: user })).body as ContactPage;
const names = async (query = ''): Promise<(string | null)[]> => (await page(query)).contacts.map(({ name }) => name);

test('a contact is kept as typed, but for the number, which becomes digits', async () => {
  const body = { phone: '0812-3456-7890', name: ' Ibu Sari ', fields: { kota: 'Bandung' }, tags: ['VIP', 'Lama'] };
  const answer = await add(body);
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    outletId: mine.id,
    phone: '6281234567890',
    name: 'Ibu Sari',
    fields: { kota: 'Bandung' },
    tags: ['vip', 'lama'],
    optedOut: false,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  const { id } = answer.body as Contact;
  expect((await api.call('GET', `/contacts/${id}`, { token: user })).body).toEqual(answer.body);
  expect(await page()).toEqual({ count: 1, contacts: [answer.body], next: null });
});

test.each([
  [{}, ['phone']],
  [{ phone: 'abc', name: '' }, ['phone', 'name']],
  [{ phone: '0812345678', tags: ['a', 'A'] }, ['tags.1']],
  [{ phone: '0812345678', fields: { nama: 'x' } }, ['fields.nama']],
  [{ phone: '0812345678', fields: { 'kode member': 'x' } }, ['fields.kode member']],
  [{ phone: '0812345678', fields: { kota: 'x'.repeat(201) } }, ['fields.kota']],
  [{ phone: '0812345678', outletId: 'x' }, ['outletId']],
])('refuses %j naming every wrong field', async (body, fields) => {
  const answer = await add(body);
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { error } = answer.body as { error: { fields: { field: string }[] } };
  expect(error.fields.map(({ field }) => field)).toEqual(fields);
  expect((await page()).count).toBe(0);
});

test('a number is a contact of an outlet once, and of another outlet too', async () => {
  const first = await add({ phone: '081234567890' });
  expect(await add({ phone: '+62 812 3456 7890' })).toMatchObject({ status: 409, code: 'CONTACT_EXISTS' });
  expect(await add({ phone: '081234567890' }, foreign, admin)).toMatchObject({ status: 201 });
  const second = (await add({ phone: '081234567891' })).body as Contact;
  const patch = (body: object) => api.call('PATCH', `/contacts/${second.id}`, { token: user, body });
  expect(await patch({ phone: '081234567890' })).toMatchObject({ status: 409, code: 'CONTACT_EXISTS' });
  expect(await patch({ name: 'Budi', tags: ['baru'] })).toMatchObject({
    status: 200,
    body: { phone: '6281234567891', name: 'Budi', tags: ['baru'] },
  });
  expect(await patch({ name: null, tags: [] })).toMatchObject({ body: { name: null, tags: [] } });
  expect((await api.call('DELETE', `/contacts/${(first.body as Contact).id}`, { token: user })).status).toBe(204);
  expect((await page()).contacts.map(({ id }) => id)).toEqual([second.id]);
});

test('people are found by part of a name or of a number in any form, and by tag', async () => {
  await add({ phone: '081234567890', name: 'Ibu Sari', tags: ['vip'] });
  await add({ phone: '081999888777', name: 'Pak Budi 100%', tags: ['vip', 'baru'] });
  await add({ phone: '085711112222', name: null });
  expect(await names('search=sAr')).toEqual(['Ibu Sari']);
  expect(await names('search=0812-34')).toEqual(['Ibu Sari']);
  expect(await names('search=%2B62 812')).toEqual(['Ibu Sari']);
  expect(await names('search=888777')).toEqual(['Pak Budi 100%']);
  expect(await names('search=0857')).toEqual([null]);
  expect(await names('search=%25')).toEqual(['Pak Budi 100%']);
  expect(await names('search=_')).toEqual([]);
  expect(await names('tag=VIP')).toEqual(['Ibu Sari', 'Pak Budi 100%']);
  expect(await names('tag=vip&search=budi')).toEqual(['Pak Budi 100%']);
  expect(await names("search=' OR 1=1 --")).toEqual([]);
  const tags = await api.call('GET', `/outlets/${mine.id}/contacts/tags`, { token: user });
  expect(tags.body).toEqual([
    { tag: 'vip', count: 2 },
    { tag: 'baru', count: 1 },
  ]);
});

test('pages follow each other without a gap, nameless ones last', async () => {
  const typed = ['ani', 'Budi', null, 'budi', 'Cici', null, 'Ani', 'x'];
  for (const [index, name] of typed.entries()) await add({ phone: `08123456780${index}`, name });
  const all = await page();
  expect(all.contacts.map(({ name }) => name?.toLowerCase() ?? null)).toEqual([
    ...['ani', 'ani', 'budi', 'budi', 'cici', 'x'],
    ...[null, null],
  ]);
  const seen: Contact[] = [];
  let after = '';
  for (let turns = 0; turns < 4; turns++) {
    const { contacts, next, count } = await page(`limit=3${after}`);
    expect(count).toBe(8);
    seen.push(...contacts);
    if (!next) break;
    after = `&after=${next}`;
  }
  expect(seen).toEqual(all.contacts);
  for (const wrong of [
    'after=x',
    `after=${Buffer.from('[1]').toString('base64url')}`,
    'limit=0',
    'limit=9999',
    'x=1',
  ]) {
    const answer = await api.call('GET', `/outlets/${mine.id}/contacts?${wrong}`, { token: user });
    expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  }
});

test('many go at once: those named, or all that match', async () => {
  const ids = [];
  for (let index = 0; index < 6; index++) {
    const body = { phone: `08123456780${index}`, name: `N${index}`, tags: index < 2 ? ['salah'] : [] };
    ids.push(((await add(body)).body as Contact).id);
  }
  const other = ((await add({ phone: '081234567800' }, foreign, admin)).body as Contact).id;
  const remove = async (body: object) =>
    (await api.call('POST', `/outlets/${mine.id}/contacts/delete`, { token: user, body })).body;
  expect(await remove({ contactIds: [ids[5], other] })).toEqual({ deleted: 1, removalId: expect.any(String) });
  expect(await remove({ matching: { tag: 'SALAH' } })).toEqual({ deleted: 2, removalId: expect.any(String) });
  expect(await names()).toEqual(['N2', 'N3', 'N4']);
  expect(await remove({})).toMatchObject({ error: { code: 'VALIDATION_FAILED' } });
  expect(await remove({ contactIds: [], matching: {} })).toMatchObject({ error: { code: 'VALIDATION_FAILED' } });
  expect(await remove({ matching: {} })).toEqual({ deleted: 3, removalId: expect.any(String) });
  expect((await api.call('GET', `/contacts/${other}`, { token: admin })).status).toBe(200);
});

test('to a USER contacts of foreign outlets do not exist', async () => {
  const theirs = ((await add({ phone: '081277778888' }, foreign, admin)).body as Contact).id;
  const calls: [string, string, object?][] = [
    ['GET', `/outlets/${foreign.id}/contacts`],
    ['POST', `/outlets/${foreign.id}/contacts`, { phone: '081234567890' }],
    ['GET', `/outlets/${foreign.id}/contacts/tags`],
    ['POST', `/outlets/${foreign.id}/contacts/delete`, { matching: {} }],
  ];
  for (const [method, path, body] of calls) {
    expect(await api.call(method, path, { token: user, body })).toMatchObject({
      status: 404,
      code: 'OUTLET_NOT_FOUND',
    });
  }
  for (const id of [theirs, '00000000-0000-4000-8000-000000000000', 'x']) {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const answer = await api.call(method, `/contacts/${id}`, {
        token: user,
        ...(method === 'PATCH' && { body: { name: 'Mine' } }),
      });
      expect(answer).toMatchObject({ status: 404, code: 'CONTACT_NOT_FOUND' });
    }
  }
  expect((await api.call('GET', `/contacts/${theirs}`, { token: admin })).body).toMatchObject({ name: null });
});

test('with the outlet its contacts go', async () => {
  const { id } = (await add({ phone: '081234567890' })).body as Contact;
  await api.call('DELETE', `/outlets/${mine.id}`, { token: admin });
  expect(await api.call('GET', `/contacts/${id}`, { token: admin })).toMatchObject({ code: 'CONTACT_NOT_FOUND' });
});
