import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OutletBinPage } from '@koneksi/contracts/bin';
import type { ContactPage } from '@koneksi/contracts/contacts';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi, type Answer } from '../../../test/support/test-api.js';
import { BlastDayEntity, BlastSettingsEntity, OutletChatEntity } from '../../blast/limits/limits.entity.js';
import { ContactBinRetention } from '../../contacts/bin/bin-retention.js';
import { OutletBinRetention } from './bin-retention.js';
import { OutletBin } from './outlet-bin.js';

const DAY_MS = 86_400_000;
let api: TestApi;
let admin: string;
let superadmin: string;
let outlet: Outlet;

beforeAll(async () => {
  api = await TestApi.start();
  await signIn();
  // As the room of blasts says of itself, which is not here.
  for (const entity of [BlastSettingsEntity, BlastDayEntity, OutletChatEntity]) api.app.get(OutletBin).keep({ entity });
});
afterAll(() => api.stop());
async function signIn(): Promise<void> {
  admin = await api.token(await api.person('ADMIN'));
  superadmin = await api.token(await api.person('SUPERADMIN'));
}
beforeEach(async () => {
  outlet = await api.outlet();
});

const call = (method: string, path: string, body?: unknown, token = admin): Promise<Answer> =>
  api.call(method, path, { token, body });
const remove = async (id: string): Promise<void> => {
  expect((await call('DELETE', `/outlets/${id}`)).status).toBe(204);
};
const restore = (id: string): Promise<Answer> => call('POST', `/outlets/bin/${id}/restore`);
const inBin = async (): Promise<OutletBinPage['items']> =>
  ((await call('GET', '/outlets/bin')).body as OutletBinPage).items;
const add = (phone: string): Promise<Answer> => call('POST', `/outlets/${outlet.id}/contacts`, { phone, name: 'Sari' });
const sql = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  api.database.dataSource.query(text, values);

test('an outlet that was removed comes back under its id with contacts, settings, chats and assignments', async () => {
  const change = { city: 'Bandung', tags: ['Mall'], autoReconnect: false, name: `Dago "1" ';` };
  outlet = (await call('PATCH', `/outlets/${outlet.id}`, change)).body as Outlet;
  const person = await api.person('USER', [outlet.id]);
  const key = await call('POST', '/api-keys', { name: 'Kasir', outletIds: [outlet.id] });
  const contact = (await add('081234567890')).body as { id: string };
  await sql('INSERT INTO blast_settings (outlet_id, zone, quiet_hours) VALUES ($1, $2, $3)', [
    outlet.id,
    'Asia/Makassar',
    '{"from":"21:00","to":"07:00"}',
  ]);
  await sql(`INSERT INTO blast_days (outlet_id, day, new_chats) VALUES ($1, '2026-11-27', 7)`, [outlet.id]);
  await sql(`INSERT INTO outlet_chats (outlet_id, number, since) VALUES ($1, '6281234567890', now())`, [outlet.id]);
  await remove(outlet.id);

  expect((await call('GET', `/outlets/${outlet.id}`)).status).toBe(404);
  expect((await call('GET', '/outlets')).body).not.toContainEqual(expect.objectContaining({ id: outlet.id }));
  expect((await call('GET', `/contacts/${contact.id}`)).status).toBe(404);
  expect(await inBin()).toContainEqual({
    id: outlet.id,
    name: outlet.name,
    whatsappNumber: outlet.whatsappNumber,
    city: 'Bandung',
    contacts: 1,
    removedAt: expect.any(String),
    removedBy: expect.any(String),
    expiresAt: expect.any(String),
  });

  api.facts.length = 0;
  expect(await restore(outlet.id.toUpperCase())).toMatchObject({ status: 200, body: outlet });
  expect(api.facts).toEqual([
    { name: 'outlet.created', fact: { outletId: outlet.id } },
    { name: 'access.changed', fact: { callerId: person.id } },
    { name: 'access.changed', fact: { callerId: (key.body as { id: string }).id } },
  ]);
  const contacts = (await call('GET', `/outlets/${outlet.id}/contacts`)).body as ContactPage;
  expect(contacts.contacts).toMatchObject([{ id: contact.id, phone: '6281234567890', name: 'Sari' }]);
  const users = (await call('GET', '/users', undefined, superadmin)).body as { id: string; outletIds: string[] }[];
  expect(users.find(({ id }) => id === person.id)?.outletIds).toEqual([outlet.id]);
  expect(await sql('SELECT zone, quiet_hours FROM blast_settings WHERE outlet_id = $1', [outlet.id])).toEqual([
    { zone: 'Asia/Makassar', quiet_hours: { from: '21:00', to: '07:00' } },
  ]);
  expect(await sql('SELECT new_chats FROM blast_days WHERE outlet_id = $1', [outlet.id])).toEqual([{ new_chats: 7 }]);
  expect(await sql('SELECT number FROM outlet_chats WHERE outlet_id = $1', [outlet.id])).toHaveLength(1);
  expect(await inBin()).not.toContainEqual(expect.objectContaining({ id: outlet.id }));
  expect(await restore(outlet.id)).toMatchObject({ status: 404, code: 'OUTLET_NOT_FOUND' });
});

