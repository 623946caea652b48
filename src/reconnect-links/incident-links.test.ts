import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { hashToken } from '../auth/secret-tokens.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { Limiters } from '../common/limiters.js';
import type { AllowedOrigins } from '../config/allowed-origins.js';
import type { Config } from '../config/config.js';
import type { OutletsService } from '../outlets/outlets.service.js';
import { Presses } from '../outlets/presses.js';
import type { StatusBoard } from '../status-log/status-board.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import { IncidentLinks } from './incident-links.js';
import { ReconnectLinks } from './reconnect-links.service.js';

const HOUR = 3_600_000;
let database: TestDatabase;
let now = 0;
let jwtSecret = '';
let events: EventBus;
let status: StatusFacts | undefined;
let outletId = '';
let maker = { id: '', name: 'Ani' };
const clock = new (class extends Clock {
  override wall(): number {
    return now;
  }
})();

/** What a process knows that begins now. */
function links(): IncidentLinks {
  const board = { status: () => status } as unknown as StatusBoard;
  const audit = new LinkAudit(database.dataSource, clock, events);
  const config = { secrets: { jwtSecret } } as unknown as Config;
  const origins = { home: 'https://koneksi.example.com' } as AllowedOrigins;
  return new IncidentLinks(database.dataSource, board, audit, origins, clock, events, config);
}

const admin = (): Caller => ({ ...maker, kind: 'user', role: 'ADMIN', outletIds: 'all' });

/** What an ADMIN makes by hand beside them. */
function people(): ReconnectLinks {
  const board = { status: () => status } as unknown as StatusBoard;
  const audit = new LinkAudit(database.dataSource, clock, events);
  const origins = { home: 'https://koneksi.example.com' } as AllowedOrigins;
  const outlets = { require: (_: Caller, id: string) => Promise.resolve({ id }) } as unknown as OutletsService;
  return new ReconnectLinks(
    database.dataSource,
    outlets,
    board,
    audit,
    origins,
    events,
    clock,
    new Presses(new Limiters()),
  );
}

const hashOf = (url: string | null): string => hashToken(url!.split('/r/')[1]!);

interface Row {
  hash: string;
  expires_at: Date;
  ended_code: string | null;
}

const rows = (): Promise<Row[]> => database.dataSource.query('SELECT * FROM reconnect_links ORDER BY ordinal');
const query = (sql: string): Promise<unknown> => database.dataSource.query(sql);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  now = Date.now();
  jwtSecret = 'j'.repeat(32);
  events = new EventBus();
  status = undefined;
  outletId = randomUUID();
  maker = { id: randomUUID(), name: 'Ani' };
  await query('DELETE FROM outlets');
  await query('DELETE FROM users');
  await database.dataSource.query(
    `INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Dago', '628123456789')`,
    [outletId],
  );
  await database.dataSource.query(
    `INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, 'ani@example.com', 'Ani', 'ADMIN', '')`,
    [maker.id],
  );
});

test('whoever is told of an incident gets the same link, after a kill too, and only its hash is kept', async () => {
  const wanted = { incidentId: randomUUID(), outletId, maker };
  const told = await Promise.all([links().of(wanted), links().of(wanted), links().of(wanted)]);
  const again = await links().of(wanted);
  expect(new Set([...told, again]).size).toBe(1);
  const token = again!.split('/r/')[1]!;
  expect(token).toMatch(/^[\w-]{43}$/);
  expect((await rows()).map(({ hash, expires_at }) => [hash, expires_at.getTime() - now])).toEqual([
    [createHash('sha256').update(token).digest('hex'), 2 * HOUR],
  ]);
  expect(await links().of({ ...wanted, incidentId: randomUUID() })).not.toBe(again);
});

test('one that is over is followed by another, which alone opens', async () => {
  const wanted = { incidentId: randomUUID(), outletId, maker };
  const first = await links().of(wanted);
  now += 3 * HOUR;
  const second = await links().of(wanted);
  expect(second).not.toBe(first);
  await query(`UPDATE reconnect_links SET ended_code = 'USED', ended_at = now() WHERE ordinal = 2`);
  const third = await links().of(wanted);
  expect(new Set([first, second, third]).size).toBe(3);
  const open = (await rows()).filter(({ ended_code, expires_at }) => !ended_code && expires_at.getTime() > now);
  expect(open).toHaveLength(1);
});

