import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Contact } from '@koneksi/contracts/contacts';
import type { ErrorBody } from '@koneksi/contracts/errors';
import type { OpenAPIObject } from '@nestjs/swagger';
import { expectOk, Koneksi } from './support/koneksi.js';

let koneksi: Koneksi;

/** Something people edit: where it is, and two edits that each change it. */
interface Case {
  path: () => Promise<string>;
  edits: [object, object];
  /** How it is removed, where it can be. */
  isRemovable: boolean;
}

const made = async (path: string, body: object): Promise<string> =>
  expectOk(await koneksi.call<{ id: string }>('POST', path, { body })).id;
const digits = (): string =>
  String(parseInt(randomBytes(4).toString('hex'), 16))
    .padStart(9, '1')
    .slice(0, 9);
const outletId = async (): Promise<string> => (await koneksi.outlet()).id;

const CASES: Record<string, Case> = {
  '/outlets/{id}': {
    path: async () => `/outlets/${await outletId()}`,
    edits: [{ name: 'Satu' }, { city: 'Bogor', tags: ['mal'] }],
    isRemovable: true,
  },
  '/contacts/{id}': {
    path: async () => {
      const body = { phone: `0812${digits()}`, name: 'Ani', fields: { kota: 'Bogor' } };
      return `/contacts/${await made(`/outlets/${await outletId()}/contacts`, body)}`;
    },
    edits: [{ fields: { kota: 'Depok' } }, { tags: ['vip'] }],
    isRemovable: true,
  },
  '/outlets/{id}/blast-settings': {
    path: async () => `/outlets/${await outletId()}/blast-settings`,
    edits: [{ newChatsPerDay: 7 }, { quietHours: { from: '21:00', to: '06:00' } }],
    isRemovable: false,
  },
  '/blast-policy': {
    path: () => Promise.resolve('/blast-policy'),
    edits: [{ perWeek: 3 }, { perWeek: null, keepReplies: true }],
    isRemovable: false,
  },
  '/webhooks/{id}': {
    path: async () =>
      `/webhooks/${await made('/webhooks', { url: 'https://example.com/', events: ['outlet.removed'] })}`,
    edits: [{ events: ['message.updated'] }, { enabled: false }],
    isRemovable: true,
  },
  '/alert-rules/{id}': {
    path: async () => {
      const recipients = [{ channel: 'email', to: 'siaga@example.com' }];
      return `/alert-rules/${await made('/alert-rules', { name: 'Siaga', recipients })}`;
    },
    edits: [{ name: 'Siaga malam' }, { enabled: false }],
    isRemovable: true,
  },
  '/saved-messages/{id}': {
    path: async () =>
      `/saved-messages/${await made('/saved-messages', { name: `Promo ${digits()}`, message: 'Halo' })}`,
    edits: [{ message: 'Hai' }, { message: 'Hello' }],
    isRemovable: true,
  },
  '/users/{id}': {
    path: async () => `/users/${(await koneksi.person('ADMIN')).user.id}`,
    edits: [{ name: 'Budi' }, { isDisabled: true }],
    isRemovable: true,
  },
  '/auth/me': {
    path: () => Promise.resolve('/auth/me'),
    edits: [{ theme: 'dark' }, { theme: 'light' }],
    isRemovable: false,
  },
};

beforeAll(async () => {
  koneksi = await Koneksi.start();
});
afterAll(() => koneksi.stop());

interface Said {
  status: number;
  etag: string;
  body: Record<string, unknown> & Partial<ErrorBody>;
}

