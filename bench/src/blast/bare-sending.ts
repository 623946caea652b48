import { Child, launcherSettings } from '../children/child.ts';
import type { BareMethods, KeptIn } from '../children/bare-baileys.ts';
import { now } from '../clock.ts';
import { childFile } from '../product/linked-state.ts';
import { shares, type Speed, type Surroundings } from './surroundings.ts';

const AT_ONCE = 10;

interface Options extends Surroundings {
  directory: string;
  keptIn: KeptIn;
  sessions: number;
  messages: number;
}

/** `sendMessage` of bare Baileys, each session one message after the other. */
export async function measureBareSending(options: Options): Promise<Speed[]> {
  const { service, simulator, directory, keptIn, sessions, messages, numbers } = options;
  const bare = new Child<BareMethods>({ file: childFile('bare-baileys'), ...launcherSettings() });
  await bare.call.start(service, directory, keptIn);
  await bare.call.load(sessions);
  await bare.call.open(AT_ONCE);
  const [warmUp, measured] = [numbers(messages), numbers(messages)];
  await simulator.register([...warmUp, ...measured]);
  await bare.call.send(shares(warmUp, sessions), 'Halo, ini pemanasan');
  const speeds: Speed[] = [];
  for (const [round, chats] of (['new', 'known'] as const).entries()) {
    const [cpu, begun] = [await bare.call.cpu(), now()];
    await bare.call.send(shares(measured, sessions), 'Promo akhir pekan: diskon 20 % di semua outlet');
    const wall = (now() - begun) / 1000;
    speeds.push({
      who: `bare Baileys, keys in ${keptIn}`,
      sessions,
      chats,
      messages,
      wall,
      cpu: (await bare.call.cpu()) - cpu,
      postgresCpu: null,
      shown: await simulator.showing(measured, round + 1),
    });
  }
  await bare.call.stop();
  await bare.end();
  return speeds;
}
