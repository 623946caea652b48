import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Activity, ActivityPage } from '@koneksi/contracts/activity';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { Contact } from '@koneksi/contracts/contacts';
import type { User } from '@koneksi/contracts/users';
import type { CreatedWebhook } from '@koneksi/contracts/webhooks';
import { ActivityRetention } from '../src/acts/activity-retention.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN, type Person } from './support/koneksi.js';

const DAY_MS = 86_400_000;

let koneksi: Koneksi;
let admin: Person;
beforeAll(async () => {
  koneksi = await Koneksi.start();
  admin = await koneksi.person('ADMIN');
});
afterAll(() => koneksi.stop());

/** Newest first. */
async function activity(query = '', token = koneksi.token): Promise<Activity[]> {
  return expectOk(await koneksi.call<ActivityPage>('GET', `/activity?${query}`, { token })).items;
}

async function send(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  token = koneksi.token,
): Promise<Response> {
  return fetch(`${koneksi.app.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

test('a change says who, when, from where, what it was and what it is; and outlives all of them', async () => {
  const since = Date.now();
  const { user, token } = await koneksi.person('ADMIN');
  const outlet = await koneksi.outlet({ name: 'Kopi Dago', city: 'Bandung', tags: ['mal'] });
  const chrome = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
  const change = { name: 'Kopi Dago Atas', city: null, tags: ['mal'], autoReconnect: false };
  expect((await send('PATCH', `/outlets/${outlet.id}`, change, { 'user-agent': chrome }, token)).status).toBe(200);
  expect((await send('POST', `/outlets/${outlet.id}/pause`, {}, {}, token)).status).toBe(202);
  expect((await send('DELETE', `/outlets/${outlet.id}`, undefined, {}, token)).status).toBe(204);
  expectOk(await koneksi.call('DELETE', `/users/${user.id}`));

  const [removed, paused, changed] = await activity(`outletId=${outlet.id}&actor=${user.id}`);
  expect(changed).toEqual({
    id: expect.any(String),
    at: expect.any(String),
    action: 'outlet.changed',
    outcome: 'done',
    actor: { id: user.id, kind: 'user', name: user.name },
    address: '127.0.0.1',
    agent: 'Chrome 126, Windows',
    subject: { kind: 'outlet', id: outlet.id, name: 'Kopi Dago' },
    outletIds: [outlet.id],
    changes: [
      { field: 'name', before: 'Kopi Dago', after: 'Kopi Dago Atas', hidden: false },
      { field: 'autoReconnect', before: true, after: false, hidden: false },
      { field: 'city', before: 'Bandung', after: null, hidden: false },
    ],
  });
  expect(Date.parse(changed!.at)).toBeGreaterThanOrEqual(since - 1_000);
  expect(paused).toMatchObject({ action: 'outlet.paused', subject: { name: 'Kopi Dago Atas' }, changes: [] });
  expect(removed).toMatchObject({ action: 'outlet.removed', subject: { id: outlet.id, name: 'Kopi Dago Atas' } });
  expect(removed!.changes).toContainEqual({ field: 'name', before: 'Kopi Dago Atas', after: null, hidden: false });
});

test('a key is told from the person who made it', async () => {
  const outlet = await koneksi.outlet();
  const made = expectOk(
    await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'Kasir', outletIds: [outlet.id] } }),
  );
  await send('POST', `/outlets/${outlet.id}/contacts`, { phone: '081234500001', name: 'Ani' }, {}, made.key);
  const [line] = await activity(`outletId=${outlet.id}&kind=contact`);
  expect(line).toMatchObject({ actor: { id: made.id, kind: 'api-key', name: 'Kasir' }, outletIds: [outlet.id] });
});

test('what is refused leaves nothing, and what is asked again under its key leaves one line', async () => {
  const outlet = await koneksi.outlet();
  const before = await activity();
  const staff = await koneksi.person('USER', [outlet.id]);
  const asked = [
    send('PATCH', `/outlets/${outlet.id}`, { name: '' }),
    send('PATCH', `/outlets/${outlet.id}`, { name: 'Baru' }, { 'if-match': '"stale.tag"' }),
    send('PATCH', `/outlets/${outlet.id}`, { name: 'Baru' }, {}, staff.token),
    send('DELETE', `/contacts/tidak-ada`, undefined),
    send('POST', '/users', { email: 'x@example.com' }, {}, staff.token),
    send('POST', '/outlets', { name: 'Kembar', whatsappNumber: outlet.whatsappNumber }),
  ];
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([400, 412, 403, 404, 403, 409]);
  const key = { 'idempotency-key': 'satu-kali' };
  const made = await Promise.all(
    [1, 2].map(() => send('POST', '/outlets', { name: 'Sekali', whatsappNumber: '081299990001' }, key)),
  );
  expect(made.map(({ status }) => status).sort()).toContain(201);
  expect((await send('POST', '/outlets', { name: 'Sekali', whatsappNumber: '081299990001' }, key)).status).toBe(201);
  const message = { outletId: outlet.id, phone: '081234500002', text: 'Halo' };
  const sent = [await send('POST', '/messages', message, key), await send('POST', '/messages', message, key)];
  expect(sent.map(({ status }) => status)).toEqual([202, 202]);
  const since = (await activity()).filter(({ id }) => BigInt(id) > BigInt(before[0]!.id)).map(({ action }) => action);
  expect(since).toEqual(['message.sent', 'outlet.created', 'sign-in.started', 'user.created']);
});

test('a file leaves its line once it is whole, and none where it is refused while it comes', async () => {
  const outlet = await koneksi.outlet();
  const upload = (text: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${koneksi.app.url}/api/outlets/${outlet.id}/contacts/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'text/csv', ...headers },
      body: text,
    });
  expect((await upload('x'.repeat(11_000_000))).status).toBe(413);
  expect(await activity(`outletId=${outlet.id}&kind=contacts`)).toEqual([]);
  const key = { 'idempotency-key': 'satu-berkas' };
  const file = 'nomor,nama\n081234500009,Ani\n';
  expect([(await upload(file, key)).status, (await upload(file, key)).status]).toEqual([200, 200]);
  const lines = await activity(`outletId=${outlet.id}&kind=contacts`);
  expect(lines.map(({ action, outcome }) => [action, outcome])).toEqual([['contacts.imported', 'done']]);
  expect(lines[0]!.changes.map(({ field }) => field)).toContain('counts');
});

test('no secret is in it: no password, token, text or code', async () => {
  const outlet = await koneksi.outlet();
  const user = expectOk(
    await koneksi.call<User>('POST', '/users', {
      body: { email: 'rahasia@example.com', name: 'Rahasia', password: 'kata-sandi-rahasia-1', role: 'ADMIN' },
    }),
  );
  const changed = { password: 'kata-sandi-rahasia-2', role: 'USER', outletIds: [outlet.id] };
  expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body: changed }));
  const [line] = await activity(`kind=user&action=user.changed`);
  expect(line!.changes).toContainEqual({ field: 'password', before: null, after: null, hidden: true });
  expect(line!.changes).toContainEqual({ field: 'role', before: 'ADMIN', after: 'USER', hidden: false });
  const webhook = expectOk(
    await koneksi.call<CreatedWebhook>('POST', '/webhooks', {
      body: { url: 'https://example.com/jalan-rahasia?kunci=rahasia-kait', events: ['outlet.removed'] },
    }),
  );
  const key = expectOk(
    await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'K', outletIds: [outlet.id] } }),
  );
  const link = expectOk(
    await koneksi.call<{ url: string }>('POST', `/outlets/${outlet.id}/reconnect-links`, { body: {} }),
  );
  expectOk(
    await koneksi.call('POST', '/messages', {
      body: { outletId: outlet.id, phone: '081234500003', text: 'isi rahasia' },
    }),
  );
  expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/contacts`, { body: { phone: '081234500004' } }));
  expectOk(
    await koneksi.call('POST', '/blasts', {
      body: { outletIds: [outlet.id], message: 'isi rahasia', title: 'Promo', scheduledAt: '2999-01-01T00:00:00Z' },
    }),
  );
  const kept = JSON.stringify(await koneksi.database.dataSource.query('SELECT * FROM activity'));
  expect(kept).toContain('"after":"example.com"');
  const secrets = [
    'kata-sandi',
    'jalan-rahasia',
    'rahasia-kait',
    'isi rahasia',
    webhook.secret,
    key.key,
    link.url.split('/').at(-1)!,
  ];
  expect([...secrets, PASSWORD, SUPERADMIN.password].filter((secret) => kept.includes(secret))).toEqual([]);
});

