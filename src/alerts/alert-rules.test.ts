import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AlertRecipient, AlertRule, UpdateAlertRule } from '@koneksi/contracts/alerts';
import type { PushSubscription } from '@koneksi/contracts/push';
import { browserAt } from '../../test/support/push-service.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { DelegatedWork } from '../auth/delegated-work.js';
import { EndedKeys } from '../auth/ended-keys.js';
import { Clock } from '../common/clock.js';
import { KeyEncryptionKey } from '../common/envelope.js';
import { Egress } from '../webhooks/egress.js';
import type { WebhooksService } from '../webhooks/webhooks.service.js';
import type { ActiveRule } from './alert-facts.js';
import { AlertOutbox, type Message } from './alert-outbox.js';
import { AlertRules } from './alert-rules.service.js';
import type { DueKind, StruckIncident } from './domain/alert-state.js';
import { OrphanedRules } from './orphaned-rules.js';
import { EventBus } from '../common/event-bus.js';
import { SignIns } from '../auth/sign-ins.js';
import { PushSubscriptions } from './push/push-subscriptions.service.js';
import { PushVault } from './push/push-vault.js';

const ROOM = { email: 100, whatsapp: 100, push: 100, webhook: 100 };
const call = (userId: string): AlertRecipient => ({ channel: 'push', userId, language: 'id' });
const mail = (to: string): AlertRecipient => ({ channel: 'email', to, language: 'id' });
const phone = (number: string): AlertRecipient => ({ channel: 'whatsapp', phone: number, language: 'id' });
const SENT = { at: new Date().toISOString(), fault: null, code: null };
const WAITING = { ...SENT, fault: 'WAITING_TURN' as const };

let database: TestDatabase;
let outbox: AlertOutbox;
let rules: AlertRules;
let orphans: OrphanedRules;
let browsers: PushSubscriptions;
let signIns: SignIns;
let work: DelegatedWork;
const facts = new EventBus();
let ani: Caller;

beforeAll(async () => {
  database = await createTestDatabase();
  const clock = new Clock();
  signIns = new SignIns(database.dataSource, clock, new EventBus());
  outbox = new AlertOutbox(database.dataSource, clock);
  const noWebhooks = { list: () => Promise.resolve([]) } as unknown as WebhooksService;
  browsers = new PushSubscriptions(
    database.dataSource,
    new PushVault(new KeyEncryptionKey(randomBytes(32))),
    new Egress(['127.0.0.0/8']),
    clock,
    signIns,
  );
  browsers.onModuleInit();
  rules = new AlertRules(database.dataSource, clock, noWebhooks, browsers, facts);
  work = new DelegatedWork();
  orphans = new OrphanedRules(work, new EndedKeys(database.dataSource, clock), database.dataSource, clock, facts);
  orphans.onModuleInit();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.dataSource.query('DELETE FROM alert_deliveries');
  await database.dataSource.query('DELETE FROM alert_rules');
  ani = await person();
});

async function person(): Promise<Caller> {
  const id = randomUUID();
  await database.dataSource.query(
    `INSERT INTO users (id, email, name, password_hash, role) VALUES ($1, $2, 'Ani', 'x', 'ADMIN')`,
    [id, `${id}@example.com`],
  );
  return { id, kind: 'user', name: 'Ani', role: 'ADMIN', outletIds: 'all' };
}

async function keyOf(maker: Caller, expiresAt: Date | null): Promise<Caller> {
  const id = randomUUID();
  await database.dataSource.query(
    `INSERT INTO api_keys (id, name, role, hash, maker_id, expires_at) VALUES ($1, 'Kasir', 'ADMIN', $2, $3, $4)`,
    [id, id, maker.id, expiresAt],
  );
  return { id, kind: 'api-key', name: 'Kasir', role: 'ADMIN', outletIds: 'all', scopes: null };
}

const made = (recipients: AlertRecipient[], caller = ani): Promise<AlertRule> =>
  rules.create(caller, {
    name: 'Jaga',
    scope: { kind: 'all' },
    graceMinutes: 0,
    minOutlets: 1,
    zone: 'Asia/Jakarta',
    quietHours: null,
    maintenance: [],
    escalation: null,
    tellRecovery: true,
    reconnectLink: false,
    recipients,
  });

