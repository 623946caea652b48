import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ALERT_CHANNELS } from '@koneksi/contracts/alerts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { FromAnyOutlet } from '../blast/messages/from-any-outlet.js';
import { AlertLog, CHANNELS_SQL } from './alert-log.js';
import type { PushSubscriptions } from './push/push-subscriptions.service.js';
import type { Mailer } from '../mail/mailer.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.dataSource.query(
    `INSERT INTO alert_deliveries (id, channel, target, language, content, incident_ids, at, status, tries, sent_at, last_tries)
     SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 'email' ELSE 'whatsapp' END, 'a@x.id', 'id', '{}', '{}', now(),
       CASE WHEN n % 5 = 0 THEN 'dead' ELSE 'sent' END, 1, CASE WHEN n % 5 > 0 THEN now() - make_interval(secs => 30000 - n) END,
       jsonb_build_array(jsonb_build_object('at', '2026-11-27T03:00:00.000Z', 'code', NULL,
         'fault', CASE WHEN n % 5 = 0 THEN 'TIMEOUT' END))
     FROM generate_series(1, 20000) n`,
  );
  await database.dataSource.query('ANALYZE alert_deliveries');
});
afterAll(() => database.drop());

const logOf = () =>
  new AlertLog(
    database.dataSource,
    { from: 'Koneksi <a@x.id>' } as Mailer,
    { someFree: () => true } as FromAnyOutlet,
    { some: () => Promise.resolve(false) } as PushSubscriptions,
  );

test('how each road is follows from the newest that was tried', async () => {
  const [email, whatsapp, push, webhook] = await logOf().channels();
  expect(email).toMatchObject({ channel: 'email', pending: 0, lastFault: { fault: 'TIMEOUT' } });
  expect(whatsapp).toMatchObject({ channel: 'whatsapp', lastFault: null });
  expect(Date.parse(email!.lastSentAt!)).toBeLessThan(Date.parse(whatsapp!.lastSentAt!));
  expect(push).toMatchObject({ channel: 'push', ready: false, lastSentAt: null });
  expect(webhook).toMatchObject({ channel: 'webhook', lastSentAt: null, lastFault: null });
});

test('is found by indexes, however much was said', async () => {
  const plan = await database.dataSource.query<Record<string, string>[]>(`EXPLAIN ${CHANNELS_SQL}`, [ALERT_CHANNELS]);
  const lines = plan.map((row) => Object.values(row)[0]).join('\n');
  expect(lines).not.toMatch(/Seq Scan|Sort Key/);
});

test('what waits its turn at an outlet is no fault of the road', async () => {
  await database.dataSource.query(
    `INSERT INTO alert_deliveries (id, channel, target, language, content, incident_ids, at, status, tries, last_tries)
     SELECT gen_random_uuid(), 'whatsapp', '628123', 'id', '{}', '{}', now(), 'pending', 2,
       jsonb_build_array(jsonb_build_object('at', '2026-11-27T03:00:00.000Z', 'code', NULL, 'fault', 'WAITING_TURN'))`,
  );
  const [, whatsapp] = await logOf().channels();
  expect(whatsapp).toMatchObject({ pending: 1, lastFault: null });
});