test('an ADMIN reads it, but for how others sign in and what only a SUPERADMIN manages', async () => {
  const outlet = await koneksi.outlet({ name: 'Terlihat' });
  const staff = await koneksi.person('USER', [outlet.id]);
  expect((await koneksi.call('GET', '/activity', { token: staff.token })).code).toBe('FORBIDDEN');
  expect((await koneksi.call('GET', '/activity.csv', { token: staff.token })).code).toBe('FORBIDDEN');
  expect((await koneksi.call('GET', '/activity', { token: null })).code).toBe('UNAUTHENTICATED');
  const seen = await activity('limit=200', admin.token);
  expect(seen.map(({ subject }) => subject.name)).toContain('Terlihat');
  const ofPeople = seen.filter(({ subject }) => ['user', 'api-key', 'sign-in', 'profile'].includes(subject.kind));
  expect(ofPeople.map(({ actor }) => actor?.id)).toEqual(ofPeople.map(() => admin.user.id));
  expect(ofPeople.map(({ action }) => action)).toContain('sign-in.started');
  expect((await activity('kind=user', admin.token)).length).toBe(0);
  expect((await activity('kind=user')).length).toBeGreaterThan(0);
});

test('it is found by who, what, kind, outlet and time, page by page', async () => {
  const outlet = await koneksi.outlet({ name: 'Halaman' });
  for (const name of ['Halaman 1', 'Halaman 2', 'Halaman 3', 'Halaman 4'])
    expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { token: admin.token, body: { name } }));
  const whole = await activity(`outletId=${outlet.id}`);
  expect(whole.map(({ action }) => action)).toEqual([...Array<string>(4).fill('outlet.changed'), 'outlet.created']);
  const paged: string[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page: ActivityPage = expectOk(
      await koneksi.call('GET', `/activity?outletId=${outlet.id}&limit=2${next && `&after=${next}`}`),
    );
    paged.push(...page.items.map(({ id }) => id));
    next = page.next;
  }
  expect(paged).toEqual(whole.map(({ id }) => id));
  const [newest] = whole;
  const count = async (query: string): Promise<number> => (await activity(`outletId=${outlet.id}&${query}`)).length;
  expect(await count(`actor=${admin.user.id}`)).toBe(4);
  expect(await count(`actor=${admin.user.name.toLowerCase()}`)).toBe(4);
  expect(await count('actor=100%25_')).toBe(0);
  expect(await count('action=outlet.created')).toBe(1);
  expect(await count('kind=contact')).toBe(0);
  expect(await count('kind=contact&action=outlet.created')).toBe(0);
  expect(await count('search=halaman%202')).toBe(1);
  expect(await count(`to=${encodeURIComponent(newest!.at)}`)).toBe(4);
  expect(await count(`from=${encodeURIComponent(newest!.at)}`)).toBe(1);
  for (const wrong of ['after=x', 'after=WyJ4Il0', 'action=outlet.eaten', 'kind=x', 'from=kemarin', 'unknown=1'])
    expect([wrong, (await koneksi.call('GET', `/activity?${wrong}`)).code]).toEqual([wrong, 'VALIDATION_FAILED']);
});

