import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { DelegatedWork } from '../auth/delegated-work.js';
import { EndedKeys } from '../auth/ended-keys.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { Egress } from './egress.js';
import { OrphanedWebhooks } from './orphaned-webhooks.js';
import type { WebhookVault } from './webhook-vault.js';
import { WebhooksService } from './webhooks.service.js';

const BODY = { url: 'https://toko.example/', events: ['blast.finished' as const], outletIds: null };

let database: TestDatabase;
let webhooks: WebhooksService;
let orphans: OrphanedWebhooks;
let ani: Caller;

beforeAll(async () => {
  database = await createTestDatabase();
  const clock = new Clock();
  const vault = {
    close: () => ({ keyId: 'k', wrappedKey: Buffer.alloc(0), sealed: Buffer.alloc(0) }),
    open: () => ({ url: BODY.url, secret: 'x', previousSecret: null }),
  } as unknown as WebhookVault;
  webhooks = new WebhooksService(database.dataSource, vault, new Egress([]), clock);
  const keys = new EndedKeys(database.dataSource, clock);
  orphans = new OrphanedWebhooks(new DelegatedWork(), keys, database.dataSource, clock, new EventBus());
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.dataSource.query('DELETE FROM webhooks');
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

test('who is demoted beside it makes and takes over no webhook', async () => {
  const [budi, { id }] = [await person(), await webhooks.create(ani, BODY)];
  const other = database.dataSource.createQueryRunner();
  await other.startTransaction();
  await other.query(`UPDATE users SET role = 'USER' WHERE id = $1`, [budi.id]);
  const outcomes = Promise.allSettled([webhooks.create(budi, BODY), webhooks.update(budi, id, { enabled: true })]);
  await other.commitTransaction();
  await other.release();
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'FORBIDDEN' } });
  expect(await webhooks.list()).toMatchObject([{ id, createdBy: { id: ani.id } }]);
});

test('those of a key pause when its time is over', async () => {
  const key: Caller = { ...ani, id: randomUUID(), kind: 'api-key' };
  await database.dataSource.query(
    `INSERT INTO api_keys (id, name, role, hash, maker_id, expires_at)
     VALUES ($1, 'Kasir', 'ADMIN', 'x', $2, now() + interval '1 hour')`,
    [key.id, ani.id],
  );
  const [its, others] = [await webhooks.create(key, BODY), await webhooks.create(ani, BODY)];
  await orphans.pauseEnded();
  expect((await webhooks.list()).map(({ enabled }) => enabled)).toEqual([true, true]);
  await database.dataSource.query('UPDATE api_keys SET expires_at = created_at WHERE id = $1', [key.id]);
  await orphans.pauseEnded();
  expect(await webhooks.find(its.id)).toMatchObject({ enabled: false, paused: { code: 'AWAITS_ADMIN' } });
  expect(await webhooks.find(others.id)).toMatchObject({ enabled: true });
});

test('a port of another service is refused where it is typed, also where one is changed', async () => {
  const refusal = { code: 'VALIDATION_FAILED', problems: [{ field: 'url' }] };
  for (const port of [22, 25, 5432, 6379])
    await expect(webhooks.create(ani, { ...BODY, url: `https://toko.example:${port}/` })).rejects.toMatchObject(
      refusal,
    );
  const { id } = await webhooks.create(ani, { ...BODY, url: 'https://toko.example:8443/' });
  await expect(webhooks.update(ani, id, { url: 'http://toko.example:6667/' })).rejects.toMatchObject(refusal);
});

test('of several made in one moment none is beyond the last', async () => {
  for (let nth = 0; nth < 48; nth++) await webhooks.create(ani, BODY);
  const made = await Promise.allSettled(Array.from({ length: 6 }, () => webhooks.create(ani, BODY)));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(await webhooks.list()).toHaveLength(50);
});