const change = (rule: AlertRule, body: UpdateAlertRule, caller = ani): Promise<AlertRule> =>
  rules.update(caller, rule.id, body);

function incident(): StruckIncident {
  const outlets = [{ outletId: randomUUID(), name: 'Braga', city: null, since: Date.now(), until: null }];
  return { id: randomUUID(), code: 'LOGGED_OUT', params: {}, endedAt: null, isAcknowledged: false, outlets };
}

/** Whether it is said now: not where it was before. */
async function says(
  rule: AlertRule,
  of: StruckIncident,
  kind: DueKind = 'down',
  { round = 0, part = 0 } = {},
): Promise<boolean> {
  const active: ActiveRule = await rules.find(rule.id);
  const items = [{ incident: of, round, part, outlets: of.outlets }];
  return outbox.write(active, { kind, items, wasEscalated: false });
}

const take = (): Promise<Message[]> => outbox.take(ROOM, 1_000, []);
async function send(...targets: string[]): Promise<void> {
  for (const message of await take())
    if (targets.includes(message.target)) await outbox.settle(message, SENT, 50);
    else await outbox.settle(message, { ...SENT, fault: 'REFUSED', code: 451 }, 50);
}
const pending = async (): Promise<string[]> =>
  (
    await database.dataSource.query<{ target: string }[]>(
      `SELECT target FROM alert_deliveries WHERE status = 'pending' ORDER BY seq`,
    )
  ).map(({ target }) => target);

describe('a rule that is switched off', () => {
  test('has not said what nobody heard, and says it where it is switched on again', async () => {
    const [rule, one] = [await made([mail('a@x.id'), mail('b@x.id')]), incident()];
    expect(await says(rule, one)).toBe(true);
    expect(await says(rule, one)).toBe(false);
    await send();
    await change(rule, { enabled: false });
    expect(await pending()).toEqual([]);
    await change(rule, { enabled: true });
    expect(await says(rule, one)).toBe(true);
    expect(await pending()).toEqual(['a@x.id', 'b@x.id']);
  });

  test('has said what somebody heard, and only that', async () => {
    const [rule, heard, unheard] = [await made([mail('a@x.id'), mail('b@x.id')]), incident(), incident()];
    await says(rule, heard);
    await send('a@x.id');
    await says(rule, unheard);
    await change(rule, { enabled: false });
    await change(rule, { enabled: true });
    expect(await says(rule, heard)).toBe(false);
    expect(await says(rule, unheard)).toBe(true);
  });

  test('says the end that nobody heard of where they heard of the beginning', async () => {
    const [rule, one] = [await made([mail('a@x.id')]), incident()];
    await says(rule, one);
    await send('a@x.id');
    await says(rule, one, 'recovered');
    await change(rule, { enabled: false });
    await change(rule, { enabled: true });
    expect(await says(rule, one)).toBe(false);
    expect(await says(rule, one, 'recovered')).toBe(true);
  });

  test('says the second round anew and not the first', async () => {
    const [rule, one] = [await made([mail('a@x.id')]), incident()];
    for (const kind of ['down', 'recovered'] as const) {
      await says(rule, one, kind);
      await send('a@x.id');
    }
    await says(rule, one, 'down', { round: 1 });
    await change(rule, { enabled: false });
    await change(rule, { enabled: true });
    expect(await says(rule, one)).toBe(false);
    expect(await says(rule, one, 'down', { round: 1 })).toBe(true);
  });

  test('unsays no part of which a later one was heard', async () => {
    const [rule, one] = [await made([mail('a@x.id')]), incident()];
    await says(rule, one);
    await change(rule, { recipients: [mail('a@x.id'), mail('b@x.id')] });
    await says(rule, one, 'down', { part: 1 });
    await send('b@x.id');
    await change(rule, { enabled: false });
    await change(rule, { enabled: true });
    expect(await says(rule, one)).toBe(false);
    expect(await says(rule, one, 'down', { part: 1 })).toBe(false);
  });
});

