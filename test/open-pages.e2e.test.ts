import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AlertRule, CreateAlertRule } from '@koneksi/contracts/alerts';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { CreatedReconnectLink } from '@koneksi/contracts/reconnect-links';
import { Repetitions } from '../src/blast/repeating/repetitions.js';
import { addContacts } from './support/blasts.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Person } from './support/koneksi.js';
import { LinkVisit, tokenOf } from './support/link-visit.js';

const READERS = ['superadmin', 'admin', 'bandung', 'jakarta', 'key'] as const;
type Reader = (typeof READERS)[number];
const PEOPLE = READERS.filter((reader) => reader !== 'key');
const ADMINS = ['superadmin', 'admin'] as const;

let koneksi: Koneksi;
let pages: [Reader, Dashboard][];
let bandung: string;
let jakarta: string;
let rules: Person;
let admin: Person;
let told: [Reader, string][] = [];

beforeAll(async () => {
  koneksi = await Koneksi.start();
  bandung = (await koneksi.outlet({ name: 'Dago', city: 'Bandung' })).id;
  jakarta = (await koneksi.outlet({ name: 'Cikini', city: 'Jakarta' })).id;
  rules = await koneksi.person('ADMIN');
  await addContacts({ simulator: koneksi.simulator, dataSource: koneksi.database.dataSource }, bandung, 0, 2);
  const { key } = expectOk(
    await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'ERP', role: 'ADMIN' } }),
  );
  const tokens: Record<Reader, string> = {
    superadmin: koneksi.token,
    admin: (admin = await koneksi.person('ADMIN')).token,
    bandung: (await koneksi.person('USER', [bandung])).token,
    jakarta: (await koneksi.person('USER', [jakarta])).token,
    key,
  };
  pages = await Promise.all(
    READERS.map(async (reader): Promise<[Reader, Dashboard]> => [reader, await koneksi.dashboard(tokens[reader])]),
  );
  for (const [reader, { socket }] of pages) {
    socket.on('records:changed', ({ kind }) => void told.push([reader, kind]));
    socket.on('planned-work:changed', () => void told.push([reader, 'planned work']));
  }
});
afterAll(() => koneksi.stop());

/** What open pages are told by this, by kind. */
async function toldBy(act: () => Promise<unknown>): Promise<Record<string, Reader[]>> {
  told = [];
  await act();
  // The answer comes after whatever was told before it.
  await Promise.all(pages.map(([, { socket }]) => socket.emitWithAck('blast:unwatch', { blastId: randomUUID() })));
  const readers: Record<string, Reader[]> = {};
  for (const [reader, what] of told) (readers[what] ??= []).push(reader);
  for (const each of Object.values(readers)) each.sort((one, other) => READERS.indexOf(one) - READERS.indexOf(other));
  return readers;
}

async function rule(settings: Partial<CreateAlertRule>, token = koneksi.token): Promise<AlertRule> {
  const recipients = [{ channel: 'email', to: 'jaga@example.com', language: 'id' }];
  const body = { name: 'Rawat', recipients, ...settings };
  return expectOk(await koneksi.call<AlertRule>('POST', '/alert-rules', { token, body }));
}
const change = async ({ id }: AlertRule, body: object): Promise<void> =>
  void expectOk(await koneksi.call('PATCH', `/alert-rules/${id}`, { body }));

const REPEATING = (outletId: string): object => ({
  outletIds: [outletId],
  title: 'Kabar bulanan',
  message: 'Kabar bulan ini, {{nama}}',
  noWayOut: 'Isi pesan diperiksa kata demi kata',
  rule: { every: 'month', day: 1, time: '09:00', holidays: [] },
});

const TONIGHT = [{ from: '2998-01-01T15:00:00.000Z', to: '2998-01-01T16:00:00.000Z' }];

test('other work that is planned is told to whoever sees an outlet of it, before and after', async () => {
  let planned!: AlertRule;
  const city = (name: string) => ({ scope: { kind: 'city', city: name }, maintenance: TONIGHT }) as const;
  expect(await toldBy(async () => (planned = await rule(city('bandung'))))).toEqual({
    'planned work': ['superadmin', 'admin', 'bandung', 'key'],
    'alert-rule': ADMINS,
  });
  expect(await toldBy(() => change(planned, { scope: city('Jakarta').scope }))).toMatchObject({
    'planned work': READERS,
  });
  // It counts all the same, whether the rule tells anybody.
  expect(await toldBy(() => change(planned, { enabled: false, name: 'Rawat malam', maintenance: TONIGHT }))).toEqual({
    'alert-rule': ADMINS,
  });
  expect(await toldBy(() => koneksi.call('DELETE', `/alert-rules/${planned.id}`))).toEqual({
    'planned work': ['superadmin', 'admin', 'jakarta', 'key'],
    'alert-rule': ADMINS,
  });
  expect(await toldBy(async () => (planned = await rule({})))).toEqual({ 'alert-rule': ADMINS });
  expect(await toldBy(() => change(planned, { maintenance: TONIGHT }))).toMatchObject({ 'planned work': READERS });
});

test('an outlet that moves to another city may have other work planned: whoever sees it is told', async () => {
  const move = (city: string | null) => () => koneksi.call('PATCH', `/outlets/${jakarta}`, { body: { city } });
  const told = { 'planned work': ['superadmin', 'admin', 'jakarta', 'key'] };
  expect(await toldBy(move('Depok'))).toEqual(told);
  expect(await toldBy(move('Depok'))).toEqual({});
  expect(await toldBy(move(null))).toEqual(told);
  expect(await toldBy(() => koneksi.call('PATCH', `/outlets/${jakarta}`, { body: { name: 'Cikini 2' } }))).toEqual({});
  expect(await toldBy(move('Jakarta'))).toEqual(told);
});

