import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { ActivityPage } from '@koneksi/contracts/activity';
import type {
  AlertChannelList,
  AlertDelivery,
  AlertDeliveryPage,
  AlertRule,
  AlertTestAnswer,
} from '@koneksi/contracts/alerts';
import type { Incident, IncidentPage } from '@koneksi/contracts/incidents';
import type { PushKey, PushSubscription, PushSubscriptionList } from '@koneksi/contracts/push';
import type { CreatedWebhook } from '@koneksi/contracts/webhooks';
import { createHash, randomUUID } from 'node:crypto';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer, type LinkedOutlet } from './support/koneksi.js';
import { browserAt, PushService, signedClaims } from './support/push-service.js';
import { LinkVisit } from './support/link-visit.js';
import { isSignedBy, WebhookReceiver } from './support/webhook-receiver.js';
import { MailServer, type Mail } from './support/mail-server.js';

let mail: MailServer;
let koneksi: Koneksi;
let admin: Dashboard;

beforeAll(async () => {
  mail = await MailServer.start();
  koneksi = await Koneksi.start({
    env: {
      INCIDENT_AFTER_MS: '200',
      INCIDENT_WELL_FOR_MS: '200',
      SMTP_URL: mail.url,
      SMTP_FROM: 'Koneksi <alerts@example.com>',
      ALERT_RETRY_MS: '50',
      ALERT_SPACING_MS: '0',
      PUBLIC_ORIGIN: 'https://koneksi.example.com',
      EGRESS_ALLOW: '127.0.0.0/8',
      WEBHOOK_RETRY_MS: '50',
    },
  });
  admin = await koneksi.dashboard();
});
afterAll(async () => {
  await koneksi.stop();
  await mail.die();
});

afterEach(async () => {
  mail.refuse(null);
  for (const { id } of expectOk(await koneksi.call<{ items: AlertRule[] }>('GET', '/alert-rules')).items)
    await koneksi.call('DELETE', `/alert-rules/${id}`);
});

let people = 0;
const address = (): string => `orang${++people}@example.com`;
const to = (email: string, language = 'id'): object => ({ channel: 'email', to: email, language });

async function rule(body: object): Promise<AlertRule> {
  return expectOk(
    await koneksi.call<AlertRule>('POST', '/alert-rules', { body: { name: 'Jaga', graceMinutes: 0, ...body } }),
  );
}

const log = async (query = ''): Promise<AlertDelivery[]> =>
  expectOk(await koneksi.call<AlertDeliveryPage>('GET', `/alert-deliveries${query}`)).items;

const mailsTo = (email: string): Mail[] => mail.taken.filter((each) => each.to === email);

async function relink({ outlet, phone }: LinkedOutlet): Promise<void> {
  await koneksi.connect(outlet.id);
  await phone.scan(await admin.qr(outlet.id));
  await admin.becomes(outlet.id, 'CONNECTED');
}

/** An incident as its room writes it, of outlets that nobody else knows. */
async function incidentOf(names: readonly string[]): Promise<string> {
  const id = randomUUID();
  await koneksi.database.dataSource.query(
    `WITH begun AS (INSERT INTO incident (id, code, started_at, last_fell_at) VALUES ($1, 'WHATSAPP_UNREACHABLE', now(), now()))
     INSERT INTO incident_outlet (incident_id, outlet_id, name, since)
     SELECT $1, gen_random_uuid(), name, now() FROM unnest($2::text[]) AS n(name)`,
    [id, names],
  );
  return id;
}

const end = (id: string): Promise<unknown> =>
  koneksi.database.dataSource.query(
    `WITH over AS (UPDATE incident SET ended_at = now() WHERE id = $1)
     UPDATE incident_outlet SET until = now() WHERE incident_id = $1`,
    [id],
  );