describe('recipients that are changed', () => {
  test('get nothing more where they are none any more, and the new ones hear what nobody heard', async () => {
    const [rule, one] = [await made([mail('a@x.id'), phone('6281234567890')]), incident()];
    await says(rule, one);
    await change(rule, { recipients: [mail('b@x.id')] });
    expect(await pending()).toEqual([]);
    expect(await says(rule, one)).toBe(true);
    expect(await pending()).toEqual(['b@x.id']);
  });

  test('keep what waits for those who stay, also where they are told second now', async () => {
    const [rule, one] = [await made([mail('a@x.id'), mail('b@x.id'), mail('c@x.id')]), incident()];
    await says(rule, one);
    await change(rule, { recipients: [mail('a@x.id')], escalation: { afterMinutes: 5, recipients: [mail('c@x.id')] } });
    expect(await pending()).toEqual(['a@x.id', 'c@x.id']);
    expect(await says(rule, one)).toBe(false);
  });

  test('are no matter of a new name', async () => {
    const rule = await made([mail('a@x.id')]);
    await says(rule, incident());
    await change(rule, { name: 'Jaga malam' });
    expect(await pending()).toEqual(['a@x.id']);
  });
});

describe('a message that an outlet has', () => {
  test('is to be taken back once it is dropped', async () => {
    const rule = await made([phone('6281234567890'), phone('6281234567891'), mail('a@x.id')]);
    await says(rule, incident());
    const [first, second] = await take();
    await outbox.settle(first!, WAITING, 50);
    expect(await outbox.unwanted([])).toEqual([]);
    await change(rule, { enabled: false });
    expect(await outbox.unwanted([])).toEqual([first!.id]);
    expect(await outbox.unwanted([first!.id])).toEqual([]);
    // One that was being handed over in that moment.
    await outbox.settle(second!, WAITING, 0);
    expect((await outbox.unwanted([])).toSorted()).toEqual([first!.id, second!.id].toSorted());
    await outbox.settleUnwanted(first!.id, 'NOT_TAKEN');
    await outbox.settleUnwanted(second!.id, null);
    expect(await outbox.unwanted([])).toEqual([]);
    const rows = await database.dataSource.query<{ id: string; status: string }[]>(
      `SELECT id, status FROM alert_deliveries WHERE channel = 'whatsapp' ORDER BY seq`,
    );
    expect(rows.map(({ status }) => status)).toEqual(['dropped', 'sent']);
  });

  test('is to be taken back, too, where it is given up', async () => {
    await says(await made([phone('6281234567890')]), incident());
    const [message] = await take();
    await outbox.settle({ ...message!, tries: 49 }, WAITING, 50);
    expect(await outbox.unwanted([])).toEqual([message!.id]);
  });
});

describe('a rule whose mails let people connect', () => {
  const scope = { kind: 'all' } as const;
  test.each<[string, boolean, UpdateAlertRule, boolean]>([
    ['says of which outlets', true, { scope }, true],
    ['says of which outlets as they switch it on', false, { scope, reconnectLink: true }, true],
    ['switches it off as they say of which outlets', true, { scope, reconnectLink: false }, false],
    ['says of which outlets where it lets nobody connect', false, { scope }, false],
    ['names it', true, { name: 'Jaga malam' }, false],
  ])('is answered for by whoever %s: %s, %j, %s', async (_, reconnectLink, body, isTakenOver) => {
    const [rule, budi] = [await made([mail('a@x.id')]), await person()];
    await change(rule, { reconnectLink });
    const { createdBy } = await change(rule, body, budi);
    expect(createdBy.id).toBe(isTakenOver ? budi.id : ani.id);
  });

  test('is answered for by a key that changes its outlets, in whose name there is no link', async () => {
    const [rule, key] = [await made([mail('a@x.id')]), await keyOf(ani, null)];
    await change(rule, { reconnectLink: true });
    expect(await change(rule, { scope }, key)).toMatchObject({ createdBy: { id: key.id } });
  });
});