test.each<[string, () => unknown]>([
  ['its maker was demoted', () => query(`UPDATE users SET role = 'USER'`)],
  ['its maker is disabled', () => query('UPDATE users SET is_disabled = true')],
  ['its maker is gone', () => query('DELETE FROM users')],
  ['it is a key that answers for the rule', () => (maker = { id: randomUUID(), name: 'Kunci' })],
  [
    'the outlet is connected by now',
    () => {
      const session = { connectedAt: new Date(now).toISOString() };
      status = { liveStatus: { status: 'CONNECTED' }, session } as unknown as StatusFacts;
    },
  ],
])('there is none where %s', async (_, happens) => {
  await happens();
  expect(await links().of({ incidentId: randomUUID(), outletId, maker })).toBeNull();
  expect(await rows()).toEqual([]);
});

test('what a person revoked is not made again', async () => {
  const wanted = { incidentId: randomUUID(), outletId, maker };
  await links().of(wanted);
  await query(`UPDATE reconnect_links SET ended_code = 'REVOKED', ended_at = now()`);
  expect(await links().of(wanted)).toBeNull();
  expect(await rows()).toHaveLength(1);
});

test.each(['USED', 'REVOKED'])('no token comes again where the rows of %s ones are gone', async (code) => {
  const wanted = { incidentId: randomUUID(), outletId, maker };
  const first = await links().of(wanted);
  await database.dataSource.query('UPDATE reconnect_links SET ended_code = $1, ended_at = now()', [code]);
  // As after a restore.
  await query('DELETE FROM reconnect_links');
  const second = await links().of(wanted);
  expect(second).not.toBe(first);
  expect((await rows()).map(({ hash }) => hash)).toEqual([hashOf(second)]);
});

test('whoever is told later has two hours as well', async () => {
  const wanted = { incidentId: randomUUID(), outletId, maker };
  const first = await links().of(wanted);
  now += 2 * HOUR - 60_000;
  expect(await links().of(wanted)).toBe(first);
  expect((await rows()).map(({ expires_at }) => expires_at.getTime() - now)).toEqual([2 * HOUR]);
});

test('under another secret the open one ends and the next is told, which opens', async () => {
  const wanted = { incidentId: randomUUID(), outletId, maker };
  const first = await links().of(wanted);
  const ended: string[] = [];
  events.on('reconnect-link.ended', ({ linkIds }) => ended.push(...linkIds));
  jwtSecret = 'k'.repeat(32);
  const second = await links().of(wanted);
  expect((await rows()).map(({ hash, ended_code }) => [hash, ended_code])).toEqual([
    [hashOf(first), 'REPLACED'],
    [hashOf(second), null],
  ]);
  expect(ended).toHaveLength(1);
  expect(await links().of(wanted)).toBe(second);
});

test('they take no room of those that people make', async () => {
  for (let n = 0; n < 11; n++) await links().of({ incidentId: randomUUID(), outletId, maker });
  const byPeople = people();
  for (let n = 0; n < 10; n++) await byPeople.create(admin(), outletId, { expiresInMinutes: 60 });
  await expect(byPeople.create(admin(), outletId, { expiresInMinutes: 60 })).rejects.toMatchObject({
    code: 'QUOTA_REACHED',
  });
  expect(await byPeople.list(admin(), outletId)).toHaveLength(21);
});

test('what is over for long goes as the next of its outlet is made', async () => {
  const before = await links().of({ incidentId: randomUUID(), outletId, maker });
  now += 29 * 24 * HOUR;
  const recent = await links().of({ incidentId: randomUUID(), outletId, maker });
  expect((await rows()).map(({ hash }) => hash).sort()).toEqual([before, recent].map(hashOf).sort());
  now += 2 * 24 * HOUR;
  const last = await links().of({ incidentId: randomUUID(), outletId, maker });
  expect((await rows()).map(({ hash }) => hash).sort()).toEqual([recent, last].map(hashOf).sort());
});