test('what somebody changes is told to the people who may read it, and to no key', async () => {
  const message = { name: 'Promo', message: 'Halo {{name}}', mediaId: null };
  const keep = () => koneksi.call('POST', '/saved-messages', { body: message });
  expect(await toldBy(keep)).toEqual({ 'saved-message': PEOPLE });
  const policy = { body: { perWeek: 5 } };
  expect(await toldBy(() => koneksi.call('PATCH', '/blast-policy', policy))).toEqual({ 'blast-policy': PEOPLE });

  let link!: CreatedReconnectLink;
  const made = async (): Promise<void> => {
    const answer = await koneksi.call<CreatedReconnectLink>('POST', `/outlets/${jakarta}/reconnect-links`, {
      body: { expiresInMinutes: 60 },
    });
    link = expectOk(answer);
  };
  const ofJakarta = { 'reconnect-link': ['superadmin', 'admin', 'jakarta'] };
  expect(await toldBy(made)).toEqual(ofJakarta);
  expect(await toldBy(() => koneksi.call('DELETE', `/reconnect-links/${link.id}`))).toEqual(ofJakarta);
});

test('nothing is told of what came to nothing', async () => {
  expect(await toldBy(() => koneksi.call('POST', '/saved-messages', { body: { name: '' } }))).toEqual({});
  expect(await toldBy(() => koneksi.call('DELETE', `/alert-rules/${randomUUID()}`))).toEqual({});
});

test('rules that pause with the rights of whoever made them are told to those who never heard of that', async () => {
  // Heard to the end: it would count among what is told next.
  await toldBy(() => rule({}, rules.token));
  const demoted = { body: { role: 'USER' } };
  expect(await toldBy(() => koneksi.call('PATCH', `/users/${rules.user.id}`, demoted))).toEqual({
    user: ['superadmin'],
    'alert-rule': ADMINS,
  });
});

/** Until open pages were told this, by whatever comes of something at a time of its own. */
const untilTold = (what: string, readers: readonly Reader[]): Promise<true> =>
  eventually(`${what} is told`, () =>
    readers.every((reader) => told.some(([to, kind]) => to === reader && kind === what)),
  );

test('what whoever came by a link does with it is told to those who see its outlet', async () => {
  const shop = await koneksi.outlet({ name: 'Toko tautan' });
  const bandungs = pages.find(([reader]) => reader === 'bandung')![1];
  const link = expectOk(
    await koneksi.call<CreatedReconnectLink>('POST', `/outlets/${shop.id}/reconnect-links`, {
      body: { expiresInMinutes: 60 },
    }),
  );
  await untilTold('reconnect-link', ADMINS);
  let visitor!: LinkVisit;
  const opened = async (): Promise<void> => {
    visitor = await LinkVisit.open(koneksi.app.url, tokenOf(link.url));
  };
  expect(await toldBy(opened)).toEqual({ 'reconnect-link': ADMINS });
  const connecting = await toldBy(() => visitor.socket.emitWithAck('reconnect-link:connect', { method: 'qr' }));
  expect(connecting).toEqual({ 'reconnect-link': ADMINS });
  const scanned = async (): Promise<void> => {
    await koneksi.phoneOf(shop).scan(await visitor.qr());
    await untilTold('reconnect-link', ADMINS);
  };
  expect(await toldBy(scanned)).toMatchObject({ 'reconnect-link': ADMINS });
  expect(bandungs.socket.connected).toBe(true);
  visitor.close();
});

test('links and repeating blasts that end with the rights of whoever made them are told', async () => {
  const maker = await koneksi.person('ADMIN');
  const body = { expiresInMinutes: 60 };
  expectOk(await koneksi.call('POST', `/outlets/${jakarta}/reconnect-links`, { token: maker.token, body }));
  const repeating = expectOk(
    await koneksi.call<{ id: string }>('POST', '/repeating-blasts', { token: maker.token, body: REPEATING(bandung) }),
  );
  await toldBy(() => Promise.resolve());
  const demote = () => koneksi.call('PATCH', `/users/${maker.user.id}`, { body: { role: 'USER' } });
  expect(await toldBy(demote)).toMatchObject({
    'reconnect-link': ['superadmin', 'admin', 'jakarta'],
    'repeating-blast': PEOPLE,
  });
  expect(await koneksi.call('GET', `/repeating-blasts/${repeating.id}`)).toMatchObject({ body: { status: 'paused' } });
});

test('a repeating blast that moves on by itself is told', async () => {
  const { id } = expectOk(
    await koneksi.call<{ id: string }>('POST', '/repeating-blasts', { body: REPEATING(bandung) }),
  );
  // By the look of its own clock or by ours, whichever comes first.
  const look = async (): Promise<void> => {
    await koneksi.database.dataSource.query(
      `UPDATE repeating_blasts SET next_on = (now() - interval '3 days')::date WHERE id = $1`,
      [id],
    );
    await koneksi.app.app.get(Repetitions, { strict: false }).look();
  };
  expect(await toldBy(look)).toEqual({ 'repeating-blast': PEOPLE });
});

test('what somebody changes about themselves, or is changed of them, is told to their own pages alone', async () => {
  const rename = (token: string) => () => koneksi.call('PATCH', '/auth/me', { token, body: { name: 'Sari' } });
  const { user, token } = admin;
  expect(await toldBy(rename(token))).toEqual({ profile: ['admin'] });
  const byOther = () => koneksi.call('PATCH', `/users/${user.id}`, { body: { name: 'Sari Dewi' } });
  expect(await toldBy(byOther)).toEqual({ user: ['superadmin'], profile: ['admin'] });
});