test('as a file it opens in an Indonesian spreadsheet, and no name of it is a formula', async () => {
  const outlet = await koneksi.outlet({ name: '=HYPERLINK("http://jahat.example")', city: 'Kota; "Lama"' });
  const file = async (language: string): Promise<string> => {
    const response = await fetch(`${koneksi.app.url}/api/activity.csv?outletId=${outlet.id}`, {
      headers: { authorization: `Bearer ${koneksi.token}`, 'accept-language': language },
    });
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="activity.csv"');
    return Buffer.from(await response.arrayBuffer()).toString();
  };
  const indonesian = await file('id');
  const [headers, line] = indonesian.split('\r\n');
  expect(headers).toBe('\ufeffwaktu_wib;siapa;jenis;tindakan;pada;perubahan;hasil;alamat_ip;perangkat;id');
  expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d;[^;]+;Outlet;Menambah outlet;"'=HYPERLINK\(""http:/);
  expect((await file('en')).split('\r\n')[0]).toBe(
    '\ufefftime_wib,who,kind,act,on,changes,outcome,ip_address,device,id',
  );
  expect((await koneksi.call('GET', '/activity.csv?limit=3')).code).toBe('VALIDATION_FAILED');
});

test('who is erased is erased here, too, also by an earlier number; that it was done stays', async () => {
  const outlet = await koneksi.outlet();
  const contact = expectOk(
    await koneksi.call<Contact>('POST', `/outlets/${outlet.id}/contacts`, {
      body: { phone: '081277770001', name: 'Siti Aminah', fields: { kota: 'Garut' } },
    }),
  );
  expectOk(
    await koneksi.call('PATCH', `/contacts/${contact.id}`, { body: { name: 'Siti A.', phone: '081277770002' } }),
  );
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: '081277770002', note: 'Siti minta' } }));
  expectOk(await koneksi.call('POST', '/customers/6281277770002/erase', { body: { confirm: '6281277770002' } }));
  const kept = JSON.stringify(await koneksi.database.dataSource.query('SELECT * FROM activity'));
  expect(['Siti', '6281277770002', 'Garut'].filter((one) => kept.includes(one))).toEqual(['Siti', 'Garut']);
  expectOk(await koneksi.call('POST', '/customers/6281277770001/erase', { body: { confirm: '6281277770001' } }));
  const bare = JSON.stringify(await koneksi.database.dataSource.query('SELECT * FROM activity'));
  expect(['Siti', '6281277770001', 'Garut'].filter((one) => bare.includes(one))).toEqual([]);
  const [erased] = await activity('kind=customer');
  expect(erased).toMatchObject({ action: 'customer.erased', subject: { id: null, name: '6281…001' }, changes: [] });
  const left = (await activity(`outletId=${outlet.id}&kind=contact`)).map(({ action }) => action);
  expect(left).toEqual(['contact.changed', 'contact.created']);
});

test('it is kept for 400 days, and no longer', async () => {
  const { dataSource } = koneksi.database;
  const outlet = await koneksi.outlet();
  const at = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
  expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name: 'Lama' } }));
  const [changed, created] = await activity(`outletId=${outlet.id}`);
  await dataSource.query('UPDATE activity SET at = $2 WHERE id = $1', [created!.id, at(401)]);
  await dataSource.query('UPDATE activity SET at = $2 WHERE id = $1', [changed!.id, at(399)]);
  expect(await koneksi.app.app.get(ActivityRetention, { strict: false }).run()).toBe(1);
  expect((await activity(`outletId=${outlet.id}`)).map(({ id }) => id)).toEqual([changed!.id]);
});
