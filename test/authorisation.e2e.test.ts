import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MESSAGE_MAPPING_METADATA, MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import type { AlertRule } from '@koneksi/contracts/alerts';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { RepeatingBlastCreated } from '@koneksi/contracts/repeating-blasts';
import type { SavedMessage } from '@koneksi/contracts/saved-messages';
import type { MessageAccepted } from '@koneksi/contracts/messages';
import type { ImportPreview } from '@koneksi/contracts/contact-import';
import type { Contact } from '@koneksi/contracts/contacts';
import type { PushSubscription } from '@koneksi/contracts/push';
import type { CreatedReconnectLink } from '@koneksi/contracts/reconnect-links';
import type { CreatedWebhook, WebhookDelivery } from '@koneksi/contracts/webhooks';
import { CLIENT_EVENTS, type ClientToServerEvents } from '@koneksi/contracts/realtime';
import type { NodeList } from '@koneksi/contracts/nodes';
import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { BlastGateway } from '../src/realtime/blast.gateway.js';
import { QrGateway } from '../src/realtime/qr.gateway.js';
import { StatusGateway } from '../src/realtime/status.gateway.js';
import { rightValue, type JsonSchema, type Sample } from './support/hostile-values.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';
import { browserAt } from './support/push-service.js';
import { routesOf, type Route } from './support/route-table.js';

/** An outlet and one of everything that belongs to it, each told from what anybody else has. */
interface Belongings {
  outlet: string;
  contact: string;
  /** Of the bin. */
  binned: string;
  binnedContact: string;
  import: string;
  blast: string;
  repeating: string;
  saved: string;
  message: string;
  incident: string;
  media: string;
  user: string;
  apiKey: string;
  webhook: string;
  delivery: string;
  link: string;
  alertRule: string;
  browser: string;
  phone: string;
  /** Of the process, which is nobody’s. */
  node: string;
  /** What nobody else may ever read. */
  secrets: string[];
}

type Identity = 'nobody' | 'USER' | 'API key' | 'ADMIN';

/** Whose id a parameter of a path is. A route whose parameter is not here fails the table. */
const PARAMETERS: [path: RegExp, name: string, owner: keyof Belongings][] = [
  [/^\/outlets\/bin\/:id/, 'id', 'binned'],
  [/^\/outlets\/:id/, 'id', 'outlet'],
  [/^\/outlets\/:id\/contacts\/imports/, 'importId', 'import'],
  [/^\/contacts\/:id/, 'id', 'contact'],
  [/^\/blasts\/:id/, 'id', 'blast'],
  [/^\/blasts\/media\/:id/, 'id', 'media'],
  [/^\/repeating-blasts\/:id/, 'id', 'repeating'],
  [/^\/saved-messages\/:id/, 'id', 'saved'],
  [/^\/messages\/:id/, 'id', 'message'],
  [/^\/incidents\/:id/, 'id', 'incident'],
  [/^\/reconnect-links\/:id/, 'id', 'link'],
  [/^\/webhooks\/deliveries\/:id/, 'id', 'delivery'],
  [/^\/webhooks\/:id/, 'id', 'webhook'],
  [/^\/alert-rules\/:id/, 'id', 'alertRule'],
  [/^\/push-subscriptions\/:id/, 'id', 'browser'],
  [/^\/users\/:id/, 'id', 'user'],
  [/^\/api-keys\/:id/, 'id', 'apiKey'],
  [/^\/nodes\/:id/, 'id', 'node'],
  [/^\/opt-outs\/:phone/, 'phone', 'phone'],
  [/^\/customers\/:phone/, 'phone', 'phone'],
  [/^\/held-wishes\/:phone/, 'phone', 'phone'],
  [/^\/demo\/(phones|drift)\/:id/, 'id', 'outlet'],
];

/** What each event names. Typed by the contract: an event without a line here does not compile. */
const EVENTS: { [Name in keyof ClientToServerEvents]: (of: Belongings) => object } = {
  'outlet-status:resume': () => ({ cursor: 0 }),
  'outlet-qr:watch': ({ outlet }) => ({ outletId: outlet }),
  'outlet-qr:unwatch': ({ outlet }) => ({ outletId: outlet }),
  'blast:watch': ({ blast }) => ({ blastId: blast }),
  'blast:unwatch': ({ blast }) => ({ blastId: blast }),
};

