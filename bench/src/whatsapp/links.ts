import { join } from 'node:path';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { temporaryDirectory } from '../paths.ts';
import { childFile } from '../product/linked-state.ts';
import { measureLinks } from '../sessions/links.ts';
import { median, summarise } from '../statistics.ts';
import { atMost, type Found, type Part } from './part.ts';

const AIM_MS = 150;

export const links: Part = { name: 'links', about: 'scan → CONNECTED', run };

async function run(isQuick: boolean): Promise<Found> {
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const dataDir = join(await temporaryDirectory(), 'data');
  const looked = isQuick ? 5 : 40;
  const linked = await measureLinks({ dataDir, service, simulator: simulator.call, looked, atOnce: 0 });
  await simulator.call.stop();
  const samples = linked.map(({ scanToConnected }) => scanToConnected);
  return {
    targets: [atMost(`scan → CONNECTED, median of ${looked}`, AIM_MS, median(samples))],
    details: { scanToConnected: summarise(samples), samples },
  };
}