test('who was removed meanwhile is in the way of nothing', async () => {
  const person = await api.person('USER', [outlet.id]);
  await remove(outlet.id);
  expect((await call('DELETE', `/users/${person.id}`, undefined, superadmin)).status).toBe(204);
  expect((await restore(outlet.id)).status).toBe(200);
  expect(await sql('SELECT FROM user_outlets WHERE outlet_id = $1', [outlet.id])).toEqual([]);
});

test('a number in the bin is free, and comes back only once it is free again', async () => {
  await remove(outlet.id);
  const body = { name: 'Pengganti', whatsappNumber: outlet.whatsappNumber };
  const other = (await call('POST', '/outlets', body)).body as Outlet;
  expect(await restore(outlet.id)).toMatchObject({ status: 409, code: 'NUMBER_TAKEN' });
  expect(await inBin()).toContainEqual(expect.objectContaining({ id: outlet.id }));
  await remove(other.id);
  expect((await restore(outlet.id)).status).toBe(200);
});

test('removed now it is gone with its contacts, and nobody brings it back', async () => {
  await add('081234500001');
  await remove(outlet.id);
  expect((await call('DELETE', `/outlets/bin/${outlet.id}`)).status).toBe(204);
  expect((await call('DELETE', `/outlets/bin/${outlet.id}`)).status).toBe(404);
  expect((await restore(outlet.id)).status).toBe(404);
  expect(await sql(`SELECT FROM binned_contacts WHERE number = '6281234500001'`)).toEqual([]);
});

test('after 30 days nobody finds it, and the next round forgets it', async () => {
  await add('081234500002');
  await remove(outlet.id);
  const young = await api.outlet();
  api.clock.skip(30 * DAY_MS);
  await signIn();
  await remove(young.id);
  expect(await inBin()).toMatchObject([{ id: young.id }]);
  expect((await restore(outlet.id)).status).toBe(404);
  await api.app.get(OutletBinRetention).run();
  await api.app.get(ContactBinRetention).run();
  expect(await sql('SELECT id FROM binned_outlets')).toEqual([{ id: young.id }]);
  expect(await sql('SELECT FROM binned_outlet_rows WHERE outlet_id = $1', [outlet.id])).toEqual([]);
  expect(await sql('SELECT FROM binned_contacts WHERE outlet_id = $1', [outlet.id])).toEqual([]);
});

test('the bin of outlets is an ADMIN’s, by pages, those removed last first', async () => {
  const user = await api.token(await api.person('USER', [outlet.id]));
  expect(await call('GET', '/outlets/bin', undefined, user)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  const others = [await api.outlet(), await api.outlet()];
  for (const { id } of [outlet, ...others]) await remove(id);
  expect((await call('POST', `/outlets/bin/${outlet.id}/restore`, undefined, user)).status).toBe(403);
  const first = (await call('GET', '/outlets/bin?limit=2')).body as OutletBinPage;
  expect(first.items.map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
  const second = (await call('GET', `/outlets/bin?limit=2&after=${first.next}`)).body as OutletBinPage;
  expect(second.items[0]?.id).toBe(outlet.id);
});

test('what is in it is found by a part of its name or number, and counted', async () => {
  const all = (await call('GET', '/outlets/bin')).body as OutletBinPage;
  const [kept, other] = [await api.outlet(), await api.outlet()];
  for (const [index, { id }] of [kept, other].entries()) {
    expect((await call('PATCH', `/outlets/${id}`, { name: `Pasar ${index}` })).status).toBe(200);
    await remove(id);
  }
  const found = async (search: string): Promise<Pick<OutletBinPage, 'count' | 'items'>> =>
    (await call('GET', `/outlets/bin?limit=1&search=${encodeURIComponent(search)}`)).body as OutletBinPage;
  expect(await found(' pasar')).toMatchObject({ count: 2, items: [{ id: expect.any(String) }] });
  expect(await found(`0${kept.whatsappNumber.slice(2)}`)).toMatchObject({ count: 1, items: [{ id: kept.id }] });
  expect(await found('nowhere')).toMatchObject({ count: 0, items: [] });
  expect((await call('GET', '/outlets/bin')).body).toMatchObject({ count: all.count + 2 });
});

test('its lines name what was brought back, and what was removed for good', async () => {
  await remove(outlet.id);
  await restore(outlet.id);
  await remove(outlet.id);
  await call('DELETE', `/outlets/bin/${outlet.id}`);
  const lines = (await call('GET', `/activity?outletId=${outlet.id}`)).body as { items: { action: string }[] };
  expect(lines.items).toMatchObject(
    ['outlet.purged', 'outlet.removed', 'outlet.restored', 'outlet.removed'].map((action) => ({
      action,
      subject: { id: outlet.id, name: outlet.name },
    })),
  );
});
