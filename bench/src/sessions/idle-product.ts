import { now, until } from '../clock.ts';
import { postgresUsage } from '../product/postgres-usage.ts';
import { ProductServer } from '../product/server.ts';
import { pause, settled, type Footprint, type Surroundings } from './footprint.ts';

/** Faster than the default lets a process knock; still 10 at once. Only the waiting is shorter. */
const FAST = { WA_CONNECTS_PER_SECOND: '1000', WA_CONNECT_BURST: '10000' };

interface Options extends Surroundings {
  dataDir: string;
  outlets: number;
  idleSeconds: number;
  /** The product without outlets; its CPU until ready is no login's. */
  empty?: Footprint;
}

/** The product restarted with linked outlets, until all are logged in, and then left alone. */
export async function measureIdleProduct({
  dataDir,
  service,
  simulator,
  outlets,
  idleSeconds,
  empty,
}: Options): Promise<Footprint> {
  const server = new ProductServer({ dataDir, simulator: service, env: FAST });
  await server.start();
  const readyAt = now();
  await until(`${outlets} logins`, 300_000, async () => (await simulator.online()) >= outlets, 50);
  const loginWall = (now() - readyAt) / 1000;
  // What follows a login: the mailbox, the status, the last keys.
  await pause(1_500);
  const cpu = await server.probe.cpu();
  const memory = await settled(server.probe);
  const postmaster = await server.postgresPid();
  const postgresBefore = await postgresUsage(postmaster);
  const idleFrom = await server.probe.cpu();
  await pause(idleSeconds * 1000);
  const idleCpu = (await server.probe.cpu()) - idleFrom;
  const postgres = await postgresUsage(postmaster);
  const postgresIdleCpu = postgres && postgresBefore && postgres.cpu - postgresBefore.cpu;
  await server.stop();
  const startCpu = empty ? empty.startCpu : cpu;
  return {
    sessions: outlets,
    ...memory,
    startCpu,
    loginCpu: cpu - startCpu,
    loginWall,
    idleCpu,
    idleSeconds,
    postgres,
    postgresIdleCpu,
  };
}
