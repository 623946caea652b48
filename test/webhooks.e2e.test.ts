import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { MessageAccepted } from '@koneksi/contracts/messages';
import type { Outlet } from '@koneksi/contracts/outlets';
import {
  WEBHOOK_DATA,
  type CreatedWebhook,
  type DeliveryPage,
  type RotatedSecret,
  type Webhook,
  type WebhookDelivery,
  type WebhookEventType,
  type WebhookList,
} from '@koneksi/contracts/webhooks';
import { addContacts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { isSignedBy, WebhookReceiver } from './support/webhook-receiver.js';

let koneksi: Koneksi;
let receiver: WebhookReceiver;
let outlet: Outlet;
let other: Outlet;

beforeAll(async () => {
  koneksi = await Koneksi.start({
    env: {
      EGRESS_ALLOW: '127.0.0.1/32',
      WEBHOOK_RETRY_MS: '20',
      WEBHOOK_TIMEOUT_MS: '3000',
      BLAST_UNDO_MS: '0',
    },
  });
  receiver = await WebhookReceiver.start();
  outlet = await koneksi.outlet();
  other = await koneksi.outlet();
});
afterAll(async () => {
  await koneksi.stop();
  await receiver.die();
});
afterEach(async () => {
  receiver.behave();
  for (const { id } of (await call<WebhookList>('GET', '/webhooks')).webhooks) await call('DELETE', `/webhooks/${id}`);
  receiver.heard.length = receiver.taken.length = 0;
});

async function call<T>(method: string, path: string, body?: unknown, token = koneksi.token): Promise<T> {
  return expectOk(await koneksi.call<T>(method, path, { body, token }));
}

let paths = 0;
/** A webhook with a path of its own, so that each hears its own alone. */
async function make(
  events: WebhookEventType[] = ['outlet.status.changed'],
  { outletIds = null, token = koneksi.token }: { outletIds?: string[] | null; token?: string } = {},
): Promise<CreatedWebhook> {
  const url = receiver.url(`/hook/${++paths}`);
  return call<CreatedWebhook>('POST', '/webhooks', { url, events, outletIds }, token);
}

const rename = (name: string, { id } = outlet): Promise<Outlet> => call('PATCH', `/outlets/${id}`, { name });
const isNamed =
  (name: string) =>
  ({ data }: { data: { status?: { outlet: { name: string } } } }) =>
    data.status?.outlet.name === name;
const log = async ({ id }: { id: string }): Promise<WebhookDelivery[]> =>
  (await call<DeliveryPage>('GET', `/webhooks/${id}/deliveries`)).deliveries;
const look = ({ id }: { id: string }): Promise<Webhook> => call('GET', `/webhooks/${id}`);

test('what happens is told, signed, with what the socket says of it', async () => {
  const page = await koneksi.dashboard();
  const webhook = await make();
  expect(webhook).toMatchObject({ secret: expect.stringMatching(/^whsec_/), enabled: true, pending: 0, paused: null });
  await rename('Toko Merdeka');
  const heard = await receiver.gets('the name', isNamed('Toko Merdeka'));
  const change = await page.next(outlet.id, 'renamed', ({ status }) => status.outlet.name === 'Toko Merdeka');
  expect(heard.type).toBe('outlet.status.changed');
  expect(heard.data).toEqual(change);
  expect(WEBHOOK_DATA['outlet.status.changed'].safeParse(heard.data).error).toBeUndefined();
  expect(isSignedBy(webhook.secret, heard)).toBe(true);
  const [delivery] = await eventually('the log', async () => {
    const entries = await log(webhook);
    return entries[0]?.status === 'delivered' && entries;
  });
  expect(delivery).toMatchObject({ messageId: heard.id, tries: 1, nextTryAt: null, outletId: outlet.id });
  expect(delivery!.lastTries).toEqual([expect.objectContaining({ status: 204, fault: null })]);
  page.close();
});

test('only what was asked for is told, of the outlets that were asked for', async () => {
  await make(['outlet.status.changed'], { outletIds: [other.id] });
  const removals = await make(['outlet.removed']);
  const third = await koneksi.outlet();
  await rename('Bukan ini');
  await rename('Yang ini', other);
  await call('DELETE', `/outlets/${third.id}`);
  await receiver.gets('the removal', ({ type, data }) => type === 'outlet.removed' && data.outletId === third.id);
  await receiver.gets('the name', isNamed('Yang ini'));
  expect(receiver.heard.filter(({ path, type }) => type === 'outlet.removed' && !removals.url.endsWith(path))).toEqual(
    [],
  );
  const told = receiver.heard.flatMap(({ data }) => data.status?.outletId ?? []);
  expect(new Set(told)).toEqual(new Set([other.id]));
});

test('a receiver that fails gets it again under the same id, newly signed, and nothing passes it', async () => {
  const webhook = await make();
  receiver.answer(503);
  for (const name of ['Satu', 'Dua', 'Tiga']) await rename(name);
  await eventually('it was tried a few times', () => receiver.heard.length >= 5);
  expect(new Set(receiver.heard.map(({ id }) => id)).size).toBe(1);
  expect((await look(webhook)).failingSince).not.toBeNull();
  receiver.behave();
  await receiver.gets('the last', isNamed('Tiga'));
  const names = receiver.taken.map(({ data }) => data.status.outlet.name);
  expect(names).toEqual(['Satu', 'Dua', 'Tiga']);
  expect(receiver.taken.every((heard) => isSignedBy(webhook.secret, heard))).toBe(true);
  await eventually('nothing waits', async () => (await look(webhook)).pending === 0);
  expect(await look(webhook)).toMatchObject({ failingSince: null, enabled: true });
});

test('an outlet whose event is refused holds up no other; given up, it can be driven again', async () => {
  const webhook = await make();
  receiver.behave((response, { data }) => {
    response.writeHead(data.status.outletId === outlet.id ? 422 : 200).end();
  });
  await rename('Ditolak');
  await eventually('it was refused', () => receiver.heard.some(isNamed('Ditolak')));
  for (const name of ['Jalan terus', 'Masih jalan']) await rename(name, other);
  await receiver.gets('the other outlet', isNamed('Masih jalan'));
  // Eight refusals, whose pauses grow to hours.
  await koneksi.database.dataSource.query(
    `UPDATE webhook_deliveries SET tries = 7, next_try_at = now() WHERE status = 'pending'`,
  );
  await rename('Bangun', other);
  const dead = await eventually('it is given up', async () =>
    (await log(webhook)).find(({ status }) => status === 'dead'),
  );
  expect(dead.lastTries[0]).toMatchObject({ status: 422, fault: null });
  receiver.behave();
  const again = await call<WebhookDelivery>('POST', `/webhooks/deliveries/${dead.id}/redrive`);
  expect(again).toMatchObject({ status: 'pending', tries: 0, messageId: dead.messageId });
  const heard = await receiver.gets('what was driven again', isNamed('Ditolak'));
  expect(heard.id).toBe(dead.messageId);
});

test('a slow receiver is cut off in time, and has few requests at once', async () => {
  const outlets = await Promise.all(Array.from({ length: 8 }, () => koneksi.outlet()));
  receiver.mostAtOnce = 0;
  const webhook = await make();
  // It takes the request and says nothing.
  receiver.behave(() => undefined);
  await Promise.all(outlets.map(({ id }, index) => call('PATCH', `/outlets/${id}`, { name: `Lambat ${index}` })));
  const slow = await eventually('a try that took too long', async () =>
    (await log(webhook)).find(({ lastTries }) => lastTries[0]?.fault === 'TIMEOUT'),
  );
  expect(slow.status).toBe('pending');
  expect(receiver.mostAtOnce).toBeLessThanOrEqual(4);
  receiver.behave();
  for (const index of outlets.keys()) await receiver.gets(`outlet ${index}`, isNamed(`Lambat ${index}`));
});

test('nothing is lost while nobody listens', async () => {
  const webhook = await make();
  await receiver.die();
  await rename('Tidak ada orang');
  await eventually('it was tried', async () => (await log(webhook))[0]?.lastTries[0]?.fault === 'UNREACHABLE');
  await receiver.open();
  await receiver.gets('it', isNamed('Tidak ada orang'));
});

test.each([301, 302, 307, 308])('a redirect by %i is a refusal and is not followed', async (status) => {
  const webhook = await make();
  receiver.answer(status, { location: receiver.url('/elsewhere') });
  const delivery = await call<WebhookDelivery>('POST', `/webhooks/${webhook.id}/test`);
  expect(delivery).toMatchObject({ status: 'dead', lastTries: [expect.objectContaining({ status })] });
  expect(receiver.heard.map(({ path }) => path)).not.toContain('/elsewhere');
});

test('an answer without an end, or of any size, costs no more than a short one', async () => {
  const webhook = await make();
  receiver.behave((response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const delivery = await call<WebhookDelivery>('POST', `/webhooks/${webhook.id}/test`);
  expect(delivery).toMatchObject({ type: 'webhook.test', status: 'delivered' });
});

test('a receiver that is gone for good is left alone, and told of', async () => {
  const webhook = await make();
  receiver.answer(410);
  await rename('Sudah pindah');
  await eventually('it is paused', async () => (await look(webhook)).paused?.code === 'GONE');
  expect(koneksi.logged.join('')).toContain('its receiver says that it is gone for good');
});

test('one that was too far behind begins anew when it is switched on', async () => {
  const webhook = await make();
  // Nothing is under way that could arrive after all.
  receiver.answer(503, { 'retry-after': '3600' });
  for (const name of ['Tertinggal', 'Jauh']) await rename(name);
  await eventually('both wait', async () => {
    const waiting = (await log(webhook)).filter(({ status }) => status === 'pending');
    return waiting.length === 2 && waiting.some(({ tries }) => tries === 1);
  });
  await koneksi.database.dataSource.query(
    `UPDATE webhooks SET paused_code = 'BACKLOG', paused_at = now() WHERE id = $1`,
    [webhook.id],
  );
  receiver.behave();
  const on = await call<Webhook>('PATCH', `/webhooks/${webhook.id}`, { enabled: true });
  expect(on).toMatchObject({ enabled: true, paused: null, pending: 0 });
  await rename('Mulai lagi');
  await receiver.gets('what is new', isNamed('Mulai lagi'));
  expect((await log(webhook)).filter(({ status }) => status === 'dead')).toHaveLength(2);
});

test('one that is removed while much is told takes nothing along with it', async () => {
  const webhook = await make(['message.updated']);
  const { dataSource } = koneksi.database;
  await dataSource.query(
    `INSERT INTO webhook_deliveries (id, webhook_id, type, lane, at, data)
     SELECT gen_random_uuid(), $1, 'message.updated', 'a', now(), '{}' FROM generate_series(1, 5000)`,
    [webhook.id],
  );
  const tells = (): Promise<unknown> =>
    dataSource.query(`SELECT webhook_tell('message.updated', ARRAY[$1::uuid], 'a', now(), '{}')`, [outlet.id]);
  let isOver = false;
  const telling = (async () => {
    while (!isOver) await Promise.all([tells(), tells()]);
  })();
  await call('DELETE', `/webhooks/${webhook.id}`);
  isOver = true;
  await telling;
  expect(await dataSource.query('SELECT 1 FROM webhook_deliveries WHERE webhook_id = $1', [webhook.id])).toEqual([]);
});

test('the secret changes with an overlap, and is shown at no other time', async () => {
  const webhook = await make();
  const { secret, previousSecretUntil } = await call<RotatedSecret>('POST', `/webhooks/${webhook.id}/rotate-secret`);
  expect(Date.parse(previousSecretUntil!)).toBeGreaterThan(Date.now());
  await call('POST', `/webhooks/${webhook.id}/test`);
  const both = receiver.heard.at(-1)!;
  expect([webhook.secret, secret].map((each) => isSignedBy(each, both))).toEqual([true, true]);
  const last = await call<RotatedSecret>('POST', `/webhooks/${webhook.id}/rotate-secret`, { overlapHours: 0 });
  await call('POST', `/webhooks/${webhook.id}/test`);
  const one = receiver.heard.at(-1)!;
  expect([secret, last.secret].map((each) => isSignedBy(each, one))).toEqual([false, true]);
  const shown = JSON.stringify([
    await look(webhook),
    await call('GET', '/webhooks'),
    await log(webhook),
    await koneksi.database.dataSource.query('SELECT * FROM webhooks'),
    koneksi.logged,
  ]);
  for (const each of [webhook.secret, secret, last.secret]) expect(shown).not.toContain(each.slice(6));
});

test('addresses that are not public, or are none, are refused where they are typed', async () => {
  const refuse = async (url: string): Promise<unknown> =>
    (await koneksi.call('POST', '/webhooks', { body: { url, events: ['outlet.removed'] } })).code;
  for (const url of ['http://10.0.0.1/', 'http://169.254.169.254/latest', 'http://[::1]:80/', 'http://2130706434/'])
    expect([url, await refuse(url)]).toEqual([url, 'VALIDATION_FAILED']);
  for (const url of ['ftp://example.com/', 'file:///etc/passwd', 'https://me:word@example.com/', 'example.com', ''])
    expect([url, await refuse(url)]).toEqual([url, 'VALIDATION_FAILED']);
});

test('webhooks end with the rights of whoever made them, until an ADMIN takes them over', async () => {
  const admin = await koneksi.person('ADMIN');
  const own = await make(undefined, { token: admin.token });
  const keyOf = async (scopes: string[]): Promise<CreatedApiKey> =>
    call('POST', '/api-keys', { name: 'Integrasi', role: 'ADMIN', scopes }, admin.token);
  const key = await keyOf(['webhooks:write']);
  const second = await keyOf(['webhooks:write']);
  const byKey = await make(undefined, { token: key.key });
  const bySecond = await make(undefined, { token: second.key });
  const without = await keyOf(['status:read', 'messages:send']);
  expect((await koneksi.call('GET', '/webhooks', { token: without.key })).code).toBe('SCOPE_MISSING');
  await call('DELETE', `/api-keys/${second.id}`);
  expect((await look(bySecond)).paused?.code).toBe('AWAITS_ADMIN');
  expect((await look(own)).paused).toBeNull();
  await call('PATCH', `/users/${admin.user.id}`, { role: 'USER', outletIds: [outlet.id] });
  for (const webhook of [own, byKey]) expect((await look(webhook)).paused?.code).toBe('AWAITS_ADMIN');
  await rename('Tidak diceritakan');
  await call('PATCH', `/webhooks/${own.id}`, { enabled: true });
  await rename('Diceritakan lagi');
  await receiver.gets('what came after', isNamed('Diceritakan lagi'));
  expect(receiver.heard.filter(isNamed('Tidak diceritakan'))).toEqual([]);
});

test('blasts, answers to them and messages are told as they go', async () => {
  const page = await koneksi.dashboard();
  const linked: LinkedOutlet = await koneksi.linked(page);
  const world = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const [first, second, third] = await addContacts(world, linked.outlet.id, 1, 3);
  await make(['blast.finished', 'blast.replied', 'blast.reply', 'message.updated'], { outletIds: [linked.outlet.id] });
  const { id: blastId } = await call<BlastCreated>('POST', '/blasts', {
    outletIds: [linked.outlet.id],
    message: 'Promo hari ini',
    audience: { phones: [first, second] },
  });
  const finished = await receiver.gets('the end of the blast', ({ type }) => type === 'blast.finished');
  expect(WEBHOOK_DATA['blast.finished'].safeParse(finished.data).error).toBeUndefined();
  expect(finished.data).toMatchObject({ blastId, status: 'finished', outletIds: [linked.outlet.id] });
  const { id } = await call<MessageAccepted>('POST', '/messages', {
    outletId: linked.outlet.id,
    phone: third,
    text: 'Pesanan Anda siap',
  });
  const sent = await receiver.gets('the message', ({ type, data }) => type === 'message.updated' && data.id === id);
  expect(WEBHOOK_DATA['message.updated'].safeParse(sent.data).error).toBeUndefined();
  const customer = koneksi.simulator.phone(first!, { name: 'Pelanggan', platform: 'android' });
  await customer.send(linked.outlet.whatsappNumber, 'Masih ada?');
  const replied = await receiver.gets('the answer', ({ type }) => type === 'blast.replied');
  expect(replied.data).toMatchObject({ blastId, outletId: linked.outlet.id });
  expect(WEBHOOK_DATA['blast.replied'].safeParse(replied.data).error).toBeUndefined();
  expect(JSON.stringify(receiver.heard)).not.toMatch(/Masih ada|Promo|Pesanan/);
  // What they write is handed over from when somebody decides that, each message, and lies in no outbox.
  await call('PATCH', '/blast-policy', { keepReplies: true });
  await customer.send(linked.outlet.whatsappNumber, 'Yang merah,\nukuran L');
  const handed = await receiver.gets('the words', ({ type }) => type === 'blast.reply');
  expect(WEBHOOK_DATA['blast.reply'].safeParse(handed.data).error).toBeUndefined();
  expect(handed.data).toMatchObject({ blastId, phone: first, name: 'Pelanggan 001', text: 'Yang merah,\nukuran L' });
  const outbox = await koneksi.database.dataSource.query('SELECT d::text FROM webhook_deliveries d');
  expect(JSON.stringify(outbox)).not.toMatch(/Yang merah|ukuran L/);
  expect(receiver.heard.filter(({ type }) => type === 'blast.replied')).toHaveLength(1);
  await call('PATCH', '/blast-policy', { keepReplies: false });
  page.close();
});

test('what broke is told as one incident, and its end', async () => {
  const page = await koneksi.dashboard();
  const { outlet: struck, phone } = await koneksi.linked(page);
  await make(['incident.opened', 'incident.closed'], { outletIds: [struck.id] });
  phone.unlink();
  const opened = await receiver.gets('the incident', ({ type }) => type === 'incident.opened');
  expect(WEBHOOK_DATA['incident.opened'].safeParse(opened.data).error).toBeUndefined();
  expect(opened.data).toMatchObject({ endedAt: null, outletIds: [struck.id] });
  await call('POST', `/outlets/${struck.id}/pause`);
  const closed = await receiver.gets('its end', ({ type }) => type === 'incident.closed');
  expect(closed.data).toMatchObject({ id: opened.data.id, endedAt: expect.any(String) });
  page.close();
});
