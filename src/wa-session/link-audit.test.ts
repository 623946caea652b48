import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { LinkAudit } from './link-audit.js';

let database: TestDatabase;
let audit: LinkAudit;
beforeAll(async () => {
  database = await createTestDatabase();
  audit = new LinkAudit(database.dataSource, new Clock(), new EventBus());
});
afterAll(() => database.drop());

const caller = (name: string): Caller => ({ id: randomUUID(), kind: 'user', name, role: 'USER', outletIds: 'all' });

test('renewed codes write nothing; a new round, another person, another kind of code do', async () => {
  const pairing = { outletId: randomUUID(), epoch: '1', round: 1 };
  const [sari, budi] = [caller('Sari'), caller('Budi')];
  expect(audit.has(sari, pairing, 'qr')).toBe(false);
  await Promise.all(Array.from({ length: 5 }, () => audit.record(sari, pairing, 'qr')));
  await audit.record(sari, pairing, 'qr');
  expect(audit.has(sari, pairing, 'qr')).toBe(true);
  expect(audit.has(budi, pairing, 'qr')).toBe(false);
  await audit.record(budi, pairing, 'qr');
  await audit.record(sari, pairing, 'pairing-code');
  for (const next of [
    { ...pairing, round: 2 },
    // Whoever claims the outlet anew counts its connections from the first.
    { ...pairing, epoch: '2' },
  ]) {
    expect(audit.has(sari, next, 'qr')).toBe(false);
    await audit.record(sari, { ...next }, 'qr');
    expect(audit.has(sari, next, 'qr')).toBe(true);
  }
  const told = (await audit.list(pairing.outletId, { limit: 10 })).entries.map(({ code, by }) => `${by.name} ${code}`);
  expect(told).toEqual(['Sari qr', 'Sari qr', 'Sari pairing-code', 'Budi qr', 'Sari qr']);
});

test('what could not be written is not taken for written, and is tried anew', async () => {
  const pairing = { outletId: randomUUID(), epoch: '1', round: 1 };
  const sari = caller('Sari');
  await database.dataSource.query('ALTER TABLE link_audit RENAME TO elsewhere');
  await expect(audit.record(sari, pairing, 'qr')).rejects.toThrow(/link_audit/);
  expect(audit.has(sari, pairing, 'qr')).toBe(false);
  await database.dataSource.query('ALTER TABLE elsewhere RENAME TO link_audit');
  await audit.record(sari, pairing, 'qr');
  expect((await audit.list(pairing.outletId, { limit: 10 })).entries).toHaveLength(1);
});
