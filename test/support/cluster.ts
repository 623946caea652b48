import type { Outlet, QrAnswer } from '@koneksi/contracts/outlets';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import type { RawEnv } from '../../src/config/env.js';
import { childEnv, ChildKoneksi } from './child-koneksi.js';
import { eventually } from './eventually.js';
import { asNode, socketsOf } from './history-triggers.js';
import { History } from './history.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { WatchedPage } from './watched-page.js';

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
  private readonly sockets = new Map<string, number>();
  private readonly pages = new Map<string, WatchedPage>();

  private constructor(
    readonly simulator: Simulator,
    readonly database: TestDatabase,
    readonly history: History,
    private readonly env: RawEnv,
  ) {
    simulator.on('login', ({ connection, number }) => {
      if (number === null) return;
      this.sockets.set(number, connection);
    });
    simulator.on('disconnected', ({ connection, number }) => {
      if (number === null || this.sockets.get(number) !== connection) return;
      this.sockets.delete(number);
    });
  }

  /** No node runs yet. All that are started have this environment. */
  static async make(env: RawEnv = {}): Promise<Cluster> {
    const [simulator, database] = await Promise.all([startSimulator({ control: false }), createTestDatabase()]);
    const history = await History.watch(database.dataSource, simulator);
    const settings = { SEVERAL_NODES: 'on', BLAST_PACE_MS: '0-0', ...env };
    return new Cluster(simulator, database, history, childEnv({ database, simulator }, settings));
  }

  /** Starts one more and waits until it listens. */
  async start(name: string, env: RawEnv = {}): Promise<ChildKoneksi> {
    const known = {
      DATABASE_URL: asNode(this.database.url, name),
      WA_WEB_SOCKET_URL: socketsOf(this.simulator.url, name),
    };
    const node = await ChildKoneksi.start({ ...this.env, ...known, ...env });
    this.nodes.set(name, node);
    await node.ready();
    return node;
  }

  /** A page is open at this node from now on, and its cursors are in the history. */
  async openPage(name: string, token: string): Promise<void> {
    const { url } = this.nodes.get(name)!;
    this.pages.set(
      name,
      await WatchedPage.open(url, () => Promise.resolve(token), this.history.page(`page at ${name}`)),
    );
  }

  /** Resolves when every page whose node runs knows the newest change. */
  async pagesKnowAll(): Promise<void> {
    const living = [...this.pages].filter(([name]) => this.nodes.get(name)!.isRunning).map(([, page]) => page);
    await eventually('every page knows all', async () => {
      const [row] = await this.database.dataSource.query<{ newest: number }[]>(
        'SELECT value::int AS newest FROM status_cursor',
      );
      return living.every(({ cursor }) => cursor !== null && cursor >= row!.newest);
    });
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
    await eventually('all are linked', () => this.connected().length === this.outlets.length);
  }

  /** Those whose socket is open, as WhatsApp sees it. */
  connected(): string[] {
    return this.outlets.filter(({ number }) => this.sockets.has(number)).map(({ id }) => id);
  }

  /** Resolves when each outlet has a socket and a node; answers how long that took. Milliseconds. */
  async allConnected(at: readonly string[]): Promise<number> {
    const since = performance.now();
    await eventually(
      `all are connected at ${at.join(' and ')}`,
      async () =>
        this.connected().length === this.outlets.length &&
        [...(await this.owners()).keys()].every((node) => node !== null && at.includes(node)),
    );
    return performance.now() - since;
  }

  /** Who owns what: the outlets of each node by its name, `null` where nobody does. */
  async owners(): Promise<Map<string | null, string[]>> {
    const rows = await this.database.dataSource.query<{ outletId: string; node: string | null }[]>(
      `SELECT l.outlet_id AS "outletId", c.node FROM wa_lease l LEFT JOIN history.claim c USING (owner) ORDER BY 1`,
    );
    const byNode = Map.groupBy(rows, ({ node }) => node);
    return new Map([...byNode].map(([node, owned]) => [node, owned.map(({ outletId }) => outletId)]));
  }

  /** How many claims there were so far, of all outlets: each move is one. */
  async claims(): Promise<number> {
    const [row] = await this.database.dataSource.query<{ claims: number }[]>(
      'SELECT sum(epoch)::int AS claims FROM wa_lease',
    );
    return row!.claims;
  }

  async stop(): Promise<void> {
    for (const page of this.pages.values()) page.close();
    for (const node of this.nodes.values()) await node.kill();
    await this.simulator.stop();
    await this.database.drop();
  }
}
