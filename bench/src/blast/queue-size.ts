import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import { now, until } from '../clock.ts';
import { Api } from '../product/api.ts';
import { ProductServer } from '../product/server.ts';
import type { Surroundings } from './surroundings.ts';

/** One request names no more. */
const PER_BLAST = 10_000;

export interface QueueResult {
  queued: number;
  /** Milliseconds to create a blast of the largest size. */
  create: number;
  messages: number;
  /** Seconds for the first `messages` of all that are queued. */
  wall: number;
  cpu: number;
}

interface Options extends Surroundings {
  dataDir: string;
  queued: number;
  messages: number;
}

/** How fast the first messages leave while so many wait behind them. */
export async function measureQueue(options: Options): Promise<QueueResult> {
  const { dataDir, service, simulator, queued, messages, numbers } = options;
  const server = new ProductServer({ dataDir, simulator: service, env: { BLAST_PACE_MS: '0-0' } });
  await server.start();
  const api = await Api.login(server.url);
  await until('the outlet to be healthy', 60_000, async () => (await api.statuses()).healthy === 1);
  const [outlet] = await api.outlets();
  if (!outlet) throw new Error('there is no outlet');
  const settings = (body: object): Promise<unknown> => api.patch(`/outlets/${outlet.id}/blast-settings`, body);
  await settings({ newChatsPerDay: 0, knownChatsPerDay: 0 });
  const waiting = numbers(queued);
  await simulator.register(waiting.slice(0, messages + 100));
  const ids: string[] = [];
  let create = 0;
  for (let from = 0; from < queued; from += PER_BLAST) {
    const begun = now();
    const audience = { phones: waiting.slice(from, from + PER_BLAST) };
    const body = { outletIds: [outlet.id], message: 'Promo akhir pekan untuk semua', audience };
    ids.push((await api.post<BlastCreated>('/blasts', body)).id);
    create = Math.max(create, now() - begun);
  }
  const sent = async (): Promise<number> => {
    const { counts } = await api.get<Blast>(`/blasts/${ids[0]}`);
    return counts.sent + counts.delivered + counts.read;
  };
  const [cpu, begun] = [await server.probe.cpu(), now()];
  await settings({ newChatsPerDay: 100_000, knownChatsPerDay: 100_000 });
  await until('the first messages to be acknowledged', 300_000, async () => (await sent()) >= messages, 25);
  const wall = (now() - begun) / 1000;
  const used = (await server.probe.cpu()) - cpu;
  await server.stop();
  return { queued, create, messages, wall, cpu: used };
}
