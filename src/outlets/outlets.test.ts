import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi } from '../../test/support/test-api.js';

let api: TestApi;
let superadmin: string;
let admin: string;
let mine: Outlet;
let foreign: Outlet;
let user: string;

beforeAll(async () => {
  api = await TestApi.start();
  mine = await api.outlet();
  foreign = await api.outlet();
  superadmin = await api.token();
  admin = await api.token(await api.person('ADMIN'));
  user = await api.token(await api.person('USER', [mine.id]));
});
afterAll(() => api.stop());
beforeEach(() => {
  api.facts.length = 0;
});

let created = 0;
const freshNumber = () => `628570000${String(++created).padStart(4, '0')}`;

test('an admin creates an outlet; it is active and reconnects unless told otherwise', async () => {
  const whatsappNumber = freshNumber();
  const answer = await api.call('POST', '/outlets', { token: admin, body: { name: ' Bandung ', whatsappNumber } });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'Bandung',
    whatsappNumber,
    isActive: true,
    autoReconnect: true,
    city: null,
    tags: [],
  });
  const { id } = answer.body as Outlet;
  expect(api.facts).toEqual([{ name: 'outlet.created', fact: { outletId: id } }]);
  expect((await api.call('GET', `/outlets/${id}`, { token: admin })).body).toEqual(answer.body);
});

test.each(['0857-1111-2222', '857 1111 2222', '62 857 1111 2222', '+62 (857) 1111.2222', '6285711112222'])(
  'the number %j is kept as digits, and is taken once it is kept',
  async (whatsappNumber) => {
    const body = { name: 'Toko', whatsappNumber };
    const first = await api.call('POST', '/outlets', { token: admin, body });
    expect(first).toMatchObject({ status: 201, body: { whatsappNumber: '6285711112222' } });
    const second = await api.call('POST', '/outlets', {
      token: admin,
      body: { ...body, whatsappNumber: '085711112222' },
    });
    expect(second).toMatchObject({ status: 409, code: 'NUMBER_TAKEN' });
    await api.call('DELETE', `/outlets/${(first.body as Outlet).id}`, { token: admin });
  },
);

test.each([
  [{}, ['name', 'whatsappNumber']],
  [{ name: '', whatsappNumber: '12' }, ['name', 'whatsappNumber']],
  [{ name: 'x'.repeat(81), whatsappNumber: '0812345678' }, ['name']],
  [{ name: 'A', whatsappNumber: '0812345678; DROP' }, ['whatsappNumber']],
  [{ name: 'A', whatsappNumber: 62812345678 }, ['whatsappNumber']],
  [{ name: 'A', whatsappNumber: '0812345678', isActive: 'yes' }, ['isActive']],
  [{ name: 'A\u0000', whatsappNumber: '0812345678', city: ' ' }, ['name', 'city']],
  [{ name: 'A', whatsappNumber: '0812345678', city: 'x'.repeat(61), tags: 'mall' }, ['city', 'tags']],
  [{ name: 'A', whatsappNumber: '0812345678', tags: ['mall', ' ', 'x'.repeat(31), 7] }, ['tags.1', 'tags.2', 'tags.3']],
  [{ name: 'A', whatsappNumber: '0812345678', tags: ['Mall', 'drive-thru', ' mALL '] }, ['tags.2']],
  [{ name: 'A', whatsappNumber: '0812345678', tags: Array.from({ length: 11 }, (_, n) => `t${n}`) }, ['tags']],
  [{ name: 'A', whatsappNumber: '0812345678', id: 'x', createdAt: 0 }, ['id', 'createdAt']],
])('refuses %j naming every wrong field', async (body, fields) => {
  const answer = await api.call('POST', '/outlets', { token: admin, body });
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { error } = answer.body as { error: { fields: { field: string }[] } };
  expect(error.fields.map(({ field }) => field)).toEqual(fields);
  expect(api.facts).toEqual([]);
});