test('whoever is to know hears that an outlet is down, in their language, and that it is over', async () => {
  const [here, there] = [address(), address()];
  const linked = await koneksi.linked(admin, { name: 'Toko Braga', city: 'Bandung' });
  await rule({ name: 'Bandung', scope: { kind: 'city', city: 'bandung' }, recipients: [to(here), to(there, 'en')] });
  await rule({ name: 'Lain', scope: { kind: 'city', city: 'Jakarta' }, recipients: [to(address())] });
  linked.phone.unlink();

  const down = await mail.gets('that it is down', (each) => each.to === here);
  expect(down.subject).toBe('Bermasalah: Toko Braga');
  expect(down.body).toContain('https://koneksi.example.com/incidents');
  expect(down.body).toContain('aturan "Bandung"');
  expect(down.body).not.toMatch(/LOGGED_OUT|REMOVED_BY|undefined|null/);
  const english = await mail.gets('in English', (each) => each.to === there);
  expect(english.subject).toBe('Down: Toko Braga');
  expect(english.id).not.toBe(down.id);

  await relink(linked);
  const over = await mail.gets('that it is over', (each) => each.to === here && each.id !== down.id);
  expect(over.subject).toBe('Selesai: Toko Braga');
  const told = await eventually('the log', async () => {
    const items = (await log()).filter((each) => each.to === here);
    return items.every(({ status }) => status === 'sent') && items;
  });
  expect(told.map(({ kind, ruleName, names }) => [kind, ruleName, names])).toEqual([
    ['recovered', 'Bandung', ['Toko Braga']],
    ['down', 'Bandung', ['Toko Braga']],
  ]);
  expect(mail.taken.every(({ id }) => /^<[0-9a-f-]{36}@example\.com>$/.test(id))).toBe(true);
});

test('a mail about one outlet carries a link where its rule says so, which opens once and is kept nowhere', async () => {
  const [one, other, plain] = [address(), address(), address()];
  const linked = await koneksi.linked(admin, { name: 'Toko Tautan', city: 'Tautan' });
  const scope = { kind: 'city', city: 'Tautan' };
  const { id: ruleId } = await rule({ scope, reconnectLink: true, recipients: [to(one), to(other)] });
  await rule({ scope, recipients: [to(plain)] });
  linked.phone.unlink();
  const bodies = await Promise.all(
    [one, other, plain].map(async (reader) => (await mail.gets('the alert', (each) => each.to === reader)).body),
  );
  const tokens = bodies.map((body) => /https:\/\/koneksi\.example\.com\/r\/([\w-]{43})\s/.exec(body)?.[1]);
  expect(tokens[0]).toBeDefined();
  // One for all who are told of it; none without the switch.
  expect(tokens.slice(1)).toEqual([tokens[0], undefined]);
  const token = tokens[0]!;
  const links = await koneksi.database.dataSource.query<{ hash: string }[]>(
    'SELECT hash FROM reconnect_links WHERE outlet_id = $1',
    [linked.outlet.id],
  );
  expect(links.map(({ hash }) => hash)).toEqual([createHash('sha256').update(token).digest('hex')]);
  expect(JSON.stringify(await log(`?ruleId=${ruleId}`))).not.toContain(token);
  const kept = await koneksi.database.dataSource.query('SELECT * FROM alert_deliveries');
  expect(JSON.stringify(kept)).not.toContain(token);
  expect(koneksi.logged.filter((line) => line.includes(token))).toEqual([]);

  const visit = await LinkVisit.open(koneksi.app.url, token);
  visit.socket.disconnect();
  await relink(linked);
  await mail.gets('that it is over', (each) => each.to === one && each.subject.startsWith('Selesai'));
  expect(mailsTo(one).at(-1)!.body).not.toContain('/r/');
});

