import { Child, launcherSettings } from '../children/child.ts';
import type { BareMethods, KeptIn } from '../children/bare-baileys.ts';
import { now } from '../clock.ts';
import { childFile } from '../product/linked-state.ts';
import { pause, settled, type Footprint, type Surroundings } from './footprint.ts';

/** As many at once as the product connects. */
const AT_ONCE = 10;

export interface BareVariant {
  name: string;
  keptIn: KeptIn;
  /** With what the launcher gives the product: few malloc arenas, a small young generation. */
  tuned: boolean;
}

interface Options extends Surroundings {
  variant: BareVariant;
  directory: string;
  count: number;
  idleSeconds: number;
}

/** Bare sessions restarted with their credentials. Memory before the first one is the same process without any. */
export async function measureBare({
  variant,
  service,
  directory,
  count,
  idleSeconds,
}: Options): Promise<Footprint & { empty: { rss: number; rssAfterGc: number } }> {
  const file = childFile('bare-baileys');
  const bare = new Child<BareMethods>(variant.tuned ? { file, ...launcherSettings() } : { file });
  await bare.call.start(service, directory, variant.keptIn);
  const empty = { rss: await bare.call.rss(), rssAfterGc: (await bare.call.afterGc()).rss };
  // Parsing a thousand pre-keys of each is the price of this way to keep them, not of a login.
  if (variant.keptIn === 'memory') await bare.call.load(count);
  const startCpu = await bare.call.cpu();
  const begun = now();
  if (variant.keptIn === 'files') await bare.call.load(count);
  await bare.call.open(AT_ONCE);
  const loginWall = (now() - begun) / 1000;
  await pause(1_500);
  const loginCpu = (await bare.call.cpu()) - startCpu;
  const memory = await settled(bare.call);
  const idleFrom = await bare.call.cpu();
  await pause(idleSeconds * 1000);
  const idleCpu = (await bare.call.cpu()) - idleFrom;
  await bare.call.stop();
  await bare.end();
  return { sessions: count, ...memory, startCpu, loginCpu, loginWall, idleCpu, idleSeconds, empty };
}
