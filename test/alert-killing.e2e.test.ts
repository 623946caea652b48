import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AlertDelivery, AlertDeliveryPage } from '@koneksi/contracts/alerts';
import type { Outlet } from '@koneksi/contracts/outlets';
import { startSimulator, type Phone, type Simulator } from '@koneksi/whatsapp-simulator';
import type { RawEnv } from '../src/config/env.js';
import { childEnv, ChildKoneksi } from './support/child-koneksi.js';
import { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { MailServer } from './support/mail-server.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const READERS = ['satu@example.com', 'dua@example.com', 'tiga@example.com'];

let simulator: Simulator;
let database: TestDatabase;
let mail: MailServer;
let env: RawEnv;
let running: ChildKoneksi | null = null;
let token = '';

beforeAll(async () => {
  simulator = await startSimulator({ control: false });
  database = await createTestDatabase();
  mail = await MailServer.start();
  env = childEnv(
    { database, simulator },
    {
      INCIDENT_AFTER_MS: '200',
      INCIDENT_WELL_FOR_MS: '200',
      SMTP_URL: mail.url,
      SMTP_FROM: 'alerts@example.com',
      ALERT_RETRY_MS: '10',
      ALERT_SPACING_MS: '0',
    },
  );
});
afterAll(async () => {
  await running?.kill();
  await mail.die();
  await simulator.stop();
  await database.drop();
});

async function start(): Promise<ChildKoneksi> {
  // Those of the dead would be waited for.
  await database.dataSource.query('UPDATE alert_deliveries SET leased_until = NULL');
  running = await ChildKoneksi.start(env);
  await running.ready();
  token = await running.signIn();
  return running;
}

async function kill(): Promise<void> {
  await running?.kill();
  running = null;
}

/** The phone of a new outlet. One that was there before would have to log in after a start, which may be told as a fall. */
async function linked(child: ChildKoneksi, name: string, whatsappNumber: string): Promise<Phone> {
  const dashboard = await Dashboard.open(child.url, token);
  const outlet = await child.call<Outlet>('POST', '/outlets', token, { name, whatsappNumber });
  const phone = simulator.phone(whatsappNumber, { name, platform: 'android' });
  await child.call('POST', `/outlets/${outlet.id}/connect`, token, {});
  await phone.scan(await dashboard.qr(outlet.id));
  await dashboard.becomes(outlet.id, 'CONNECTED');
  dashboard.close();
  return phone;
}

const deliveries = (child: ChildKoneksi): Promise<AlertDelivery[]> =>
  child.call<AlertDeliveryPage>('GET', '/alert-deliveries', token).then(({ items }) => items);

/** Who was told of an outlet, one line for each mail that was taken. */
const toldOf = (name: string): string[] =>
  mail.taken.filter(({ subject }) => subject === `Bermasalah: ${name}`).map(({ to }) => to);

/** The reconnect links that mails of an outlet carry. */
const linksOf = (name: string): Set<string | undefined> =>
  new Set(
    mail.taken
      .filter(({ subject }) => subject === `Bermasalah: ${name}`)
      .map(({ body }) => /\/r\/([\w-]{43})\s/.exec(body)?.[1]),
  );

const all = (name: string): Promise<unknown> =>
  eventually(`everybody is told of ${name}`, () => READERS.every((reader) => toldOf(name).includes(reader)));

test('what is due when the process dies is sent once when it is back', async () => {
  let child = await start();
  const braga = await linked(child, 'Braga', '628123456700');
  await child.call('POST', '/alert-rules', token, {
    name: 'Jaga',
    graceMinutes: 0,
    reconnectLink: true,
    recipients: READERS.map((to) => ({ channel: 'email', to })),
  });

  // Written, and no server has it: it is away when the outlet falls.
  await mail.die();
  braga.unlink();
  await eventually('three wait', async () => (await deliveries(child)).filter(({ tries }) => tries > 0).length === 3);
  await kill();
  await mail.open();
  child = await start();
  await all('Braga');
  await eventually('all are known to be sent', async () =>
    (await deliveries(child)).every(({ status }) => status === 'sent'),
  );
  expect(toldOf('Braga').toSorted()).toEqual(READERS.toSorted());

  const cihampelas = await linked(child, 'Cihampelas', '628123456701');
  // The server has them and has not said so: it never says yes to whoever died.
  const held = new Promise<void>((resolve) => {
    let count = 0;
    mail.holding(() => void (++count === 3 && resolve()));
  });
  cihampelas.unlink();
  await held;
  await kill();
  mail.holding(null);
  child = await start();
  await all('Cihampelas');
  await eventually('all are known to be sent', async () =>
    (await deliveries(child)).every(({ status }) => status === 'sent'),
  );
  expect(toldOf('Cihampelas').toSorted()).toEqual(READERS.toSorted());
  for (const name of ['Braga', 'Cihampelas']) expect([...linksOf(name)]).toEqual([expect.any(String)]);

  const dago = await linked(child, 'Dago', '628123456702');
  // Taken, and the sender dies before it can know: sent once more, and whoever gets it can tell by its id.
  const first = new Promise<void>((resolve) => {
    mail.holding((_, answer) => {
      answer();
      resolve();
    });
  });
  dago.unlink();
  await first;
  await kill();
  mail.holding(null);
  child = await start();
  await all('Dago');
  await eventually('all are known to be sent', async () =>
    (await deliveries(child)).every(({ status }) => status === 'sent'),
  );
  const ids = new Map(mail.taken.filter(({ subject }) => subject === 'Bermasalah: Dago').map(({ id, to }) => [id, to]));
  expect([...ids.values()].toSorted()).toEqual(READERS.toSorted());

  // Nothing was said a second time, under whatever id.
  const kinds = (await deliveries(child)).map(({ kind, to, names }) => `${kind} ${to} ${names.join()}`);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(kinds).toHaveLength(9);
}, 300_000);