test('a webhook is told, signed and with its tries, and once under each id', async () => {
  const receiver = await WebhookReceiver.start();
  const body = { url: receiver.url(), events: ['blast.finished'] };
  const hook = expectOk(await koneksi.call<CreatedWebhook>('POST', '/webhooks', { body }));
  const id = await incidentOf(['Kaitan']);
  const { id: ruleId } = await rule({ recipients: [{ channel: 'webhook', webhookId: hook.id }] });
  const heard = await receiver.gets('the alert', ({ type }) => type === 'alert');
  expect(isSignedBy(hook.secret, heard)).toBe(true);
  expect(heard.data).toMatchObject({
    kind: 'down',
    rule: { id: ruleId, name: 'Jaga' },
    incidents: [{ code: 'WHATSAPP_UNREACHABLE', until: null, outlets: 1, names: ['Kaitan'] }],
  });
  expect(heard.id).toBe(`msg_${heard.data.id}`);
  // One that is switched off says so, and is tried again.
  expectOk(await koneksi.call('PATCH', `/webhooks/${hook.id}`, { body: { enabled: false } }));
  const { items } = expectOk(await koneksi.call<AlertTestAnswer>('POST', `/alert-rules/${ruleId}/test`));
  expect(items).toMatchObject([{ status: 'dead', lastTries: [{ fault: 'WEBHOOK_OFF' }] }]);
  await end(id);
  await receiver.die();
});

test('a browser is called, encrypted and signed: down, over, a test, and no more once it is gone', async () => {
  const service = await PushService.start();
  const { user, token } = await koneksi.person('ADMIN');
  const body = service.browser('hp');
  const { id } = expectOk(await koneksi.call<PushSubscription>('POST', '/push-subscriptions', { token, body }));
  const { publicKey } = expectOk(await koneksi.call<PushKey>('GET', '/push-key'));
  const linked = await koneksi.linked(admin, { name: 'Toko Dago' });
  const { id: ruleId } = await rule({
    scope: { kind: 'outlets', outletIds: [linked.outlet.id] },
    recipients: [{ channel: 'push', userId: user.id }],
  });
  linked.phone.unlink();
  const down = await service.gets('that it is down', ({ name }) => name === 'hp');
  expect(down).toMatchObject({
    title: 'Bermasalah: Toko Dago',
    url: `/outlet-status?outlet=${linked.outlet.id}`,
    headers: { 'content-encoding': 'aes128gcm', urgency: 'high', ttl: String(12 * 3_600) },
  });
  expect(down.body).not.toMatch(/REMOVED_BY|undefined|null/);
  expect(down.text).not.toContain(linked.outlet.whatsappNumber);
  expect(signedClaims(down, publicKey)).toMatchObject({ aud: service.origin, sub: 'https://koneksi.example.com' });
  await relink(linked);
  const over = await service.gets('that it is over', ({ title }) => title === 'Selesai: Toko Dago');
  // Who was off meanwhile gets the newest of it alone.
  expect(over.headers.topic).toBe(down.headers.topic);
  expect(over.url).toBe('/incidents');

  const tried = (): Promise<Answer<AlertDelivery>> => koneksi.call('POST', `/push-subscriptions/${id}/test`, { token });
  expect(expectOk(await tried())).toMatchObject({ status: 'sent', channel: 'push', to: user.id });
  service.answer('hp', 410);
  expect(expectOk(await tried())).toMatchObject({ status: 'dead', lastTries: [{ fault: 'BROWSER_GONE', code: 410 }] });
  expect(await tried()).toMatchObject({ status: 404, code: 'PUSH_SUBSCRIPTION_NOT_FOUND' });
  const { items } = expectOk(await koneksi.call<AlertTestAnswer>('POST', `/alert-rules/${ruleId}/test`));
  expect(items).toMatchObject([{ status: 'dead', lastTries: [{ fault: 'NO_BROWSER' }] }]);
  const again = expectOk(
    await koneksi.call<PushSubscription>('POST', '/push-subscriptions', { token, body: service.browser('laptop') }),
  );
  expectOk(await koneksi.call('DELETE', `/push-subscriptions/${again.id}`, { token }));
  const acts = expectOk(
    await koneksi.call<ActivityPage>('GET', `/activity?kind=push-subscription&actor=${user.id}`),
  ).items;
  expect(acts.map(({ action }) => action.split('.')[1])).toEqual(['removed', 'created', 'tested', 'tested', 'created']);
  expect(JSON.stringify(acts)).not.toContain(service.origin);
  await service.stop();
});

