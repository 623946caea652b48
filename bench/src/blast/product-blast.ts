import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { BlastProgress } from '@koneksi/contracts/blasts';
import { now, until } from '../clock.ts';
import { Api, type Subscriber } from '../product/api.ts';
import { postgresUsage } from '../product/postgres-usage.ts';
import { ProductServer } from '../product/server.ts';
import type { Speed, Surroundings } from './surroundings.ts';

const WITHIN_MS = 300_000;
const TEXT = 'Promo akhir pekan: diskon 20 % di semua outlet';

interface Options extends Surroundings {
  dataDir: string;
  sessions: number;
  messages: number;
}

/** Blasts of the built product over its own interface, pacing off, from the request until all are acknowledged. */
export async function measureBlast(options: Options): Promise<Speed[]> {
  const { dataDir, service, simulator, sessions, messages, numbers } = options;
  const server = new ProductServer({ dataDir, simulator: service, env: { BLAST_PACE_MS: '0-0' } });
  await server.start();
  const api = await Api.login(server.url);
  await until('all outlets to be healthy', 60_000, async () => (await api.statuses()).healthy === sessions);
  const subscriber = api.subscribe();
  await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
  const [warmUp, measured] = [numbers(messages), numbers(messages)];
  await simulator.register([...warmUp, ...measured]);
  await sendBlast(api, subscriber, warmUp, sessions);
  const speeds: Speed[] = [];
  for (const [round, chats] of (['new', 'known'] as const).entries()) {
    const postgres = await postgresUsage(await server.postgresPid());
    const [cpu, begun] = [await server.probe.cpu(), now()];
    const finished = await sendBlast(api, subscriber, measured, sessions);
    const postgresAfter = await postgresUsage(await server.postgresPid());
    speeds.push({
      who: 'Koneksi, the whole durable path',
      sessions,
      chats,
      messages,
      wall: (finished - begun) / 1000,
      cpu: (await server.probe.cpu()) - cpu,
      postgresCpu: postgres && postgresAfter ? postgresAfter.cpu - postgres.cpu : null,
      shown: await simulator.showing(measured, round + 1),
    });
  }
  subscriber.close();
  await server.stop();
  return speeds;
}

/** Resolves with when a subscriber was told that it is over. */
export async function sendBlast(
  api: Api,
  subscriber: Subscriber,
  recipients: readonly string[],
  sessions: number,
): Promise<number> {
  // The product spreads numbers that are nobody's contacts over the outlets in turn.
  const phones = [...recipients];
  const outletIds = (await api.outlets()).slice(0, sessions).map(({ id }) => id);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The blast did not finish')), WITHIN_MS);
    const ended = new Map<string, number>();
    let blastId: string | null = null;
    const settle = (): void => {
      const at = blastId === null ? undefined : ended.get(blastId);
      if (at === undefined) return;
      clearTimeout(timer);
      subscriber.off('blast:progressed', listen);
      resolve(at);
    };
    const listen = (progress: BlastProgress): void => {
      if (progress.status === 'finished') ended.set(progress.blastId, now());
      settle();
    };
    subscriber.on('blast:progressed', listen);
    api
      .post<BlastCreated>('/blasts', { outletIds, message: TEXT, audience: { phones }, repeatAcknowledged: true })
      .then(({ id }) => {
        blastId = id;
        settle();
      })
      .catch(reject);
  });
}
