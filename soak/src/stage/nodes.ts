import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import pg from 'pg';
import { until } from '../../../bench/src/clock.ts';
import { Api } from '../../../bench/src/product/api.ts';
import { ProductServer } from '../../../bench/src/product/server.ts';
import { asNode, socketsOf } from '../../../test/support/history-triggers.ts';
import { History } from '../../../test/support/history.ts';
import { WatchedPage } from '../../../test/support/watched-page.ts';
import type { World } from '../scenario.ts';
import { linkAll, type LinkedOutlet } from './linking.ts';
import { PostgresRoad } from './postgres-road.ts';
import { holdersIn } from './socket-log.ts';
import { complaintsIn } from './stage.ts';

const NAMES = ['a', 'b', 'c'];
/** Access tokens end after a quarter of an hour. */
const TOKEN_MS = 10 * 60_000;
/** The time to live, and the logins of all on a busy machine. */
const SETTLED_WITHIN_MS = 180_000;
/** Shares that differ by less stay as they are. */
const TOLERANCE = 0.1;

/** A process of the product, and its own way to PostgreSQL. */
export interface ClusterNode {
  readonly name: string;
  readonly product: ProductServer;
  readonly road: PostgresRoad;
}

/** Three processes of the built product on one PostgreSQL and one WhatsApp, and everything that both and open pages see. */
export class Nodes {
  readonly simulator: Simulator;
  readonly all: readonly ClusterNode[];
  readonly outlets: LinkedOutlet[] = [];
  /** Sockets that may be replaced: those of processes that stood still. */
  mayReplace = 0;
  /** Nodes that nobody can ask, or that own nothing for now. */
  private readonly away = new Set<string>();
  private readonly tokens = new Map<string, { api: Api; at: number }>();
  private readonly pages: WatchedPage[] = [];
  private readonly pool: pg.Pool;
  private watch: History | null = null;
  private unhandledSoFar = '';

  private constructor(world: World, all: readonly ClusterNode[]) {
    this.simulator = world.simulator;
    this.all = all;
    this.pool = new pg.Pool({ connectionString: world.databaseUrl, max: 3 });
    this.pool.on('error', () => undefined);
  }

  /** With so many outlets linked and spread, for as long as `work` takes. */
  static async with<T>(world: World, outlets: number, work: (nodes: Nodes) => Promise<T>): Promise<T> {
    const secrets = {
      JWT_SECRET: randomBytes(32).toString('hex'),
      CREDENTIALS_KEY: randomBytes(32).toString('base64'),
    };
    const all = await Promise.all(NAMES.map((name) => nodeOf(world, name, secrets)));
    const nodes = new Nodes(world, all);
    try {
      await nodes.begin(outlets);
      return await work(nodes);
    } finally {
      for (const page of nodes.pages) page.close();
      for (const { product } of all) await product.kill().catch(() => undefined);
      await nodes.pool.end();
      for (const { road } of all) await road.stop();
    }
  }

  get history(): History {
    if (!this.watch) throw new Error('nothing is watched yet');
    return this.watch;
  }

  /** At a node that can answer. */
  async api(): Promise<Api> {
    const node = this.standing[0];
    if (!node) throw new Error('no node stands');
    const known = this.tokens.get(node.name);
    if (known && Date.now() - known.at < TOKEN_MS) return known.api;
    const api = await Api.login(node.product.url);
    this.tokens.set(node.name, { api, at: Date.now() });
    return api;
  }