test('one browser that subscribes in several tabs at once is one, whoever is signed in last', async () => {
  const people = [await koneksi.person('ADMIN'), await koneksi.person('ADMIN')];
  const body = browserAt('http://127.0.0.1:9/tabs');
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, tab) =>
      koneksi.call('POST', '/push-subscriptions', { token: people[tab % 2]!.token, body }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
  const lists = await Promise.all(
    people.map(({ token }) => koneksi.call<PushSubscriptionList>('GET', '/push-subscriptions', { token })),
  );
  expect(lists.flatMap((list) => expectOk(list).items)).toHaveLength(1);
});

test('a push service that is busy is asked again, one that refuses is not, and none waits for another', async () => {
  const service = await PushService.start();
  const { user, token } = await koneksi.person('ADMIN');
  for (const name of ['busy', 'refused', 'well'])
    expectOk(await koneksi.call('POST', '/push-subscriptions', { token, body: service.browser(name) }));
  service.answer('busy', 503);
  service.answer('refused', 403);
  const id = await incidentOf(['Ramai']);
  const { id: ruleId } = await rule({ recipients: [{ channel: 'push', userId: user.id }] });
  await service.gets('what is for the one that is well', ({ name }) => name === 'well');
  await eventually('the busy one to be asked again', () => service.asked.filter((name) => name === 'busy').length > 1);
  service.answer('busy', 201);
  await service.gets('it in the end', ({ name }) => name === 'busy');
  const told = await eventually('all to be settled', async () => {
    const items = await log(`?ruleId=${ruleId}`);
    return items.every(({ status }) => status !== 'pending') && items;
  });
  expect(told.map(({ status }) => status).sort()).toEqual(['dead', 'sent', 'sent']);
  expect(service.asked.filter((name) => name === 'refused')).toHaveLength(1);
  expect(service.taken.filter(({ name }) => name === 'busy')).toHaveLength(1);
  expect(koneksi.logged.filter((line) => line.includes(service.origin))).toEqual([]);
  await end(id);
  await service.stop();
});

test('WhatsApp tells by a healthy outlet of the chain, once', async () => {
  const [down, healthy] = [
    await koneksi.linked(admin, { name: 'Mati' }),
    await koneksi.linked(admin, { name: 'Hidup' }),
  ];
  const phone = '6281299900001';
  const reader = koneksi.simulator.phone(phone, { name: 'Ani', platform: 'android' });
  await rule({
    scope: { kind: 'outlets', outletIds: [down.outlet.id] },
    recipients: [{ channel: 'whatsapp', phone: '0812-9990-0001' }],
  });
  down.phone.unlink();
  const texts = (): string[] => reader.inbox.map(({ text }) => text);
  await eventually('the message', () => texts().length > 0);
  expect(texts()).toEqual([expect.stringMatching(/^\*Bermasalah: Mati\*\n\n/)]);
  await eventually('it is known to be sent', async () =>
    (await log()).find((each) => each.to === phone && each.status === 'sent'),
  );
  const recipient = { channel: 'whatsapp', phone };
  const tried = expectOk(await koneksi.call<AlertDelivery>('POST', '/alert-channels/test', { body: { recipient } }));
  expect(['pending', 'sent']).toContain(tried.status);
  await eventually('the test is known to be sent', async () =>
    (await log()).find(({ id, status }) => id === tried.id && status === 'sent'),
  );
  expect(texts().slice(1)).toEqual([expect.stringMatching(/^\*Tes pemberitahuan Koneksi\*/)]);
  koneksi.simulator.unregister('6281299900002');
  const nobody = { channel: 'whatsapp', phone: '6281299900002' };
  const { id: strange } = expectOk(
    await koneksi.call<AlertDelivery>('POST', '/alert-channels/test', { body: { recipient: nobody } }),
  );
  await eventually('who is not there', async () =>
    (await log()).find(
      ({ id, status, lastTries }) => id === strange && status === 'dead' && lastTries[0]?.fault === 'NOT_TAKEN',
    ),
  );
  for (const outlet of [down, healthy]) expectOk(await koneksi.call('POST', `/outlets/${outlet.outlet.id}/pause`));
});