async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: object): Promise<Said> {
  const response = await fetch(`${koneksi.app.url}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${koneksi.token}`,
      // `fetch` would ask for a new answer where it is told to compare.
      'cache-control': 'max-age=0',
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = (text ? JSON.parse(text) : {}) as Said['body'];
  return { status: response.status, etag: response.headers.get('etag') ?? '', body: parsed };
}

test.each(Object.entries(CASES))('%s is not changed by who saw it otherwise', async (_, { path: find, edits }) => {
  const path = await find();
  const first = await ask('GET', path);
  expect(first.etag).toMatch(/^"[\w-]+\.[\w-]+"$/);
  expect((await ask('GET', path, { 'if-none-match': first.etag })).status).toBe(304);

  const changed = await ask('PATCH', path, { 'if-match': first.etag }, edits[0]);
  expect(changed).toMatchObject({ status: 200, body: edits[0] });
  const second = await ask('GET', path);
  expect(second.body).toEqual(changed.body);
  expect(second.etag).toBe(changed.etag);
  expect(second.etag).not.toBe(first.etag);

  for (const stale of [first.etag, '"stale"', 'junk']) {
    const refused = await ask('PATCH', path, { 'if-match': stale }, edits[1]);
    expect(refused).toMatchObject({
      status: 412,
      body: { success: false, error: { code: 'CHANGED_MEANWHILE', details: { current: second.body } } },
    });
  }
  expect((await ask('GET', path)).body).toEqual(second.body);

  // A proxy that compresses calls it weak.
  const last = await ask('PATCH', path, { 'if-match': `"other.tag", W/${second.etag}` }, edits[1]);
  expect(last).toMatchObject({ status: 200, body: edits[1] });
  for (const headers of [{}, { 'if-match': '*' }] as Record<string, string>[])
    expect((await ask('PATCH', path, headers, edits[0])).status).toBe(200);
});

test.each(Object.entries(CASES))('of many who saw the same %s one changes it', async (_, { path: find, edits }) => {
  const path = await find();
  // From whatever an earlier test left.
  const { etag } = await ask('PATCH', path, {}, edits[1]);
  const all = await Promise.all(Array.from({ length: 6 }, () => ask('PATCH', path, { 'if-match': etag }, edits[0])));
  expect(all.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
});

test.each(Object.entries(CASES).filter(([, { isRemovable }]) => isRemovable))(
  '%s is not removed by who saw it otherwise',
  async (_, { path: find, edits }) => {
    const path = await find();
    const { etag } = await ask('GET', path);
    const changed = await ask('PATCH', path, {}, edits[0]);
    expect((await ask('DELETE', path, { 'if-match': etag })).body.error?.code).toBe('CHANGED_MEANWHILE');
    expect((await ask('GET', path)).status).toBe(200);
    expect((await ask('DELETE', path, { 'if-match': changed.etag })).status).toBe(204);
    expect((await ask('PATCH', path, { 'if-match': changed.etag }, edits[0])).status).toBe(404);
  },
);

test('what nobody edits holds nobody up', async () => {
  const { id } = await koneksi.outlet();
  const { etag, body } = await ask('GET', `/outlets/${id}/blast-settings`);
  await koneksi.database.dataSource.query(
    `INSERT INTO blast_days (outlet_id, day, new_chats, known_chats) VALUES ($1, (now() AT TIME ZONE $2)::date, 3, 4)`,
    [id, body.zone],
  );
  expect((await ask('GET', `/outlets/${id}/blast-settings`)).etag).not.toBe(etag);
  const path = `/outlets/${id}/blast-settings`;
  expect((await ask('PATCH', path, { 'if-match': etag }, { newChatsPerDay: 9 })).status).toBe(200);
});

test('two people who edit fields of one contact lose nothing of each other', async () => {
  const path = await CASES['/contacts/{id}']!.path();
  const seen = await ask('GET', path);
  const { fields } = seen.body as unknown as Contact;
  const one = await ask('PATCH', path, { 'if-match': seen.etag }, { fields: { ...fields, poin: '3' } });
  expect(one.status).toBe(200);
  const two = await ask('PATCH', path, { 'if-match': seen.etag }, { fields: { ...fields, ukuran: 'L' } });
  const { current } = two.body.error!.details as { current: Contact };
  expect(current.fields).toEqual({ ...fields, poin: '3' });
  const again = await ask('PATCH', path, { 'if-match': one.etag }, { fields: { ...current.fields, ukuran: 'L' } });
  expect(again.body.fields).toEqual({ ...fields, poin: '3', ukuran: 'L' });
});

test('the document says where it counts, and that is everywhere that something is changed', async () => {
  const { body } = await ask('GET', '/docs/openapi.json');
  const { paths } = body as unknown as OpenAPIObject;
  const takes = (path: string, method: 'patch' | 'delete'): boolean =>
    (paths[path]![method]?.parameters ?? []).some((parameter) => 'name' in parameter && parameter.name === 'If-Match');
  const patched = Object.keys(paths).filter((path) => paths[path]!.patch);
  expect(patched.map((path) => path.replace(/^\/api/, '')).sort()).toEqual(Object.keys(CASES).sort());
  expect(patched.filter((path) => !takes(path, 'patch'))).toEqual([]);
  const removed = patched.filter((path) => paths[path]!.delete);
  expect(removed).toHaveLength(Object.values(CASES).filter(({ isRemovable }) => isRemovable).length);
  expect(removed.filter((path) => !takes(path, 'delete'))).toEqual([]);
});
