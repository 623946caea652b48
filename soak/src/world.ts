import { startSimulator } from '@koneksi/whatsapp-simulator';
import { later } from '../../bench/src/clean-up.ts';
import { temporaryDirectory } from '../../bench/src/paths.ts';
import { OwnPostgres } from '../../bench/src/product/own-postgres.ts';
import type { World } from './scenario.ts';

/** A PostgreSQL with the product's own settings and a WhatsApp; both end with the run. */
export async function ownWorld(): Promise<World> {
  const server = await OwnPostgres.start(await temporaryDirectory());
  const simulator = await startSimulator({ control: false });
  later(() => simulator.stop());
  return { simulator, databaseUrl: server.url };
}
