import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { CreatedWebhook } from '@koneksi/contracts/webhooks';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import type { RawEnv } from '../src/config/env.js';
import { childEnv, ChildKoneksi } from './support/child-koneksi.js';
import { eventually } from './support/eventually.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { isSignedBy, WebhookReceiver } from './support/webhook-receiver.js';

let simulator: Simulator;
let database: TestDatabase;
let receiver: WebhookReceiver;
let env: RawEnv;
let running: ChildKoneksi | null = null;

beforeAll(async () => {
  simulator = await startSimulator({ control: false });
  database = await createTestDatabase();
  receiver = await WebhookReceiver.start();
  env = childEnv(
    { database, simulator },
    {
      EGRESS_ALLOW: '127.0.0.0/8',
      WEBHOOK_RETRY_MS: '50',
      WEBHOOK_TIMEOUT_MS: '500',
    },
  );
});
afterAll(async () => {
  await running?.kill();
  await receiver.die();
  await simulator.stop();
  await database.drop();
});

async function start(): Promise<{ child: ChildKoneksi; token: string }> {
  running = await ChildKoneksi.start(env);
  await running.ready();
  return { child: running, token: await running.signIn() };
}

async function kill(): Promise<void> {
  await running?.kill();
  running = null;
}

test('nothing is lost and nothing overtakes, though the process is killed before and while it is sent', async () => {
  let { child, token } = await start();
  const made = await Promise.all(
    ['1', '2'].map((digit) =>
      child.call<Outlet>('POST', '/outlets', token, { name: `Toko ${digit}`, whatsappNumber: `62812345678${digit}` }),
    ),
  );
  const { secret } = await child.call<CreatedWebhook>('POST', '/webhooks', token, {
    url: receiver.url(),
    events: ['outlet.status.changed'],
  });
  const names: string[] = [];
  const rename = async (name: string): Promise<void> => {
    names.push(name);
    for (const { id } of made) await child.call('PATCH', `/outlets/${id}`, token, { name });
  };
  const written = (): Promise<{ count: number }[]> =>
    database.dataSource.query(
      `SELECT count(*)::int AS count FROM outlet_status_change WHERE element -> 'outlet' ->> 'name' = $1`,
      [names.at(-1)],
    );
  const committed = () =>
    eventually('the names are in the log', async () => (await written())[0]?.count === made.length);

  /** Of each outlet: one that was answered late may be told twice. */
  const bothTold = (name: string) =>
    eventually(`both are told of ${name}`, () =>
      made.every(({ id }) =>
        receiver.taken.some(({ data: { status } }) => status?.outletId === id && status.outlet.name === name),
      ),
    );

  await rename('sebelum');
  await bothTold('sebelum');

  // It has the request and has not answered when its sender dies.
  const held = new Promise<void>((resolve) => receiver.behave(() => resolve()));
  await rename('di tengah');
  await committed();
  await held;
  await kill();
  const inFlight = new Set(
    receiver.heard.filter(({ data }) => data.status?.outlet.name === 'di tengah').map(({ id }) => id),
  );
  receiver.behave();

  ({ child, token } = await start());
  await bothTold('di tengah');
  const again = receiver.taken.filter(({ data }) => data.status?.outlet.name === 'di tengah').map(({ id }) => id);
  for (const id of inFlight) expect(again).toContain(id);

  // Nobody was there to be told when it happened, and the sender is killed too.
  await receiver.die();
  await rename('berdua mati');
  await committed();
  await kill();
  await receiver.open();
  await start();
  await bothTold('berdua mati');

  for (const { id } of made) {
    const told = receiver.taken.filter(({ data }) => data.status.outletId === id);
    const revisions = told.map(({ data }) => data.status.revision as number);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    expect(
      [...new Set(told.map(({ data }) => data.status.outlet.name as string))].filter((name) => names.includes(name)),
    ).toEqual(names);
    expect(told.every((heard) => isSignedBy(secret, heard))).toBe(true);
  }
}, 120_000);
