import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ScheduleModule } from '@nestjs/schedule';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi, type Answer } from '../../test/support/test-api.js';
import { IdempotencyModule } from './idempotency.module.js';
import { rightsText } from './rights-text.js';

let api: TestApi;
let superadmin: string;
let outlet: Outlet;
let customers = 0;

beforeAll(async () => {
  api = await TestApi.start({ imports: [ScheduleModule.forRoot(), IdempotencyModule] });
  superadmin = await api.token();
  outlet = await api.outlet();
});
afterAll(() => api.stop());

/** Asks for one contact, by one key, as often as it is called. */
function asking(): (token: string) => Promise<Answer> {
  const headers = { 'idempotency-key': randomUUID() };
  const body = { name: 'Ibu Sari', phone: `0812555${String(++customers).padStart(5, '0')}` };
  return (token) => api.call('POST', `/outlets/${outlet.id}/contacts`, { token, body, headers });
}

const isReplay = ({ headers }: Answer): boolean => headers.get('idempotent-replayed') === 'true';

async function change(id: string, body: object): Promise<void> {
  expect((await api.call('PATCH', `/users/${id}`, { token: superadmin, body })).status).toBe(200);
}

test.each([
  ['whose outlet was taken', 'USER', { outletIds: [] }],
  ['who works elsewhere now', 'USER', 'elsewhere'],
  ['who was made a USER', 'ADMIN', { role: 'USER', outletIds: [] }],
] as const)('one %s gets no answer of before again', async (_, role, changed) => {
  const person = await api.person(role, role === 'USER' ? [outlet.id] : []);
  const ask = asking();
  const before = (await api.signInAs(person)).accessToken;
  expect((await ask(before)).status).toBe(201);
  expect(isReplay(await ask(before))).toBe(true);
  await change(person.id, changed === 'elsewhere' ? { outletIds: [(await api.outlet()).id] } : changed);
  const after = (await api.signInAs(person)).accessToken;
  const answer = await ask(after);
  expect(answer).toMatchObject({ status: 409, code: 'IDEMPOTENCY_UNKNOWN' });
  expect(JSON.stringify(answer.body)).not.toContain('Sari');
  // A new key is looked at as any request is.
  expect((await asking()(after)).code).toBe('OUTLET_NOT_FOUND');
});

test('a key shares in what is taken from its maker', async () => {
  const maker = await api.person('ADMIN');
  const token = (await api.signInAs(maker)).accessToken;
  const made = await api.call('POST', '/api-keys', { token, body: { name: 'Kasir', role: 'ADMIN' } });
  const { key } = made.body as CreatedApiKey;
  const ask = asking();
  expect((await ask(key)).status).toBe(201);
  expect(isReplay(await ask(key))).toBe(true);
  await change(maker.id, { role: 'USER', outletIds: [] });
  expect(isReplay(await ask(key))).toBe(false);
});

test('whose rights came back gets it again, and in whatever order their outlets are read', async () => {
  const other = await api.outlet();
  const person = await api.person('USER', [outlet.id, other.id]);
  const ask = asking();
  const first = await ask((await api.signInAs(person)).accessToken);
  await change(person.id, { outletIds: [] });
  await change(person.id, { outletIds: [other.id, outlet.id] });
  const again = await ask((await api.signInAs(person)).accessToken);
  expect(isReplay(again)).toBe(true);
  expect(again.body).toEqual(first.body);
});

test('rights are told apart by role, outlets and scopes, and by nothing else', () => {
  const rights = { role: 'USER', outletIds: ['b', 'a'], scopes: null };
  const same = [
    { ...rights, outletIds: ['a', 'b'] },
    { role: 'USER', outletIds: ['a', 'b'] },
    { ...rights, name: 'x' },
  ];
  for (const each of same) expect(rightsText(each)).toBe(rightsText(rights));
  const others = [
    { ...rights, role: 'ADMIN' },
    { ...rights, outletIds: ['a'] },
    { ...rights, outletIds: ['a,b'] },
    { ...rights, outletIds: 'all' },
    { ...rights, outletIds: [] },
    { ...rights, scopes: [] },
    { ...rights, scopes: ['links:write'] },
  ];
  const all = [rights, ...others].map(rightsText);
  expect(new Set(all).size).toBe(all.length);
});