describe('who may not any more', () => {
  test.each([
    ['is demoted', `UPDATE users SET role = 'USER' WHERE id = $1`],
    ['is disabled', 'UPDATE users SET is_disabled = true WHERE id = $1'],
    ['is gone', 'DELETE FROM users WHERE id = $1'],
  ])('makes and changes no rule while they %s beside it, nor does their key', async (_, sql) => {
    const [budi, rule] = [await person(), await made([mail('a@x.id')])];
    const key = await keyOf(budi, null);
    const other = database.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query(sql, [budi.id]);
    // They wait for the commit, and then see it.
    const refused = [budi, key].flatMap((caller) => [
      made([mail('b@x.id')], caller),
      change(rule, { enabled: true }, caller),
    ]);
    const outcomes = Promise.allSettled(refused);
    await other.commitTransaction();
    await other.release();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'FORBIDDEN' } });
    expect(await rules.list()).toMatchObject([{ id: rule.id, createdBy: { id: ani.id } }]);
  });

  test('is told nothing more by their rules, which wait for an ADMIN, and have not said what nobody heard', async () => {
    const [rule, one] = [await made([mail('a@x.id')]), incident()];
    await says(rule, one);
    await database.dataSource.transaction((manager) => work.end(manager, { callerIds: [ani.id], outletIds: [] }));
    expect(await rules.find(rule.id)).toMatchObject({ paused: { code: 'AWAITS_ADMIN' } });
    expect(await pending()).toEqual([]);
    await change(rule, { enabled: true }, await person());
    expect(await says(rule, one)).toBe(true);
  });

  test('is a key whose time is over; one whose time is not goes on', async () => {
    const key = await keyOf(ani, new Date(Date.now() + 3_600_000));
    const lasting = await keyOf(ani, null);
    const [its, others] = [await made([mail('a@x.id')], key), await made([mail('a@x.id')], lasting)];
    await says(its, incident());
    await orphans.pauseEnded();
    expect((await rules.list()).map(({ enabled }) => enabled)).toEqual([true, true]);
    await database.dataSource.query('UPDATE api_keys SET expires_at = created_at WHERE id = $1', [key.id]);
    await orphans.pauseEnded();
    expect(await rules.find(its.id)).toMatchObject({ enabled: false, paused: { code: 'AWAITS_ADMIN' } });
    expect(await rules.find(others.id)).toMatchObject({ enabled: true });
    expect(await pending()).toEqual([]);
  });
});

/** A browser of theirs, under an endpoint of its own. */
const subscribe = (caller: Caller, path: string): Promise<PushSubscription> =>
  browsers.create(caller, browserAt(`http://127.0.0.1:9/${path}`, path));

describe('somebody who is called by push', () => {
  test('is called in each of their browsers, and named where they have none', async () => {
    const [one, other] = [await subscribe(ani, 'hp'), await subscribe(ani, 'laptop')];
    const budi = await person();
    await says(await made([call(ani.id), call(budi.id), mail('a@x.id')]), incident());
    const targets = await pending();
    expect(targets.slice(0, 2).sort()).toEqual([`${ani.id} ${one.id}`, `${ani.id} ${other.id}`].sort());
    expect(targets.slice(2)).toEqual([budi.id, 'a@x.id']);
  });

  test('goes on being called where others are added, and is not where they are taken out', async () => {
    const { id } = await subscribe(ani, 'tetap');
    const rule = await made([call(ani.id)]);
    await says(rule, incident());
    await change(rule, { recipients: [call(ani.id), mail('a@x.id')] });
    expect(await pending()).toEqual([`${ani.id} ${id}`]);
    await change(rule, { recipients: [mail('a@x.id')] });
    expect(await pending()).toEqual([]);
  });

  test('hears of outlets that exist for them alone, and of nothing once they are disabled', async () => {
    const staff = await person();
    await subscribe(staff, 'toko');
    const one = incident();
    const [{ outletId }] = one.outlets as [StruckIncident['outlets'][number]];
    const both = { ...one, outlets: [...one.outlets, { ...one.outlets[0]!, outletId: randomUUID(), name: 'Dago' }] };
    await database.dataSource.query(
      `INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Braga', '6281211110000')`,
      [outletId],
    );
    await database.dataSource.query(`UPDATE users SET role = 'USER' WHERE id = $1`, [staff.id]);
    await database.dataSource.query('INSERT INTO user_outlets (user_id, outlet_id) VALUES ($1, $2)', [
      staff.id,
      outletId,
    ]);
    const rule = await made([call(staff.id)]);
    await says(rule, both);
    const [message] = await take();
    expect(message!.content).toMatchObject({ outletId, items: [{ outlets: 1, names: ['Braga'] }] });
    await outbox.settle(message!, SENT, 50);
    await says(rule, incident());
    await database.dataSource.query('UPDATE users SET is_disabled = true WHERE id = $1', [staff.id]);
    await says(rule, { ...one, id: randomUUID() });
    expect(await pending()).toEqual([]);
  });

  test('may stay where they are disabled by now, is not written to, and cannot be named anew', async () => {
    const gone = await person();
    const { id } = await subscribe(gone, 'mati');
    const rule = await made([call(gone.id)]);
    await database.dataSource.query('UPDATE users SET is_disabled = true WHERE id = $1', [gone.id]);
    const recipients = [call(gone.id), mail('a@x.id')];
    await change(rule, { recipients });
    expect((await rules.find(rule.id)).recipients).toEqual(recipients);
    expect(await browsers.open(id)).toBeNull();
    await expect(made([call(gone.id)])).rejects.toMatchObject({ problems: [{ field: 'recipients.0.userId' }] });
  });

  test('must be somebody', async () => {
    await expect(made([mail('a@x.id'), call(randomUUID())])).rejects.toMatchObject({
      problems: [{ field: 'recipients.1.userId' }],
    });
  });
});

