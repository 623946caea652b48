import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import type { BlastKind } from './blast.entity.js';
import { MadeInADay } from './made-in-a-day.js';

const HOUR_S = 3_600;

let database: TestDatabase;
let made: MadeInADay;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => {
  // As another process would see it.
  made = new MadeInADay(database.dataSource, new Clock());
});
afterAll(() => database.drop());

const who = (role: Caller['role']): Caller => ({
  id: randomUUID(),
  kind: 'user',
  name: role,
  role,
  outletIds: 'all',
});
const sql = (text: string, values: unknown[]): Promise<unknown> => database.dataSource.query(text, values);
/** Blasts that were canceled right after, so many seconds ago. */
const canceled = (
  { id }: Caller,
  count: number,
  { recipients = 1, ago = 0, kind = 'blast' }: { recipients?: number; ago?: number; kind?: BlastKind } = {},
): Promise<unknown> =>
  sql(
    `INSERT INTO blasts (id, kind, status, created_at, created_by, created_by_name, recipients, key_id, wrapped_key, message, request_hash)
     SELECT gen_random_uuid(), $3, 'canceled', now() - $5 * interval '1 second', $1, 'Budi', $4, '', '', '', ''
     FROM generate_series(1, $2)`,
    [id, count, kind, recipients, ago],
  );
const requireRoom = (caller: Caller): Promise<void> => made.requireRoom(database.dataSource.manager, caller);
const refusalOf = async (caller: Caller): Promise<{ retryAfterSeconds: number; limit: { name: string } }> => {
  try {
    await requireRoom(caller);
  } catch (refusal) {
    return refusal as { retryAfterSeconds: number; limit: { name: string } };
  }
  throw new Error('nothing was refused');
};

test('nobody makes more than two thousand blasts in a day, and nobody is held up by others', async () => {
  const [admin, other] = [who('ADMIN'), who('ADMIN')];
  await canceled(admin, 1_990);
  await canceled(admin, 10, { kind: 'repeating', recipients: 0 });
  await requireRoom(admin);
  await canceled(admin, 1);
  await expect(requireRoom(admin)).rejects.toMatchObject({
    code: 'TOO_MANY_ATTEMPTS',
    limit: { name: 'blasts-a-day' },
  });
  await requireRoom(other);
  expect((await made.quotas(admin)).blasts).toEqual({ name: 'blasts-a-day', limit: 2_000, used: 2_001 });
});

test.each([
  ['USER', 1_000_000],
  ['ADMIN', 10_000_000],
  ['SUPERADMIN', 10_000_000],
] as const)('blasts of a %s reach as many in a day as %i', async (role, most) => {
  const caller = who(role);
  await canceled(caller, 2, { recipients: most / 2 });
  await requireRoom(caller);
  expect((await made.quotas(caller)).recipients).toEqual({ name: 'recipients-a-day', limit: most, used: most });
  await canceled(caller, 1);
  await expect(requireRoom(caller)).rejects.toMatchObject({
    code: 'TOO_MANY_ATTEMPTS',
    limit: { name: 'recipients-a-day', quota: most, left: 0, windowSeconds: 86_400 },
  });
});

test('a day later there is room, and who is refused is told when', async () => {
  const caller = who('USER');
  await canceled(caller, 1, { recipients: 900_000, ago: 25 * HOUR_S });
  await canceled(caller, 1, { recipients: 10, ago: 23 * HOUR_S });
  await canceled(caller, 1, { recipients: 600_000, ago: 20 * HOUR_S });
  await requireRoom(caller);
  await canceled(caller, 1, { recipients: 500_000 });
  const { retryAfterSeconds } = await refusalOf(caller);
  expect(Math.abs(retryAfterSeconds - 4 * HOUR_S)).toBeLessThan(60);
});

test('what a repeating blast made, messages and saved texts are none that a caller made', async () => {
  const caller = who('USER');
  await canceled(caller, 1, { kind: 'repeating', recipients: 0 });
  await canceled(caller, 3, { kind: 'message' });
  await canceled(caller, 3, { kind: 'saved' });
  await canceled(caller, 1, { recipients: 40 });
  await sql(
    `INSERT INTO repeating_blasts (id, status, rule, audience, by_id, by_name)
     SELECT id, 'active', '{}', '{}', created_by, 'Budi' FROM blasts WHERE created_by = $1 AND kind = 'repeating'`,
    [caller.id],
  );
  await sql(
    `INSERT INTO blast_repetitions (repeating_id, due_on, outcome, blast_id, at)
     SELECT r.id, now()::date, 'made', b.id, now() FROM blasts b, repeating_blasts r
     WHERE b.created_by = $1 AND b.kind = 'blast' AND r.by_id = $1`,
    [caller.id],
  );
  await canceled(caller, 1, { recipients: 7 });
  const { blasts, recipients } = await made.quotas(caller);
  expect([blasts.used, recipients.used]).toEqual([2, 7]);
});
