import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { Logger } from '@nestjs/common';
import { eventually } from '../../test/support/eventually.js';
import { lockWaits } from '../../test/support/lock-waits.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ActivityLog } from '../acts/activity-log.js';
import { SharedLines } from '../acts/shared-lines.js';
import { DelegatedWork } from '../auth/delegated-work.js';
import { hashToken, randomToken } from '../auth/secret-tokens.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { Limiters } from '../common/limiters.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import { StatusBoard } from '../status-log/status-board.js';
import { StatusLog } from '../status-log/status-log.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import type { WaSessionService } from '../wa-session/wa-session.service.js';
import type { LinkEnd } from './domain/link-state.js';
import { LinkLimiter } from './link-limiter.js';
import { LinkUses } from './link-uses.js';
import { LinkVisits, type LinkVisitor } from './link-visits.js';

/** More than an address may guess, or a link may ask WhatsApp. */
const MANY = 70;
const ADDRESS = '203.0.113.7';

let database: TestDatabase;
let bus: EventBus;
let visits: LinkVisits;
const askWhatsApp = jest.fn(() => Promise.resolve(null));

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'debug').mockImplementation(() => undefined);
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(() => {
  const { dataSource } = database;
  const clock = new Clock();
  bus = new EventBus();
  const board = new StatusBoard(new StatusLog(dataSource), clock, bus);
  const audit = new LinkAudit(dataSource, clock, bus);
  const activity = new ActivityLog(dataSource, clock, new SharedLines(dataSource, clock), bus);
  const uses = new LinkUses(dataSource, audit, bus, board, clock, activity, new DelegatedWork());
  const sessions = { connect: askWhatsApp } as unknown as WaSessionService;
  visits = new LinkVisits(
    dataSource,
    sessions,
    board,
    audit,
    new LinkLimiter(new Limiters()),
    uses,
    clock,
    activity,
    bus,
  );
  askWhatsApp.mockClear();
});

async function link(): Promise<{ token: string; visitor: LinkVisitor }> {
  const [outletId, token] = [randomUUID(), randomToken()];
  await database.dataSource.query(`INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Toko', $2)`, [
    outletId,
    `62811${String(Math.random()).slice(2, 10)}`,
  ]);
  await database.dataSource.query(
    `INSERT INTO reconnect_links (id, hash, outlet_id, maker_id, maker_kind, maker_name, created_at, expires_at)
     VALUES ($1, $2, $3, $1, 'user', 'Budi', now(), now() + '1 h'::interval)`,
    [randomUUID(), hashToken(token), outletId],
  );
  return { token, visitor: (await visits.find(token, ADDRESS))! };
}

function becomes({ outletId }: LinkVisitor, status: 'CONNECTED' | 'CONNECTING'): void {
  const connectedAt = status === 'CONNECTED' ? new Date().toISOString() : null;
  const told = { outletId, liveStatus: { status }, session: { connectedAt } } as unknown as OutletStatus;
  bus.publish('outlet-status.changed', { cursor: 1, at: new Date().toISOString(), status: told } as never);
}

async function endOf({ caller }: LinkVisitor): Promise<LinkEnd | null> {
  const [row] = await database.dataSource.query<{ ended_code: LinkEnd | null }[]>(
    'SELECT ended_code FROM reconnect_links WHERE id = $1',
    [caller.id],
  );
  return row!.ended_code;
}

async function away<T>(act: () => Promise<T>): Promise<T> {
  await database.dataSource.query('ALTER TABLE reconnect_links RENAME TO elsewhere');
  try {
    return await act();
  } finally {
    await database.dataSource.query('ALTER TABLE elsewhere RENAME TO reconnect_links');
  }
}

test('a link through which a code was to be seen is used up by the connection, though nobody asked by it', async () => {
  const [{ visitor, token }, { visitor: unseen }] = [await link(), await link()];
  await visits.start(visitor.caller, visitor.outletId);
  becomes(visitor, 'CONNECTING');
  expect(await visits.find(token, ADDRESS)).not.toBeNull();
  becomes(visitor, 'CONNECTED');
  becomes(unseen, 'CONNECTED');
  expect(await visits.find(token, ADDRESS)).toBeNull();
  expect(await eventually('it is marked', () => endOf(visitor))).toBe('USED');
  expect(await endOf(unseen)).toBeNull();
});

test('what is done by a link is in the log of activity, by the name of who made it', async () => {
  const { visitor } = await link();
  await visits.connect(visitor, 'qr');
  await visits.connect(visitor, 'qr');
  becomes(visitor, 'CONNECTED');
  await eventually('it is marked', () => endOf(visitor));
  const lines = await database.dataSource.query(
    'SELECT action, actor_id, actor_kind, actor_name, subject_name, outlet_ids, ended_at IS NOT NULL AS done FROM activity WHERE subject_id = $1 ORDER BY id',
    [visitor.outletId],
  );
  const said = {
    actor_id: visitor.caller.id,
    actor_kind: 'reconnect-link',
    actor_name: 'Budi',
    subject_name: 'Toko',
    outlet_ids: [visitor.outletId],
    done: true,
  };
  expect(lines).toEqual([
    { ...said, action: 'reconnect-link.started' },
    { ...said, action: 'reconnect-link.used' },
  ]);
});

test('an outlet that connects while the link is being started uses it up too', async () => {
  const { visitor, token } = await link();
  const ended = jest.fn();
  bus.on('reconnect-link.ended', ended);
  const held = database.dataSource.createQueryRunner();
  await held.startTransaction();
  await held.query('SELECT 1 FROM reconnect_links WHERE id = $1 FOR UPDATE', [visitor.caller.id]);
  const connecting = visits.connect(visitor, 'qr');
  await eventually(
    'its start waits',
    async () => (await lockWaits(database.dataSource, 'UPDATE "reconnect_links"%')) > 0,
  );
  becomes(visitor, 'CONNECTED');
  await held.commitTransaction();
  await held.release();
  await connecting;
  expect(await endOf(visitor)).toBe('USED');
  expect(ended).toHaveBeenCalledWith({ linkIds: [visitor.caller.id] });
  expect(await visits.find(token, ADDRESS)).toBeNull();
  expect(askWhatsApp).not.toHaveBeenCalled();
});

test('while the database is away nobody uses up what they may guess', async () => {
  const { token, visitor } = await link();
  await away(async () => {
    for (let tries = 0; tries < MANY; tries++)
      await expect(visits.find(token, ADDRESS)).rejects.not.toBeInstanceOf(TooManyAttempts);
  });
  expect(await visits.find(token, ADDRESS)).toEqual(visitor);
  for (let tries = 0; tries < MANY; tries++) await visits.find(randomToken(), ADDRESS).catch(() => null);
  await expect(visits.find(token, ADDRESS)).rejects.toBeInstanceOf(TooManyAttempts);
});

test('nor how often they may ask to connect', async () => {
  const { visitor } = await link();
  await away(async () => {
    for (let tries = 0; tries < MANY; tries++)
      await expect(visits.connect(visitor, 'qr')).rejects.not.toBeInstanceOf(TooManyAttempts);
  });
  expect(askWhatsApp).not.toHaveBeenCalled();
  for (let tries = 0; tries < 30; tries++) await visits.connect(visitor, 'qr');
  await expect(visits.connect(visitor, 'qr')).rejects.toBeInstanceOf(TooManyAttempts);
  expect(askWhatsApp).toHaveBeenCalledTimes(30);
});
