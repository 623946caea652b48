import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { AllowedOrigins } from '../config/allowed-origins.js';
import type { Config } from '../config/config.js';
import type { StatusBoard } from '../status-log/status-board.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import { IncidentLinks } from './incident-links.js';

const HOUR = 3_600_000;
const config = { secrets: { jwtSecret: 'j'.repeat(32) } } as unknown as Config;
let database: TestDatabase;
let now = 0;
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
  const audit = new LinkAudit(database.dataSource, clock, new EventBus());
  const origins = { home: 'https://koneksi.example.com' } as AllowedOrigins;
  return new IncidentLinks(database.dataSource, board, audit, origins, clock, config);
}

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
