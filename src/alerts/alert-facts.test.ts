import { randomUUID } from 'node:crypto';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Clock } from '../common/clock.js';
import { IncidentReader } from '../incidents/incident-reader.js';
import type { OutletsService } from '../outlets/outlets.service.js';
import { AlertFactsReader } from './alert-facts.js';
import { AlertRetention } from './alert-retention.js';

let database: TestDatabase;
let facts: AlertFactsReader;
let retention: AlertRetention;

beforeAll(async () => {
  database = await createTestDatabase();
  const clock = new Clock();
  const incidents = new IncidentReader(database.dataSource);
  const outlets = { all: () => Promise.resolve([]) } as unknown as OutletsService;
  facts = new AlertFactsReader(database.dataSource, incidents, outlets, clock);
  retention = new AlertRetention(database.dataSource, incidents, clock, {} as SchedulerRegistry);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.dataSource.query('DELETE FROM alert_rules');
  await database.dataSource.query('DELETE FROM incident');
});

async function rule(): Promise<string> {
  const id = randomUUID();
  await database.dataSource.query(
    `INSERT INTO alert_rules (id, name, settings, owner_id, owner_name, created_at)
     VALUES ($1, 'Jaga', '{}', gen_random_uuid(), 'Ani', now())`,
    [id],
  );
  return id;
}

/** That began so many days ago, and ended so many hours ago. */
async function incident(daysAgo: number, endedHoursAgo: number | null): Promise<string> {
  const id = randomUUID();
  await database.dataSource.query(
    `INSERT INTO incident (id, code, started_at, last_fell_at, ended_at)
     VALUES ($1, 'LOGGED_OUT', now() - make_interval(days => $2), now() - make_interval(days => $2),
       now() - make_interval(hours => $3))`,
    [id, daysAgo, endedHoursAgo],
  );
  return id;
}

async function told(ruleId: string, incidentId: string, kind: string, daysAgo: number): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO alert_told (rule_id, incident_id, round, kind, part, at, outlet_ids)
     VALUES ($1, $2, 0, $3, 0, now() - make_interval(days => $4), '{}')`,
    [ruleId, incidentId, kind, daysAgo],
  );
}

test('an end is read where one of the rules has still to tell it, and it is news', async () => {
  const [one, other] = [await rule(), await rule()];
  const [its, others, said, old] = [
    await incident(1, 2),
    await incident(1, 3),
    await incident(1, 4),
    await incident(9, 30),
  ];
  const lasting = await incident(3, null);
  await told(one, its, 'down', 1);
  await told(other, others, 'down', 1);
  await told(one, said, 'down', 1);
  await told(one, said, 'recovered', 0);
  await told(one, old, 'down', 8);
  const read = async (...ruleIds: string[]): Promise<string[]> =>
    (await facts.read(ruleIds))(one).incidents.map(({ id }) => id);
  expect(await read(one)).toEqual([lasting, its]);
  expect(await read(one, other)).toEqual([lasting, its, others]);
});

test('what was said of incidents that are over is forgotten after 90 days', async () => {
  const id = await rule();
  const [over, lasting, justOver, young] = [
    await incident(100, 24 * 80),
    await incident(100, null),
    await incident(100, 1),
    await incident(89, 24 * 80),
  ];
  for (const each of [over, lasting, justOver]) await told(id, each, 'down', 99);
  await told(id, over, 'recovered', 98);
  await told(id, young, 'down', 88);
  await told(id, randomUUID(), 'down', 91);
  expect(await retention.run()).toBe(3);
  const left = await database.dataSource.query<{ incident_id: string }[]>('SELECT incident_id FROM alert_told');
  expect(left.map(({ incident_id: each }) => each).toSorted()).toEqual([lasting, justOver, young].toSorted());
});
