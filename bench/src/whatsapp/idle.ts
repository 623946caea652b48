import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BareMethods } from '../children/bare-baileys.ts';
import type { CaredProductMethods } from '../children/cared-product.ts';
import { Child, plainEnv } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api } from '../product/api.ts';
import { childFile } from '../product/linked-state.ts';
import { link } from '../product/link.ts';
import { SUPERADMIN } from '../product/server.ts';
import { pause, type Found, type Part } from './part.ts';

const DAYS = 60;
const SETTLE_MS = 3_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** 05.00 in Jakarta, by when every outlet had its minute of the night. */
const NIGHT_ENDS_MS = 22 * 60 * MINUTE_MS;
/** As its README starts it; and of an account without a name and with `markOnlineOnConnect` off, which says nothing. */
const BARE = '628590000001';
const BARE_SILENT = '628590000002';
const OURS = '628590000003';
const CUSTOMER = '628111222333';
const ALL = [BARE, BARE_SILENT, OURS];

export const idle: Part = { name: 'idle', about: 'linked through 60 days without use, beside bare rc14', run };

const NAMES: Record<string, string> = {
  [BARE]: 'bare rc14',
  [BARE_SILENT]: 'bare rc14 that says nothing of its presence',
  [OURS]: 'Koneksi',
};

/** The phones are used every day, as shops do; what is linked to them is not. */
async function run(): Promise<Found> {
  const directory = await temporaryDirectory();
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const bare = await linkedBare(directory, BARE, service, simulator, true);
  const silent = await linkedBare(directory, BARE_SILENT, service, simulator, false);
  const product = new Child<CaredProductMethods>({ file: childFile('cared-product'), env: plainEnv() });
  const api = await Api.login(await product.call.start(envOf(join(directory, 'data'), service)));
  const subscriber = api.subscribe();
  await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
  const outlet = await api.createOutlet(OURS);
  await link(api, subscriber, simulator.call, outlet);

  const lasted = new Map(ALL.map((number) => [number, DAYS]));
  for (let day = 1; day <= DAYS; day++) {
    await simulator.call.advance(DAY_MS);
    const night = Math.floor(Date.now() / DAY_MS) * DAY_MS + NIGHT_ENDS_MS + day * DAY_MS;
    await product.call.careAt(night);
    await product.call.careAt(night + 3 * MINUTE_MS);
    for (const number of ALL) {
      await simulator.call.say(number, CUSTOMER, 'Selamat pagi');
      await simulator.call.say(CUSTOMER, number, 'Pagi');
      if ((await simulator.call.devices(number)) === 0) lasted.set(number, Math.min(day, lasted.get(number) ?? day));
    }
  }
  const isHealthy = (await api.statuses()).healthy === 1;
  const isLinked = (await simulator.call.devices(OURS)) === 1;
  subscriber.close();
  await product.call.stop();
  const rows = await Promise.all(
    ALL.map(async (number) => [
      NAMES[number] ?? number,
      lasted.get(number) ?? 0,
      (await simulator.call.devices(number)) === 1 ? 'yes' : 'no',
      await simulator.call.silenced(number),
    ]),
  );
  await Promise.all([bare.call.stop(), silent.call.stop()]);
  await simulator.call.stop();
  return {
    tables: [
      {
        title: `Linked and not used, of ${DAYS} simulated days`,
        columns: ['', 'days', 'linked at the end', 'messages for which the phone kept quiet'],
        rows,
      },
    ],
    targets: [
      {
        name: 'linked and healthy at the end',
        aim: `${DAYS} days`,
        measured: `${lasted.get(OURS)} days; bare rc14 that says nothing ${lasted.get(BARE_SILENT)}`,
        met: isHealthy && isLinked,
      },
    ],
    details: { rows, isHealthy, isLinked },
  };
}

async function linkedBare(
  directory: string,
  number: string,
  service: { url: string; rootKey: string },
  simulator: Child<SimulatorMethods>,
  isOnline: boolean,
): Promise<Child<BareMethods>> {
  const bare = new Child<BareMethods>({ file: childFile('bare-baileys') });
  const states = join(directory, number);
  await mkdir(states, { recursive: true });
  await bare.call.start(service, states, 'files', isOnline);
  await simulator.call.scan(number, await bare.call.firstQr(number), isOnline ? number : '');
  await bare.call.untilLinked(number);
  // Whatever it says of its presence after its first login.
  await pause(SETTLE_MS);
  return bare;
}

const envOf = (dataDir: string, { url, rootKey }: { url: string; rootKey: string }): Record<string, string> => ({
  PORT: '0',
  DATA_DIR: dataDir,
  SUPERADMIN_EMAIL: SUPERADMIN.email,
  SUPERADMIN_PASSWORD: SUPERADMIN.password,
  WA_WEB_SOCKET_URL: url,
  WA_ROOT_KEY: rootKey,
});
