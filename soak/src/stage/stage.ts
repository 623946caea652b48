import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import pg from 'pg';
import { until } from '../../../bench/src/clock.ts';
import { Api } from '../../../bench/src/product/api.ts';
import { ProductServer } from '../../../bench/src/product/server.ts';
import type { World } from '../scenario.ts';
import { linkAll, type LinkedOutlet } from './linking.ts';
import { PostgresRoad } from './postgres-road.ts';

/** Access tokens end after a quarter of an hour. */
const TOKEN_MS = 10 * 60_000;

/** The built product in a process of its own, between a WhatsApp and a PostgreSQL that both break on demand. */
export class Stage {
  readonly simulator: Simulator;
  readonly road: PostgresRoad;
  readonly product: ProductServer;
  readonly pool: pg.Pool;
  private token: { api: Api; at: number } | null = null;
  private numbers = 0;
  /** What a process must never say, of every process so far. */
  private complaints = '';

  private constructor(world: World, road: PostgresRoad, env: Record<string, string>) {
    this.simulator = world.simulator;
    this.road = road;
    this.pool = new pg.Pool({ connectionString: world.databaseUrl, max: 5 });
    // Of connections nobody uses just then; PostgreSQL may be killed.
    this.pool.on('error', () => undefined);
    this.product = new ProductServer({
      // Holds nothing: the database is given.
      dataDir: join(tmpdir(), 'koneksi-soak'),
      simulator: world.simulator,
      env: {
        DATABASE_URL: road.url,
        JWT_SECRET: randomBytes(32).toString('hex'),
        CREDENTIALS_KEY: randomBytes(32).toString('base64'),
        WA_CONNECTS_PER_SECOND: '200',
        WA_CONNECT_BURST: '500',
        RECONCILE_INTERVAL_MS: '1000',
        BLAST_PACE_MS: '0-0',
        BLAST_RECEIPT_WAIT_MS: '3000',
        LOG_FORMAT: 'json',
        ...env,
      },
    });
  }

  /** Opens one, with a product that is ready, for as long as `work` takes. */
  static async with<T>(
    world: World,
    work: (stage: Stage) => Promise<T>,
    { env = {} }: { env?: Record<string, string> } = {},
  ): Promise<T> {
    const stage = new Stage(world, await PostgresRoad.start(world.databaseUrl), env);
    try {
      await stage.product.start();
      return await work(stage);
    } finally {
      await stage.product.kill().catch(() => undefined);
      await stage.pool.end();
      await stage.road.stop();
      world.simulator.faults.clear();
    }
  }

  async api(): Promise<Api> {
    if (!this.token || Date.now() - this.token.at > TOKEN_MS)
      this.token = { api: await Api.login(this.product.url), at: Date.now() };
    return this.token.api;
  }

  async sql<Row extends pg.QueryResultRow>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, parameters)).rows;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.keepComplaints();
    await this.product.kill();
    this.road.hangUp();
  }

  /** SIGTERM, and how long it took. */
  async terminate(): Promise<{ milliseconds: number; exitCode: number | null }> {
    const from = performance.now();
    await this.product.stop();
    this.keepComplaints();
    return { milliseconds: Math.round(performance.now() - from), exitCode: this.product.exitCode };
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.product.start();
  }

  /** What the processes so far said of errors nobody caught; empty where all is well. */
  get unhandled(): string {
    return this.complaints + complaintsIn(this.product.output);
  }

  private keepComplaints(): void {
    this.complaints += complaintsIn(this.product.output);
  }

  async outlet(): Promise<LinkedOutlet> {
    const number = `62814${String(++this.numbers).padStart(8, '0')}`;
    const { id } = await (await this.api()).createOutlet(number);
    return { id, number, phone: this.simulator.phone(number, { name: number, platform: 'android' }) };
  }

  /** So many outlets whose phones have scanned. */
  async linked(count: number): Promise<LinkedOutlet[]> {
    const outlets: LinkedOutlet[] = [];
    for (let index = 0; index < count; index++) outlets.push(await this.outlet());
    await this.link(outlets);
    return outlets;
  }

  /** Presses Koneksikan and scans what is shown, until all are connected. */
  link(outlets: readonly LinkedOutlet[], withinMs?: number): Promise<void> {
    return linkAll(() => this.api(), outlets, withinMs);
  }

  async statusesOf(outlets: readonly LinkedOutlet[]): Promise<OutletStatus[]> {
    const ids = new Set(outlets.map(({ id }) => id));
    const { statuses } = await (await this.api()).statuses();
    return statuses.filter(({ outletId }) => ids.has(outletId));
  }

  /** Resolves once all are healthy, with how long it took; rejects naming those that are not. Milliseconds. */
  async allHealthy(outlets: readonly LinkedOutlet[], withinMs = 60_000): Promise<number> {
    const from = performance.now();
    let ill: OutletStatus[] = [];
    try {
      await until('all outlets to be healthy', withinMs, async () => {
        ill = (await this.statusesOf(outlets).catch(() => null)) ?? ill;
        ill = ill.filter(({ healthy }) => !healthy);
        return ill.length === 0 && (await this.ready());
      });
    } catch {
      const reasons = ill.map(({ session, reason }) => `${session.status} ${reason?.code ?? ''}`);
      throw new Error(`${ill.length} of ${outlets.length} outlets did not come back: ${[...new Set(reasons)].join()}`);
    }
    return performance.now() - from;
  }

  async ready(): Promise<boolean> {
    return fetch(`${this.product.url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Customers of an outlet as its contacts, on WhatsApp. */
  async contacts(outlet: Pick<Outlet, 'id'>, first: number, count: number): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, index) => `628778${String(first + index).padStart(7, '0')}`);
    for (const number of numbers) this.simulator.phone(number);
    await this.sql(
      `INSERT INTO contacts (id, outlet_id, number, name, fields, tags)
       SELECT gen_random_uuid(), $1, n, 'Pelanggan', '{}', '{}' FROM unnest($2::text[]) AS n`,
      [outlet.id, numbers],
    );
    return numbers;
  }

  /** These outlets' links: the present ones, and finished ones that were set aside. */
  async links(outlets: readonly LinkedOutlet[]): Promise<{ id: string; outlet_id: string; aside: boolean }[]> {
    return this.sql(
      `SELECT id, outlet_id, quarantined_at IS NOT NULL AS aside FROM wa_credential
       WHERE outlet_id = ANY ($1::uuid[]) AND (quarantined_at IS NULL OR linked_number IS NOT NULL)
       ORDER BY id`,
      [outlets.map(({ id }) => id)],
    );
  }

  /** The connections this outlet's account has at WhatsApp and that are not frozen. */
  liveConnections({ number }: LinkedOutlet): number {
    return this.simulator.connections().filter((each) => each.number === number && !each.frozen).length;
  }

  pause(ms: number): Promise<void> {
    return pause(ms);
  }
}

/** Errors nobody caught, of what a product printed; empty where all is well. */
export function complaintsIn(output: string): string {
  return output
    .split('\n')
    .filter((line) => /Unhandled rejection|Uncaught exception/.test(line))
    .join('\n');
}