let koneksi: Koneksi;
let routes: Route[];
let document: OpenAPIObject;
let belongings: Record<'own' | 'foreign', Belongings>;
let tokens: Record<Identity, string | null>;

beforeAll(async () => {
  koneksi = await Koneksi.start({ demo: true, env: { EGRESS_ALLOW: '127.0.0.1/32' } });
  document = expectOk(await koneksi.call<OpenAPIObject>('GET', '/docs/openapi.json'));
  routes = routesOf(koneksi.app.app).filter(({ path }) => !/^\/(health|metrics|docs)\b/.test(path));
  belongings = { own: await make('Sendiri', '6281200001'), foreign: await make('Rahasia', '6281300002') };
  const { own } = belongings;
  const body = { name: 'Kasir', role: 'USER', outletIds: [own.outlet] };
  tokens = {
    nobody: null,
    USER: (await koneksi.person('USER', [own.outlet])).token,
    'API key': expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body })).key,
    ADMIN: (await koneksi.person('ADMIN')).token,
  };
});
afterAll(() => koneksi.stop());

async function post<T>(path: string, body: unknown): Promise<T> {
  return expectOk(await koneksi.call<T>('POST', path, { body }));
}

async function make(word: string, prefix: string): Promise<Belongings> {
  const outlet = await koneksi.outlet({ name: `Outlet ${word}`, whatsappNumber: `${prefix}111`, city: `Kota ${word}` });
  const phone = `${prefix}222`;
  const fields = { kota: `Isi ${word}` };
  const contact = await post<Contact>(`/outlets/${outlet.id}/contacts`, {
    phone,
    name: `Pelanggan ${word}`,
    fields,
    tags: [`tag ${word}`],
  });
  await post(`/opt-outs`, { phone, note: `Catatan ${word}` });
  const other = `${prefix}333`;
  await post(`/outlets/${outlet.id}/contacts`, { phone: other, name: `Penerima ${word}` });
  const upload = await send('POST', `/outlets/${outlet.id}/contacts/imports`, koneksi.token, {
    type: 'text/csv',
    text: `nomor,nama\n${prefix}444,Impor ${word}\n`,
  });
  const { id: importId } = JSON.parse(upload.text.split('\n').at(-1)!) as ImportPreview;
  const file = await fetch(`${koneksi.app.url}/api/blasts/media?fileName=${word}.pdf`, {
    method: 'POST',
    headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'application/octet-stream' },
    body: `%PDF-1.7\nBerkas ${word}\n`,
  });
  const { id: mediaId } = (await file.json()) as BlastMedia;
  const blast = await post<BlastCreated>('/blasts', {
    outletIds: [outlet.id],
    title: `Judul ${word}`,
    message: `Pesan ${word}`,
    mediaId,
    scheduledAt: '2999-01-01T00:00:00Z',
  });
  const repeating = await post<RepeatingBlastCreated>('/repeating-blasts', {
    outletIds: [outlet.id],
    title: `Ulangan ${word}`,
    message: `Bulanan ${word}`,
    rule: { every: 'month', day: 31, time: '09:00' },
  });
  const saved = await post<SavedMessage>('/saved-messages', {
    name: `Simpanan ${randomUUID().slice(0, 8)}`,
    message: 'Untuk semua outlet',
  });
  const message = await post<MessageAccepted>('/messages', {
    outletId: outlet.id,
    phone: other,
    text: `Pesan ${word}`,
  });
  const incident = randomUUID();
  await koneksi.database.dataSource.query(INCIDENT_SQL, [incident, outlet.id, outlet.name]);
  const binned = await koneksi.outlet({ name: `Terhapus ${word}`, whatsappNumber: `${prefix}555` });
  expectOk(await koneksi.call('DELETE', `/outlets/${binned.id}`));
  const binnedContact = await post<Contact>(`/outlets/${outlet.id}/contacts`, { phone: `${prefix}666` });
  expectOk(await koneksi.call('DELETE', `/contacts/${binnedContact.id}`));
  const { user } = await koneksi.person('USER', [outlet.id]);
  const apiKey = await post<CreatedApiKey>('/api-keys', { name: `Kunci ${word}`, outletIds: [outlet.id] });
  const webhook = await post<CreatedWebhook>('/webhooks', {
    url: `https://${word.toLowerCase()}.invalid/hook`,
    events: ['outlet.status.changed'],
    outletIds: [outlet.id],
  });
  const delivery = await post<WebhookDelivery>(`/webhooks/${webhook.id}/test`, {});
  const link = await post<CreatedReconnectLink>(`/outlets/${outlet.id}/reconnect-links`, {});
  const alertRule = await post<AlertRule>('/alert-rules', {
    name: `Aturan ${word}`,
    scope: { kind: 'outlets', outletIds: [outlet.id] },
    recipients: [{ channel: 'email', to: `${word.toLowerCase()}@example.com` }],
  });
  const browser = await post<PushSubscription>('/push-subscriptions', browserAt(`http://127.0.0.1:9/${word}`, word));
  const ids = {
    outlet: outlet.id,
    contact: contact.id,
    binned: binned.id,
    binnedContact: binnedContact.id,
    import: importId,
    blast: blast.id,
    repeating: repeating.id,
    media: mediaId,
    message: message.id,
    incident,
    webhook: webhook.id,
    delivery: delivery.id,
    link: link.id,
    alertRule: alertRule.id,
    browser: browser.id,
  };
  const named = { user: user.id, apiKey: apiKey.id, phone };
  // A name alone would be found in what the own outlet is called, were it the same.
  const secrets = [
    word,
    outlet.whatsappNumber,
    other,
    `${prefix}444`,
    user.email,
    ...Object.values({ ...ids, ...named }),
  ];
  // Saved messages are every outlet's: no secrets.
  const { nodes } = expectOk(await koneksi.call<NodeList>('GET', '/nodes'));
  return { ...ids, ...named, saved: saved.id, node: nodes[0]!.id, secrets };
}