describe('a browser', () => {
  test('is whose it is now, and one person has ten at most', async () => {
    for (let n = 0; n < 11; n++) await subscribe(ani, `n${n}`);
    expect(await browsers.list(ani)).toHaveLength(10);
    const budi = await person();
    const { id } = await subscribe(budi, 'n10');
    expect((await browsers.list(budi)).map(({ browser }) => browser)).toEqual(['n10']);
    expect((await browsers.list(ani)).map(({ browser }) => browser)).not.toContain('n10');
    await expect(browsers.remove(ani, id)).rejects.toMatchObject({ code: 'PUSH_SUBSCRIPTION_NOT_FOUND' });
  });

  test('is called no more once every sign-in of its owner ends, in one commit with that', async () => {
    const [{ id }, budi] = [await subscribe(ani, 'semua'), await person()];
    const other = await subscribe(budi, 'lain');
    await database.dataSource.transaction((manager) => signIns.endAllOf(manager, ani.id, randomUUID()));
    expect(await browsers.open(id)).toBeNull();
    expect(await browsers.list(ani)).toEqual([]);
    expect(await browsers.open(other.id)).not.toBeNull();
  });

  test('of nobody but an ADMIN may be behind an address that the operator named', async () => {
    const { id } = await subscribe(ani, 'sendiri');
    const staff: Caller = { ...(await person()), role: 'USER', outletIds: [] };
    await expect(subscribe(staff, 'lain')).rejects.toMatchObject({ problems: [{ field: 'endpoint' }] });
    const theirs = await browsers.create(staff, browserAt('https://fcm.googleapis.com/fcm/send/x'));
    await database.dataSource.query(`UPDATE users SET role = 'USER' WHERE id = ANY ($1)`, [[ani.id, staff.id]]);
    expect(await browsers.open(theirs.id)).not.toBeNull();
    // Who was an ADMIN once.
    expect(await browsers.open(id)).toBeNull();
  });

  test('is kept so that the database tells nobody where it is', async () => {
    const { id } = await browsers.create(ani, browserAt('http://127.0.0.1:9/rahasia-sekali', 'HP'));
    const [row] = await database.dataSource.query<object[]>('SELECT * FROM push_subscriptions WHERE id = $1', [id]);
    expect(Object.values(row!).map(String).join(' ')).not.toContain('rahasia-sekali');
    expect((await browsers.open(id))?.endpoint).toContain('rahasia-sekali');
  });

  test.each([
    ['an endpoint that is no push service', { endpoint: 'https://example.com/x' }, 'endpoint'],
    ['a key that is no point of the curve', { p256dh: 'x'.repeat(87) }, 'keys.p256dh'],
    ['a secret of another length', { auth: 'short' }, 'keys.auth'],
  ])('with %s is refused by its place', async (_, wrong, field) => {
    const { endpoint, keys, browser } = browserAt('http://127.0.0.1:9/salah');
    const { endpoint: to = endpoint, ...key } = wrong as { endpoint?: string; p256dh?: string; auth?: string };
    const request = { endpoint: to, keys: { ...keys, ...key }, browser };
    await expect(browsers.create(ani, request)).rejects.toMatchObject({ problems: [{ field }] });
  });
});