  async sql<Row extends pg.QueryResultRow>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, parameters)).rows;
  }

  /** From here on it is not counted on, until it is `back`. */
  leaves({ name }: ClusterNode): void {
    this.away.add(name);
  }

  back({ name }: ClusterNode): void {
    this.away.delete(name);
  }

  async start(node: ClusterNode): Promise<void> {
    this.unhandledSoFar += complaintsIn(node.product.output);
    await node.product.start();
    this.back(node);
  }

  /** Numbers whose socket is this node's, as WhatsApp sees it. */
  heldBy({ name }: ClusterNode): string[] {
    return [...holdersIn(this.history.sockets)].filter(([, node]) => node === name).map(([number]) => number);
  }

  /** Resolves when each outlet has a socket, at a node that stands, and each of these has about its share. */
  async settled(): Promise<void> {
    const names = this.standing.map(({ name }) => name);
    const most = Math.ceil(this.outlets.length / names.length) * (1 + TOLERANCE);
    let told = '';
    await until(`${names.join(', ')} to have all outlets`, SETTLED_WITHIN_MS, async () => {
      const owned = await this.owned();
      const held = Map.groupBy(holdersIn(this.history.sockets), ([, node]) => node);
      told = names.map((name) => `${name} ${owned.get(name) ?? 0}/${held.get(name)?.length ?? 0}`).join(', ');
      const count = names.reduce((sum, name) => sum + (held.get(name)?.length ?? 0), 0);
      return (
        count === this.outlets.length &&
        names.every((name) => (owned.get(name) ?? 0) <= most && owned.get(name) === held.get(name)?.length)
      );
    }).catch((error: Error) => {
      throw new Error(`${error.message}; owned and open: ${told}`, { cause: error });
    });
  }

  /** How many claims there were of each outlet. */
  async epochs(): Promise<string> {
    const rows = await this.sql('SELECT outlet_id, epoch FROM wa_lease ORDER BY outlet_id');
    return JSON.stringify(rows);
  }

  /** Resolves when every page knows the newest change. */
  async pagesKnowAll(): Promise<void> {
    await until('every page to know all', SETTLED_WITHIN_MS, async () => {
      const [row] = await this.sql<{ newest: number }>('SELECT value::int AS newest FROM status_cursor');
      return this.pages.every(({ cursor }) => cursor !== null && row !== undefined && cursor >= row.newest);
    });
  }

  /** What the processes so far said of errors nobody caught; empty where all is well. */
  get unhandled(): string {
    return this.unhandledSoFar + this.all.map(({ product }) => complaintsIn(product.output)).join('');
  }

  pause(ms: number): Promise<void> {
    return pause(ms);
  }

  private get standing(): ClusterNode[] {
    return this.all.filter(({ name }) => !this.away.has(name));
  }

  private async owned(): Promise<Map<string, number>> {
    const rows = await this.sql<{ node: string; outlets: number }>(
      'SELECT c.node, count(*)::int AS outlets FROM wa_lease l JOIN history.claim c USING (owner) GROUP BY 1',
    );
    return new Map(rows.map(({ node, outlets }) => [node, outlets]));
  }

  /** The first makes the tables that are watched, and links all. */
  private async begin(outlets: number): Promise<void> {
    const [first, ...others] = this.all;
    if (!first) return;
    for (const node of others) this.leaves(node);
    await first.product.start();
    const query = (sql: string): Promise<unknown> => this.pool.query(sql).then(({ rows }): unknown => rows);
    this.watch = await History.watch({ query }, this.simulator);
    const api = await this.api();
    for (let index = 1; index <= outlets; index++) {
      const number = `62814${String(index).padStart(8, '0')}`;
      const { id } = await api.createOutlet(number);
      const phone = this.simulator.phone(number, { name: number, platform: 'android' });
      this.outlets.push({ id, number, phone });
    }
    await linkAll(() => this.api(), this.outlets);
    for (const node of others) await this.start(node);
    const token = async (): Promise<string> => (await this.api()).token;
    for (const { name, product } of this.all)
      this.pages.push(await WatchedPage.open(product.url, token, this.history.page(`page at ${name}`)));
    await this.settled();
  }
}

async function nodeOf(world: World, name: string, secrets: Record<string, string>): Promise<ClusterNode> {
  const road = await PostgresRoad.start(world.databaseUrl);
  const { url, rootKey } = world.simulator;
  const product = new ProductServer({
    // Holds nothing: the database is given.
    dataDir: join(tmpdir(), 'koneksi-soak'),
    simulator: { url: socketsOf(url, name), rootKey },
    env: {
      ...secrets,
      DATABASE_URL: asNode(road.url, name),
      SEVERAL_NODES: 'on',
      BLAST_PACE_MS: '0-0',
      BLAST_RECEIPT_WAIT_MS: '3000',
      LOG_FORMAT: 'json',
    },
  });
  return { name, product, road };
}
