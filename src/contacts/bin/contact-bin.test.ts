import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ContactBinPage } from '@koneksi/contracts/bin';
import type { Contact, ContactPage, DeletedContacts } from '@koneksi/contracts/contacts';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi, type Answer } from '../../../test/support/test-api.js';
import { ContactBinRetention } from './bin-retention.js';

const DAY_MS = 86_400_000;
let api: TestApi;
let admin: string;
let user: string;
let mine: Outlet;

beforeAll(async () => {
  api = await TestApi.start();
  admin = await api.token(await api.person('ADMIN'));
});
afterAll(() => api.stop());
beforeEach(async () => {
  mine = await api.outlet();
  user = await api.token(await api.person('USER', [mine.id]));
});

const call = (method: string, path: string, body?: unknown, token = user): Promise<Answer> =>
  api.call(method, path, { token, body });
const of = (path: string): string => `/outlets/${mine.id}/contacts${path}`;
async function add(phone: string, name: string, tags: string[] = []): Promise<Contact> {
  return (await call('POST', of(''), { phone, name, tags, fields: { kota: 'Dago' } })).body as Contact;
}
const names = async (): Promise<(string | null)[]> =>
  ((await call('GET', of(''))).body as ContactPage).contacts.map(({ name }) => name);
const bin = async (query = ''): Promise<ContactBinPage> =>
  (await call('GET', of(`/bin?${query}`))).body as ContactBinPage;
const restore = (body: object): Promise<Answer> => call('POST', of('/bin/restore'), body);
const remove = async ({ id }: Contact): Promise<void> => {
  expect((await call('DELETE', `/contacts/${id}`)).status).toBe(204);
};

test('a removed contact is in the bin alone, and comes back as it was', async () => {
  const sari = await add('081211110001', 'Sari', ['vip']);
  await remove(sari);
  expect(await names()).toEqual([]);
  expect((await call('GET', `/contacts/${sari.id}`)).status).toBe(404);
  const { count, items } = await bin();
  expect(count).toBe(1);
  expect(items).toMatchObject([{ id: sari.id, phone: sari.phone, name: 'Sari', tags: ['vip'], optedOut: false }]);
  const kept = Date.parse(items[0]!.expiresAt) - Date.parse(items[0]!.removedAt);
  expect(kept).toBe(30 * DAY_MS);
  expect(await restore({ contactIds: [sari.id] })).toMatchObject({ status: 200, body: { restored: 1, left: 0 } });
  const back = (await call('GET', `/contacts/${sari.id}`)).body as Contact;
  expect({ ...back, updatedAt: sari.updatedAt }).toEqual(sari);
  expect(await bin()).toMatchObject({ count: 0, items: [] });
});

test('all of one removal come back at once, but for numbers the outlet has again', async () => {
  for (const [index, name] of ['Ana', 'Budi', 'Citra'].entries()) await add(`08121222000${index}`, name);
  const { removalId, deleted } = (await call('POST', of('/delete'), { matching: {} })).body as DeletedContacts;
  expect(deleted).toBe(3);
  await add('081212220001', 'Budi baru');
  expect((await restore({ removalId })).body).toEqual({ restored: 2, left: 1 });
  expect(await names()).toEqual(['Ana', 'Budi baru', 'Citra']);
  const { items } = await bin('search=budi');
  expect(items).toMatchObject([{ name: 'Budi', removalId }]);
  expect(await restore({ contactIds: [items[0]!.id] })).toMatchObject({ status: 409, code: 'CONTACT_EXISTS' });
});

test('of two with one number the one removed last comes back', async () => {
  const contacts: Contact[] = [];
  for (const name of ['Lama', 'Baru']) {
    const contact = await add('081213330001', name);
    contacts.push(contact);
    await remove(contact);
    api.clock.skip(1_000);
  }
  const contactIds = contacts.map(({ id }) => id);
  expect((await restore({ contactIds })).body).toEqual({ restored: 1, left: 1 });
  expect(await names()).toEqual(['Baru']);
});

test('who wants no messages wants none afterwards', async () => {
  const sari = await add('081214440001', 'Sari');
  await remove(sari);
  await call('POST', '/opt-outs', { phone: sari.phone }, admin);
  expect((await bin()).items).toMatchObject([{ optedOut: true }]);
  await restore({ contactIds: [sari.id] });
  expect((await call('GET', `/contacts/${sari.id}`)).body).toMatchObject({ optedOut: true });
});

test('nobody reaches into the bin of a foreign outlet', async () => {
  const sari = await add('081215550001', 'Sari');
  await remove(sari);
  const foreign = await api.outlet();
  const other = await api.token(await api.person('USER', [foreign.id]));
  expect((await call('GET', of('/bin'), undefined, other)).status).toBe(404);
  for (const route of ['restore', 'empty']) {
    const path = `/outlets/${foreign.id}/contacts/bin/${route}`;
    const answer = await call('POST', path, { contactIds: [sari.id] }, other);
    expect(answer).toMatchObject(route === 'restore' ? { code: 'CONTACT_NOT_FOUND' } : { body: { deleted: 0 } });
  }
  expect((await bin()).count).toBe(1);
});

test('what goes from the bin is gone, and after 30 days all of it', async () => {
  const [sari, ana, dewi] = [
    await add('081216660001', 'Sari'),
    await add('081216660002', 'Ana'),
    await add('081216660003', 'Dewi'),
  ];
  for (const contact of [sari, ana, dewi]) await remove(contact);
  expect((await call('POST', of('/bin/empty'), { contactIds: [sari.id] })).body).toEqual({ deleted: 1 });
  expect(await restore({ contactIds: [sari.id] })).toMatchObject({ status: 404, code: 'CONTACT_NOT_FOUND' });
  api.clock.skip(30 * DAY_MS);
  user = await api.token(await api.person('USER', [mine.id]));
  expect(await bin()).toMatchObject({ count: 0 });
  expect((await restore({ contactIds: [ana.id] })).status).toBe(404);
  expect(await api.app.get(ContactBinRetention).run()).toBeGreaterThanOrEqual(2);
  expect((await call('POST', of('/bin/empty'), { everything: true })).body).toEqual({ deleted: 0 });
});

test('pages of the bin go from the newest to the oldest, each contact once', async () => {
  for (let index = 0; index < 5; index++) {
    await remove(await add(`08121777000${index}`, `Orang ${index}`));
    api.clock.skip(10);
  }
  const seen: (string | null)[] = [];
  let after: string | null = '';
  while (after !== null) {
    const page: ContactBinPage = await bin(`limit=2${after && `&after=${after}`}`);
    seen.push(...page.items.map(({ name }) => name));
    after = page.next;
  }
  expect(seen).toEqual(['Orang 4', 'Orang 3', 'Orang 2', 'Orang 1', 'Orang 0']);
});
