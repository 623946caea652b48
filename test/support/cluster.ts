import type { QrAnswer, Outlet } from '@koneksi/contracts/outlets';
import type { OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import type { RawEnv } from '../../src/config/env.js';
import { childEnv, ChildKoneksi } from './child-koneksi.js';
import { eventually } from './eventually.js';
import { asNode } from './history-triggers.js';
import { History } from './history.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** Several processes that start at once on two busy cores. */
const READY_WITHIN_MS = 60_000;

/** An outlet that is linked, and the number of its phone. */
export interface ClusterOutlet {
  readonly id: string;
  readonly number: string;
}

/** Real processes of the built product that share one PostgreSQL and one simulated WhatsApp, under watch. */
export class Cluster {
  /** Every process that was started, by its name; those that ended as well. */
  readonly nodes = new Map<string, ChildKoneksi>();
  readonly outlets: ClusterOutlet[] = [];

  private constructor(
    readonly simulator: Simulator,
    readonly database: TestDatabase,
    readonly history: History,
    private readonly env: RawEnv,
  ) {}

  /** No node runs yet. All that are started have this environment. */
  static async make(env: RawEnv = {}): Promise<Cluster> {
    const [simulator, database] = await Promise.all([startSimulator({ control: false }), createTestDatabase()]);
    const history = await History.watch(database.dataSource, simulator);
    const settings = { SEVERAL_NODES: 'on', BLAST_PACE_MS: '0-0', ...env };
    return new Cluster(simulator, database, history, childEnv({ database, simulator }, settings));
  }

  /** Starts one more and waits until it listens. */
  async start(name: string, env: RawEnv = {}): Promise<ChildKoneksi> {
    const node = await ChildKoneksi.start({ ...this.env, ...env, DATABASE_URL: asNode(this.database.url, name) });
    this.nodes.set(name, node);
    await node.ready(READY_WITHIN_MS);
    return node;
  }

  /** So many more outlets, linked at this node. */
  async link(node: ChildKoneksi, token: string, count: number): Promise<void> {
    const made: ClusterOutlet[] = [];
    for (let index = 0; index < count; index++) {
      const number = `62813${String(this.outlets.length + index).padStart(8, '0')}`;
      const settings = { name: `Outlet ${number}`, whatsappNumber: number };
      const { id } = await node.call<Outlet>('POST', '/outlets', token, settings);
      made.push({ id, number });
    }
    for (const { id, number } of made) {
      await node.call('POST', `/outlets/${id}/connect`, token);
      const { qr } = await eventually('a QR is shown', () =>
        node.call<QrAnswer>('GET', `/outlets/${id}/qr`, token).catch(() => null),
      );
      await this.simulator.phone(number).scan(qr);
    }
    this.outlets.push(...made);
    await eventually(
      'all are linked',
      async () => (await this.connectedAt(node, token)).length === this.outlets.length,
    );
  }

  /** Those that are connected, as this node tells. */
  async connectedAt(node: ChildKoneksi, token: string): Promise<string[]> {
    const { statuses } = await node.call<OutletStatusDocument>('GET', '/outlets/status', token);
    return statuses.filter(({ session }) => session.status === 'CONNECTED').map(({ outletId }) => outletId);
  }

  /** Who owns what: the outlets of each node by its name, `null` where nobody does. */
  async owners(): Promise<Map<string | null, string[]>> {
    const rows = await this.database.dataSource.query<{ outletId: string; node: string | null }[]>(
      `SELECT l.outlet_id AS "outletId", c.node FROM wa_lease l LEFT JOIN history.claim c USING (owner) ORDER BY 1`,
    );
    const byNode = Map.groupBy(rows, ({ node }) => node);
    return new Map([...byNode].map(([node, owned]) => [node, owned.map(({ outletId }) => outletId)]));
  }

  async stop(): Promise<void> {
    for (const node of this.nodes.values()) await node.kill();
    await this.simulator.stop();
    await this.database.drop();
  }
}