const INCIDENT_SQL = `
  WITH begun AS (INSERT INTO incident (id, code, started_at, last_fell_at) VALUES ($1, 'LOGGED_OUT', now(), now()))
  INSERT INTO incident_outlet (incident_id, outlet_id, name, since) VALUES ($1, $2, $3, now())`;

interface Sent {
  type: string;
  text: string;
}
interface Heard {
  status: number;
  text: string;
}

async function send(method: string, path: string, token: string | null, sent?: Sent): Promise<Heard> {
  const response = await fetch(`${koneksi.app.url}/api${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(sent && { 'content-type': sent.type }),
    },
    ...(sent && { body: sent.text }),
  });
  const headers = JSON.stringify([...response.headers]);
  return { status: response.status, text: `${headers}\n${await response.text()}` };
}

function addressOf({ path }: Route, of: Belongings): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    if (name === 'verb') return 'unlink';
    const owner = PARAMETERS.find(([pattern, parameter]) => parameter === name && pattern.test(path))?.[2];
    if (!owner) throw new Error(`Nobody says whose id :${name} of ${path} is: see PARAMETERS`);
    return String(of[owner]);
  });
}

/** Right bodies that name what belongs to that outlet, wherever an id is asked for. */
function bodiesOf({ method, path }: Route, of: Belongings): (Sent | undefined)[] {
  const described = document.paths[`/api${path.replace(/:(\w+)/g, '{$1}')}`]?.[method.toLowerCase() as 'get'];
  const content = (described?.requestBody as { content?: Record<string, { schema?: JsonSchema }> } | undefined)
    ?.content;
  if (!content) return [undefined];
  const schema = content['application/json']?.schema;
  if (!schema) return [{ type: Object.keys(content)[0]!, text: `nomor,nama,outlet\n081234567899,Baru,${of.outlet}\n` }];
  const values = fc.sample(rightValue(schema, sampleOf(of)), { seed: 7, numRuns: 4 });
  return values.map((value) => ({ type: 'application/json', text: JSON.stringify(value) }));
}

const OWNERS: [name: RegExp, owner: keyof Belongings][] = [
  [/contact|^ids$/i, 'contact'],
  [/user/i, 'user'],
  [/blast/i, 'blast'],
  [/outlet/i, 'outlet'],
];

const sampleOf =
  (of: Belongings): Sample =>
  (name, { type, format, minimum = 0 }) => {
    if (type === 'integer' || type === 'number') return fc.constant(Math.max(1, minimum));
    if (/phone|number/i.test(name)) return fc.constant(of.phone);
    if (format === 'uuid')
      return fc.constant(String(of[OWNERS.find(([pattern]) => pattern.test(name))?.[1] ?? 'outlet']));
    if (format === 'date-time') return fc.constant('2999-01-01T10:00:00Z');
    if (/password/i.test(name)) return fc.constant('correct horse battery');
    if (format === 'email') return fc.constant('orang@example.com');
    return fc.constantFrom('Nama', '10:00', 'kota');
  };

/** Secrets of that outlet which the answer holds although the request did not. */
const leaked = ({ secrets }: Belongings, { text }: Heard, asked: string): string[] =>
  secrets.filter((secret) => text.includes(secret) && !asked.includes(secret));

/** Everything that is the foreign outlet's, as the database has it. */
async function digest({
  outlet,
  contact,
  import: upload,
  blast,
  user,
  apiKey,
  webhook,
  alertRule,
  browser,
  phone,
}: Belongings): Promise<unknown> {
  const rows = (table: string, column: string): string =>
    `(SELECT json_agg(t ORDER BY t::text) FROM ${table} t WHERE t.${column}::text = ANY ($1)) AS ${table}`;
  const sql = `SELECT ${[
    rows('outlets', 'id'),
    rows('contacts', 'outlet_id'),
    rows('contact_imports', 'id'),
    rows('blasts', 'id'),
    rows('blast_outlets', 'outlet_id'),
    rows('blast_recipients', 'outlet_id'),
    rows('blast_settings', 'outlet_id'),
    rows('opt_outs', 'number'),
    rows('wa_session', 'outlet_id'),
    rows('users', 'id'),
    rows('user_outlets', 'outlet_id'),
    rows('api_keys', 'id'),
    rows('webhooks', 'id'),
    rows('reconnect_links', 'outlet_id'),
    rows('alert_rules', 'id'),
    rows('push_subscriptions', 'id'),
  ].join(', ')}`;
  return koneksi.database.dataSource.query(sql, [
    [outlet, contact, upload, blast, user, apiKey, webhook, alertRule, browser, phone],
  ]);
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const byRank = (): Route[] => routes.toSorted((a, b) => METHODS.indexOf(a.method) - METHODS.indexOf(b.method));

describe('routes: 4 identities × 2 outlets', () => {
  test('each says who may call it', () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter(({ policy }) => !policy)).toEqual([]);
  });

  test.each(['nobody', 'USER', 'API key'] as const)(
    '%s reads and changes nothing that is foreign',
    async (identity) => {
      const { own, foreign } = belongings;
      const token = tokens[identity];
      const before = await digest(foreign);
      const faults: string[] = [];
      let calls = 0;
      for (const route of byRank()) {
        const isForbidden = route.policy === 'ADMIN' || route.policy === 'SUPERADMIN';
        // Whoever signs in or out becomes somebody else.
        if (identity !== 'nobody' && route.policy === 'public') continue;
        for (const owner of [foreign, own]) {
          for (const sent of bodiesOf(route, owner)) {
            const address = addressOf(route, owner);
            const heard = await send(route.method, address, token, sent);
            calls++;
            const what = `${route.method} ${route.path} of ${owner === own ? 'own' : 'foreign'}: ${heard.status}`;
            const leaks = leaked(foreign, heard, `${address} ${sent?.text}`);
            if (leaks.length > 0) faults.push(`${what} told ${leaks.join(', ')}`);
            if (heard.status >= 500) faults.push(what);
            if (identity === 'nobody') {
              if (route.policy !== 'public' && heard.status !== 401) faults.push(what);
            } else if (isForbidden) {
              if (heard.status !== 403) faults.push(what);
            } else if (route.path === '/opt-outs/:phone') {
              // A number is nobody's: whether it opted out holds for all outlets. What is told of it is not.
              if (heard.status !== 200) faults.push(what);
            } else if (owner === foreign && route.path.includes(':') && ![400, 404].includes(heard.status)) {
              faults.push(what);
            }
          }
        }
      }
      expect(faults).toEqual([]);
      expect(calls).toBeGreaterThan(100);
      expect(await digest(foreign)).toEqual(before);
    },
    120_000,
  );

  test('the same requests tell an ADMIN everything', async () => {
    const told: string[] = [];
    for (const route of routes.filter(({ method, policy }) => method === 'GET' && policy === 'all')) {
      const address = addressOf(route, belongings.foreign);
      const heard = await send('GET', address, tokens.ADMIN);
      // No code is shown and no passkey asked for; what somebody uploaded is seen by who sees the blast that carries it.
      const isMissing = /\/(qr|passkey)$/.test(route.path);
      expect([route.path, heard.status]).toEqual([route.path, isMissing ? 404 : 200]);
      if (leaked(belongings.foreign, heard, address).length > 0) told.push(route.path);
    }
    expect(told).toEqual(
      expect.arrayContaining([
        '/outlets',
        '/outlets/status',
        '/outlets/:id/contacts',
        '/outlets/:id/contacts/export',
        '/contacts/:id',
        '/blasts',
        '/blasts/:id',
        '/blasts/:id/recipients',
        '/blasts/:id/recipients.csv',
        '/opt-outs',
        '/demo/phones',
      ]),
    );
  });
});

/** What needs WhatsApp, a mail, a message that failed first or a browser of one's own; their lines are seen where such a thing is played. */
const NEEDS_MORE = [
  'DELETE /outlets/:id/passkey',
  'DELETE /push-subscriptions/:id',
  'POST /auth/login/second-factor',
  'POST /auth/me/second-factor/confirm',
  'POST /auth/me/second-factor/disable',
  'POST /auth/me/second-factor/recovery-codes',
  'POST /auth/password-resets/complete',
  'POST /blasts/:id/resolve',
  'POST /blasts/:id/retry',
  'POST /blasts/test',
  'POST /demo/phones/:id/enter-code',
  'POST /demo/phones/:id/scan',
  'POST /nodes/:id/drain',
  'POST /outlets/:id/passkey',
  'POST /outlets/:id/passkey/confirm',
  'POST /push-subscriptions/:id/test',
];

const SCHEDULED = '2999-01-01T00:00:00Z';
const fittingBlast = ({ outlet }: Belongings): object => ({
  outletIds: [outlet],
  message: 'Lagi',
  scheduledAt: SCHEDULED,
});

/** Where what is drawn does not fit. */
const FITTING: Record<string, (of: Belongings) => object> = {
  'POST /auth/login': () => SUPERADMIN,
  'POST /auth/me/password': () => ({ currentPassword: PASSWORD, newPassword: 'another horse battery' }),
  'POST /users': () => ({ email: 'baru@example.com', name: 'Baru', password: PASSWORD, role: 'ADMIN' }),
  'PATCH /users/:id': () => ({ name: 'Berganti' }),
  'POST /outlets': () => ({ name: 'Baru', whatsappNumber: '6281400009999' }),
  'POST /outlets/:id/contacts': () => ({ phone: '6281400008888' }),
  'POST /outlets/:id/contacts/bin/restore': ({ binnedContact }) => ({ contactIds: [binnedContact] }),
  'POST /outlets/:id/contacts/bin/empty': ({ contact }) => ({ contactIds: [contact] }),
  'PATCH /contacts/:id': () => ({ name: 'Berganti' }),
  'POST /customers/:phone/erase': ({ phone }) => ({ confirm: phone }),
  'POST /blasts': fittingBlast,
  'POST /repeating-blasts': ({ outlet }) => ({
    outletIds: [outlet],
    title: 'Lagi',
    message: 'Bulanan lagi',
    rule: { every: 'month', day: 2, time: '09:00' },
  }),
  'POST /saved-messages': () => ({ name: 'Lagi', message: 'Tersimpan lagi' }),
  'PATCH /saved-messages/:id': () => ({ name: 'Berganti' }),
  'POST /webhooks': () => ({ url: 'https://lagi.invalid/', events: ['outlet.removed'] }),
  'PATCH /webhooks/:id': () => ({ events: ['outlet.removed'] }),
  'PATCH /alert-rules/:id': () => ({ name: 'Berganti' }),
  'POST /push-subscriptions': () => browserAt('https://fcm.googleapis.com/fcm/send/lagi'),
  'POST /alert-rules': () => ({
    name: 'Lagi',
    scope: { kind: 'all' },
    recipients: [{ channel: 'email', to: 'lagi@example.com' }],
  }),
};

interface LineRow {
  action: string;
  ended_at: Date | null;
  actor_id: string | null;
}
interface Act {
  route: Route;
  /** As the document says it; nothing of what only looks. */
  action: string | undefined;
}

/** An outlet goes with what belongs to it, and an erased number with its contacts. */
const isLast = ({ method, path }: Route): boolean =>
  (method === 'DELETE' && path === '/outlets/:id') || path === '/customers/:phone/erase';

function changingRoutes(): Act[] {
  const changing = byRank().filter(({ method, path }) => method !== 'GET' && path !== '/auth/logout');
  return changing
    .toSorted((one, other) => Number(isLast(one)) - Number(isLast(other)))
    .map((route) => {
      const path = `/api${route.path.replace(/:(\w+)/g, '{$1}')}`;
      const operation = document.paths[path]?.[route.method.toLowerCase() as 'get'] as { 'x-activity'?: string };
      return { route, action: operation['x-activity'] };
    });
}

/** What was answered, and what the log says of it by then. */
async function actOnce({ route, action }: Act, of: Belongings, token: string, sent?: Sent) {
  const { dataSource } = koneksi.database;
  const [{ last }] = await dataSource.query<[{ last: string }]>('SELECT coalesce(max(id), 0) AS last FROM activity');
  const address = addressOf(route, of).replace('/whatsapp/unlink', '/whatsapp/recover');
  const isUpload = sent?.type === 'application/octet-stream';
  const query = isUpload ? '?fileName=a.pdf' : '';
  const body = isUpload ? { ...sent, text: '%PDF-1.7\n' } : sent;
  const { status } = await send(route.method, address + query, token, body);
  const lines = await dataSource.query<LineRow[]>('SELECT * FROM activity WHERE id > $1 ORDER BY id', [last]);
  const wanted = status < 300 && action !== undefined ? [action] : [];
  return { isDone: status < 300, lines, wanted, told: `${route.method} ${route.path}: ${status}` };
}

describe('socket events: 4 identities × 2 outlets', () => {
  test('what the gateways listen to is what the contract names', () => {
    const listened = [StatusGateway, QrGateway, BlastGateway].flatMap(({ prototype }) =>
      Object.getOwnPropertyNames(prototype).flatMap((name) => {
        const handler = (prototype as unknown as Record<string, object>)[name]!;
        const isListening = Reflect.getMetadata(MESSAGE_MAPPING_METADATA, handler) === true;
        return isListening ? [Reflect.getMetadata(MESSAGE_METADATA, handler) as string] : [];
      }),
    );
    expect(listened.sort()).toEqual(Object.keys(CLIENT_EVENTS).sort());
    expect(Object.keys(EVENTS).sort()).toEqual(Object.keys(CLIENT_EVENTS).sort());
  });

  test.each(['USER', 'API key', 'ADMIN'] as const)('%s hears of its own outlets alone', async (identity) => {
    const { own, foreign } = belongings;
    const page = await koneksi.dashboard(tokens[identity]!);
    const socket = page.socket as unknown as Socket;
    const heard: unknown[] = [page.snapshots];
    socket.onAny((...event) => heard.push(event));
    for (const [event, bodyFor] of Object.entries(EVENTS)) {
      for (const owner of [own, foreign]) {
        const body = bodyFor(owner);
        const answer: unknown = await socket.timeout(10_000).emitWithAck(event, body);
        const leaks = leaked(foreign, { status: 0, text: JSON.stringify(answer) }, JSON.stringify(body));
        const isHidden = identity !== 'ADMIN' && owner === foreign && /watch$/.test(event) && event !== 'blast:unwatch';
        if (identity !== 'ADMIN') expect([event, leaks]).toEqual([event, []]);
        expect([event, owner === own, answer]).toEqual([
          event,
          owner === own,
          expect.objectContaining({ success: !isHidden }),
        ]);
      }
    }
    // What happens now is told to those it concerns, to all of them in the same turn.
    const witness = await koneksi.dashboard();
    const progressed = new Promise((resolve) => witness.socket.once('blast:progressed', resolve));
    expectOk(await koneksi.call('POST', `/blasts/${foreign.blast}/pause`));
    await progressed;
    for (const { outlet } of [foreign, own]) {
      const name = `${outlet === foreign.outlet ? 'Rahasia' : 'Sendiri'} ${identity}`;
      expectOk(await koneksi.call('PATCH', `/outlets/${outlet}`, { body: { name } }));
      await witness.next(outlet, 'renamed', ({ status }) => status.outlet.name === name);
    }
    // Packets keep their order: with an answer that was asked for now, everything before it is here.
    expect(await page.socket.emitWithAck('outlet-status:resume', { cursor: 0 })).toMatchObject({ success: true });
    const told = leaked(foreign, { status: 0, text: JSON.stringify(heard) }, '');
    if (identity === 'ADMIN') expect(told).toEqual(expect.arrayContaining(['Rahasia', foreign.outlet, foreign.blast]));
    else expect(told).toEqual([]);
    expect(JSON.stringify(heard)).toContain(`Sendiri ${identity}`);
    expectOk(await koneksi.call('POST', `/blasts/${foreign.blast}/resume`));
    page.close();
    witness.close();
  });

  test('nobody is let in', async () => {
    await expect(koneksi.dashboard('')).rejects.toThrow('UNAUTHENTICATED');
  });
});

describe('the log of activity', () => {
  test('every act leaves one line as it is done, and what is refused leaves none', async () => {
    const { user, token } = await koneksi.person('SUPERADMIN');
    // What is removed is another's: what others made of it before is in the way of nothing.
    const [kept, removed] = [await make('Ketiga', '6281500003'), await make('Keempat', '6281600004')];
    await koneksi.database.dataSource.query(
      `INSERT INTO held_wishes (number, outlet_id, outlet_name, words, at) VALUES ($1, $2, 'Ketiga', 'jangan', now())`,
      [kept.phone, kept.outlet],
    );
    const faults: unknown[] = [];
    const undone: string[] = [];
    for (const act of changingRoutes()) {
      const name = `${act.route.method} ${act.route.path}`;
      const of = act.route.method === 'DELETE' ? removed : kept;
      const fitting = FITTING[name]?.(of);
      const bodies = fitting ? [{ type: 'application/json', text: JSON.stringify(fitting) }] : bodiesOf(act.route, of);
      let isDone = false;
      for (const sent of bodies) {
        const one = await actOnce(act, of, token, sent);
        const isRight =
          JSON.stringify(one.lines.map(({ action }) => action)) === JSON.stringify(one.wanted) &&
          one.lines.every(
            ({ ended_at, actor_id }) => ended_at !== null && (name === 'POST /auth/login' || actor_id === user.id),
          );
        if (!isRight) faults.push({ ...one });
        if ((isDone = one.isDone)) break;
      }
      if (!isDone && act.action !== undefined) undone.push(name);
    }
    expect(faults).toEqual([]);
    expect(undone.sort()).toEqual(NEEDS_MORE);
  }, 120_000);

  test('who signs out leaves one, too', async () => {
    const { user, token } = await koneksi.person('ADMIN');
    expect((await send('POST', '/auth/logout', token)).status).toBe(204);
    const [last] = await koneksi.database.dataSource.query<LineRow[]>(
      'SELECT * FROM activity ORDER BY id DESC LIMIT 1',
    );
    expect(last).toMatchObject({ action: 'sign-in.ended', actor_id: user.id });
  });
});