interface Given {
  outlet_id: string;
  status: string;
}

/** Every message that was given to an outlet for this number. */
const givenTo = (number: string): Promise<Given[]> =>
  koneksi.database.dataSource.query(
    `SELECT r.outlet_id, r.status FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id
     WHERE r.number = $1 ORDER BY b.created_at`,
    [number],
  );

/** It sends one message, and nothing for ten minutes. */
async function rests({ outlet }: LinkedOutlet): Promise<void> {
  const pace = { paceMinMs: 600_000, paceMaxMs: 600_000 };
  expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}/blast-settings`, { body: pace }));
  const phone = `62812990010${++people}`;
  koneksi.simulator.phone(phone, { name: 'Siapa', platform: 'android' });
  expectOk(await koneksi.call('POST', '/messages', { body: { outletId: outlet.id, phone, text: 'Halo' } }));
  await eventually('one has left', async () => (await givenTo(phone)).every(({ status }) => status !== 'queued'));
}

const talkedWith = ({ outlet }: LinkedOutlet, number: string, replied: boolean): Promise<unknown> =>
  koneksi.database.dataSource.query(
    'INSERT INTO outlet_chats (outlet_id, number, since, replied_at) VALUES ($1, $2, now(), $3)',
    [outlet.id, number, replied ? new Date() : null],
  );

test('what an outlet has that falls is sent by another, and what nobody wants any more by none', async () => {
  const [falls, stays] = [
    await koneksi.linked(admin, { name: 'Jatuh' }),
    await koneksi.linked(admin, { name: 'Tetap' }),
  ];
  const [phone, other] = ['6281299900003', '6281299900004'];
  const reader = koneksi.simulator.phone(phone, { name: 'Ani', platform: 'android' });
  const nobody = koneksi.simulator.phone(other, { name: 'Budi', platform: 'android' });
  await talkedWith(falls, phone, true);
  await talkedWith(stays, phone, false);
  await rests(falls);
  const recipient = { channel: 'whatsapp', phone };
  const { id } = expectOk(await koneksi.call<AlertDelivery>('POST', '/alert-channels/test', { body: { recipient } }));
  expect(await givenTo(phone)).toEqual([{ outlet_id: falls.outlet.id, status: 'queued' }]);
  expectOk(await koneksi.call('POST', `/outlets/${falls.outlet.id}/pause`));
  await eventually('it is sent', async () => {
    // Not after minutes, as it would be.
    await koneksi.database.dataSource.query(
      `UPDATE alert_deliveries SET next_try_at = now() WHERE id = $1 AND status = 'pending'`,
      [id],
    );
    return (await log()).find((each) => each.id === id && each.status === 'sent');
  });
  await eventually('it is there', () => reader.inbox.length > 0);
  const [before, after] = await givenTo(phone);
  expect(before).toEqual({ outlet_id: falls.outlet.id, status: 'skipped' });
  expect(after!.outlet_id).toBe(stays.outlet.id);
  expect(reader.inbox).toHaveLength(1);

  await talkedWith(stays, other, true);
  await rests(stays);
  const incident = await incidentOf(['Batal']);
  const { id: ruleId } = await rule({ recipients: [{ channel: 'whatsapp', phone: other }] });
  await eventually('it has it', async () => (await givenTo(other)).some(({ status }) => status === 'queued'));
  expectOk(await koneksi.call('PATCH', `/alert-rules/${ruleId}`, { body: { enabled: false } }));
  await eventually('it is taken back', async () => (await givenTo(other)).some(({ status }) => status === 'skipped'));
  expect(await log(`?ruleId=${ruleId}`)).toMatchObject([{ status: 'dropped' }]);
  expect(nobody.inbox).toEqual([]);
  await end(incident);
  expectOk(await koneksi.call('POST', `/outlets/${stays.outlet.id}/pause`));
});

test('a planned pause alarms nobody', async () => {
  const reader = address();
  const [paused, broken] = [
    await koneksi.linked(admin, { name: 'Jeda' }),
    await koneksi.linked(admin, { name: 'Rusak' }),
  ];
  await rule({ recipients: [to(reader)], scope: { kind: 'outlets', outletIds: [paused.outlet.id, broken.outlet.id] } });
  expectOk(await koneksi.call('POST', `/outlets/${paused.outlet.id}/pause`));
  await admin.becomes(paused.outlet.id, 'PAUSED_BY');
  // What breaks after the pause is told after it: by then the pause would have been, too.
  broken.phone.unlink();
  await mail.gets('of what broke', (each) => each.to === reader);
  expect(mailsTo(reader).map(({ subject }) => subject)).toEqual(['Bermasalah: Rusak']);
  // Nobody expects it to work any more.
  expectOk(await koneksi.call('POST', `/outlets/${broken.outlet.id}/pause`));
  await mail.gets('of the end', (each) => each.to === reader && each.subject === 'Selesai: Rusak');
});

test('a storm of 500 outlets is one message to each, and its end another', async () => {
  const reader = address();
  const id = await incidentOf(Array.from({ length: 500 }, (_, index) => `Toko ${index + 1}`));
  const { id: ruleId } = await rule({ recipients: [to(reader), to(reader, 'en')], minOutlets: 500 });
  const { subject, body } = await mail.gets('of the storm', (each) => each.to === reader);
  expect(subject).toMatch(/^Bermasalah: 500 outlet \(Toko \d+, Toko \d+, Toko \d+ dan 497 lainnya\)$/);
  expect(body).toContain('dan 480 lainnya');
  await end(id);
  // Whoever changes a rule has all of them looked at.
  await koneksi.call('PATCH', `/alert-rules/${ruleId}`, { body: { name: 'Badai' } });
  await mail.gets('of its end', (each) => each.to === reader && each.subject.startsWith('Selesai: 500'));
  expect(mailsTo(reader)).toHaveLength(2);
});

test('where nobody takes care others hear of it, and of its end; where somebody does, they do not', async () => {
  const [first, second, unneeded] = [address(), address(), address()];
  const [open, taken] = [await incidentOf(['Sendiri']), await incidentOf(['Diurus'])];
  expectOk(await koneksi.call<Incident>('POST', `/incidents/${taken}/acknowledge`));
  await rule({ recipients: [to(first)], escalation: { afterMinutes: 1, recipients: [to(second), to(unneeded)] } });
  await mail.gets('to the first', (each) => each.to === first);
  // A minute passes.
  await koneksi.database.dataSource.query(`UPDATE alert_told SET at = at - interval '61 seconds'`);
  const [{ id }] = expectOk(await koneksi.call<{ items: AlertRule[] }>('GET', '/alert-rules')).items as [AlertRule];
  await koneksi.call('PATCH', `/alert-rules/${id}`, { body: { name: 'Jaga malam' } });
  const passedOn = await mail.gets('to the second', (each) => each.to === second);
  expect(passedOn.subject).toBe('Belum ditangani: Sendiri');
  await end(open);
  await end(taken);
  await koneksi.call('PATCH', `/alert-rules/${id}`, { body: { name: 'Jaga pagi' } });
  const over = await mail.gets('of the end, to the second', (each) => each.to === second && each.id !== passedOn.id);
  expect(over.subject).toBe('Selesai: Sendiri');
});

test('a server that refuses is asked again and told of, and nothing else waits; then it is sent once', async () => {
  const reader = address();
  mail.refuse({ code: 451, text: 'try again later' });
  const id = await incidentOf(['Sabar']);
  await rule({ recipients: [to(reader)] });
  const refused = await eventually('two tries', async () =>
    (await log('?status=pending')).find((each) => each.to === reader && each.tries >= 2),
  );
  expect(refused.lastTries[0]).toMatchObject({ fault: 'REFUSED', code: 451 });
  expect(refused.nextTryAt).not.toBeNull();
  const { items } = expectOk(await koneksi.call<AlertChannelList>('GET', '/alert-channels'));
  expect(items[0]).toMatchObject({ channel: 'email', ready: true, lastFault: { fault: 'REFUSED', code: 451 } });
  mail.refuse(null);
  const sent = await mail.gets('in the end', (each) => each.to === reader);
  expect(sent.id).toContain(refused.id);
  expect(mailsTo(reader)).toHaveLength(1);
  await end(id);
});

test('a mail server that takes long holds up nobody but those who wait for mail', async () => {
  const receiver = await WebhookReceiver.start();
  const body = { url: receiver.url(), events: ['blast.finished'] };
  const hook = expectOk(await koneksi.call<CreatedWebhook>('POST', '/webhooks', { body }));
  const answers: (() => void)[] = [];
  mail.holding((_, answer) => answers.push(() => answer()));
  const readers = Array.from({ length: 6 }, address);
  const id = await incidentOf(['Lambat']);
  const mails = readers.map((reader) => to(reader));
  const { id: ruleId } = await rule({ recipients: [...mails, { channel: 'webhook', webhookId: hook.id }] });
  await receiver.gets('the alert', ({ type }) => type === 'alert');
  await eventually('all places for mail are taken', () => answers.length === 4);
  await eventually('nothing but mail waits', async () =>
    (await log(`?ruleId=${ruleId}`)).every(({ channel, status }) => (channel === 'email') === (status === 'pending')),
  );
  mail.holding(null);
  for (const answer of answers) answer();
  await eventually('all are sent', async () =>
    (await log(`?ruleId=${ruleId}`)).every(({ status }) => status === 'sent'),
  );
  expect(readers.map((reader) => mailsTo(reader).length)).toEqual(readers.map(() => 1));
  await end(id);
  expectOk(await koneksi.call('DELETE', `/webhooks/${hook.id}`));
  await receiver.die();
});

test('a server that is away, too; what waits for a rule that is switched off is dropped', async () => {
  const reader = address();
  await mail.die();
  const id = await incidentOf(['Hilang']);
  const { id: ruleId } = await rule({ recipients: [to(reader)] });
  const waiting = await eventually('a try', async () =>
    (await log('?status=pending')).find((each) => each.to === reader && each.tries >= 1),
  );
  expect(waiting.lastTries[0]).toMatchObject({ fault: 'UNREACHABLE', code: null });
  expectOk(await koneksi.call('PATCH', `/alert-rules/${ruleId}`, { body: { enabled: false } }));
  await eventually('it is dropped', async () =>
    (await log(`?ruleId=${ruleId}`)).every(({ status, nextTryAt }) => status === 'dropped' && nextTryAt === null),
  );
  await mail.open();
  await end(id);
});

test('a test goes to everybody of a rule, or to one address, once, and says what came of it', async () => {
  const [one, other] = [address(), address()];
  const { id } = await rule({ recipients: [to(one)], escalation: { afterMinutes: 5, recipients: [to(other, 'en')] } });
  const { items } = expectOk(await koneksi.call<AlertTestAnswer>('POST', `/alert-rules/${id}/test`));
  expect(items.map(({ to: address, kind, status }) => [address, kind, status])).toEqual([
    [one, 'test', 'sent'],
    [other, 'test', 'sent'],
  ]);
  expect(mailsTo(one)[0]!.subject).toBe('Tes pemberitahuan Koneksi');
  mail.refuse({ code: 550, text: 'no such user' });
  const refused = await koneksi.call<AlertDelivery>('POST', '/alert-channels/test', {
    body: { recipient: to(address()) },
  });
  expect(expectOk(refused)).toMatchObject({ status: 'dead', tries: 1, lastTries: [{ fault: 'REFUSED', code: 550 }] });
});

test('rules of somebody who may not any more wait for an ADMIN', async () => {
  const { user, token } = await koneksi.person('ADMIN');
  const made = expectOk(
    await koneksi.call<AlertRule>('POST', '/alert-rules', {
      token,
      body: { name: 'Punya dia', recipients: [to(address())] },
    }),
  );
  expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body: { role: 'USER', outletIds: [] } }));
  const read = (): Promise<AlertRule> => koneksi.call<AlertRule>('GET', `/alert-rules/${made.id}`).then(expectOk);
  expect(await read()).toMatchObject({ enabled: false, paused: { code: 'AWAITS_ADMIN' } });
  const taken = expectOk(
    await koneksi.call<AlertRule>('PATCH', `/alert-rules/${made.id}`, { body: { enabled: true } }),
  );
  expect(taken).toMatchObject({ enabled: true, paused: null });
  expect(taken.createdBy.id).not.toBe(user.id);
});

test.each<[string, object, string]>([
  ['no recipient', { recipients: [] }, 'recipients'],
  ['an address that is none', { recipients: [{ channel: 'email', to: 'nobody' }] }, 'recipients.0.to'],
  ['a channel nobody has', { recipients: [{ channel: 'pigeon', to: 'a@b.id' }] }, 'recipients.0.channel'],
  ['an outlet that is not there', { scope: { kind: 'outlets', outletIds: [randomUUID()] } }, 'scope.outletIds.0'],
  ['hours that begin as they end', { quietHours: { from: '22:00', to: '22:00' } }, 'quietHours.to'],
  ['a time of day that is none', { quietHours: { from: '25:00', to: '06:00' } }, 'quietHours.from'],
  [
    'work that ends before it begins',
    { maintenance: [{ from: '2999-12-01T10:00:00Z', to: '2999-12-01T09:00:00Z' }] },
    'maintenance.0.to',
  ],
  ['a line end in a name, which becomes a header', { name: 'Jaga\r\nBcc: x@example.com' }, 'name'],
])('%s is told by its place', async (_, wrong, field) => {
  const body = { name: 'Salah', recipients: [to('orang@example.com')], ...wrong };
  const answer = await koneksi.call<{ error: { fields: { field: string }[] } }>('POST', '/alert-rules', { body });
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(answer.body.error.fields.map((each) => each.field)).toContain(field);
});

test('nobody but ADMINs sees or changes any of it', async () => {
  const { token } = await koneksi.person('USER');
  for (const path of ['/alert-rules', '/alert-channels', '/alert-deliveries'])
    expect(await koneksi.call('GET', path, { token })).toMatchObject({ status: 403 });
  expect(await koneksi.call('GET', `/alert-rules/${randomUUID()}`)).toMatchObject({
    status: 404,
    code: 'ALERT_RULE_NOT_FOUND',
  });
  expect(expectOk(await koneksi.call<IncidentPage>('GET', '/incidents?limit=1')).items).toHaveLength(1);
});

test('no log holds an address or what was said', () => {
  expect(koneksi.logged.filter((line) => /orang\d+@example|Toko Braga|Bermasalah/.test(line))).toEqual([]);
});