test('of two creations at once with one number exactly one wins', async () => {
  for (let round = 0; round < 5; round++) {
    const body = { name: 'Kembar', whatsappNumber: freshNumber() };
    const answers = await Promise.all([1, 2, 3].map(() => api.call('POST', '/outlets', { token: admin, body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  }
  expect(api.facts).toHaveLength(5);
});

test('a change touches what it names, and nothing else', async () => {
  const outlet = await api.outlet();
  api.facts.length = 0;
  const answer = await api.call('PATCH', `/outlets/${outlet.id}`, { token: admin, body: { autoReconnect: false } });
  expect(answer).toMatchObject({ status: 200, body: { ...outlet, autoReconnect: false } });
  expect(api.facts).toEqual([{ name: 'outlet.updated', fact: { outletId: outlet.id } }]);
  expect((await api.call('PATCH', `/outlets/${outlet.id}`, { token: admin, body: {} })).body).toEqual(answer.body);
});

test('city and tags are kept as typed but for the blanks around them, and go again', async () => {
  const body = { name: 'Dago', whatsappNumber: freshNumber(), city: ' Bandung ', tags: [' Mall', 'Drive-Thru '] };
  const made = await api.call('POST', '/outlets', { token: admin, body });
  expect(made).toMatchObject({ status: 201, body: { city: 'Bandung', tags: ['Mall', 'Drive-Thru'] } });
  const { id } = made.body as Outlet;
  expect((await api.call('GET', `/outlets/${id}`, { token: admin })).body).toEqual(made.body);
  expect((await api.call('GET', '/outlets', { token: admin })).body).toContainEqual(made.body);
  const change = (body: object) => api.call('PATCH', `/outlets/${id}`, { token: admin, body });
  expect((await change({ tags: ['Drive-Thru', 'Mall'] })).body).toMatchObject({ tags: ['Drive-Thru', 'Mall'] });
  expect((await change({ city: null, tags: [] })).body).toMatchObject({ name: 'Dago', city: null, tags: [] });
  expect(await change({ city: '', tags: ['a', 'A'] })).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
});

test('a number cannot be changed to one that is taken', async () => {
  const outlet = await api.outlet();
  api.facts.length = 0;
  const body = { whatsappNumber: `+${mine.whatsappNumber}` };
  const answer = await api.call('PATCH', `/outlets/${outlet.id}`, { token: admin, body });
  expect(answer).toMatchObject({ status: 409, code: 'NUMBER_TAKEN' });
  expect(api.facts).toEqual([]);
});

test('a removed outlet is gone, with its assignments, and says so once', async () => {
  const outlet = await api.outlet();
  const assigned = await api.person('USER', [outlet.id]);
  api.facts.length = 0;
  expect((await api.call('DELETE', `/outlets/${outlet.id}`, { token: admin })).status).toBe(204);
  expect((await api.call('DELETE', `/outlets/${outlet.id}`, { token: admin })).status).toBe(404);
  expect(api.facts).toEqual([{ name: 'outlet.removed', fact: { outletId: outlet.id } }]);
  const users = (await api.call('GET', '/users', { token: superadmin })).body as { id: string; outletIds: string[] }[];
  expect(users.find(({ id }) => id === assigned.id)?.outletIds).toEqual([]);
});

test('lists what exists for the caller', async () => {
  const idsFor = async (token: string) =>
    ((await api.call('GET', '/outlets', { token })).body as Outlet[]).map(({ id }) => id);
  expect(await idsFor(user)).toEqual([mine.id]);
  for (const token of [admin, superadmin])
    expect(await idsFor(token)).toEqual(expect.arrayContaining([mine.id, foreign.id]));
  expect(await idsFor(await api.token(await api.person('USER')))).toEqual([]);
});

const nobodys = '00000000-0000-4000-8000-000000000000';
const hidden = (): [string, string][] => [
  ['foreign', foreign.id],
  ['unknown', nobodys],
  ['malformed', 'status'],
  ['malformed', "1' OR '1'='1"],
  ['malformed', '%00'],
];

test.each(['GET', 'PATCH', 'DELETE'])(
  'to a USER, %s answers alike for foreign, unknown and malformed ids',
  async (method) => {
    const answers = [];
    for (const [, id] of hidden()) {
      const path = `/outlets/${id.startsWith('%') ? id : encodeURIComponent(id)}`;
      const answer = await api.call(method, path, {
        token: user,
        ...(method === 'PATCH' && { body: { name: 'Mine' } }),
      });
      const { requestId, ...error } = (answer.body as { error: { requestId: string } }).error;
      expect(requestId).toBeTruthy();
      answers.push({ status: answer.status, error });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, error: { code: 'OUTLET_NOT_FOUND' } });
    expect((await api.call('GET', `/outlets/${foreign.id}`, { token: admin })).body).toEqual(foreign);
  },
);

test('a USER may see the outlet assigned, and change nothing of it', async () => {
  expect((await api.call('GET', `/outlets/${mine.id}`, { token: user })).body).toEqual(mine);
  expect((await api.call('GET', `/outlets/${mine.id.toUpperCase()}`, { token: user })).body).toEqual(mine);
  const patch = await api.call('PATCH', `/outlets/${mine.id}`, { token: user, body: { name: 'Mine' } });
  expect(patch).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  expect(await api.call('DELETE', `/outlets/${mine.id}`, { token: user })).toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
  });
  const create = await api.call('POST', '/outlets', {
    token: user,
    body: { name: 'A', whatsappNumber: freshNumber() },
  });
  expect(create).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  expect((await api.call('GET', `/outlets/${mine.id}`, { token: admin })).body).toEqual(mine);
});
