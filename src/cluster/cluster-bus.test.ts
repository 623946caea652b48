import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { eventually } from '../../test/support/eventually.js';
import { NATS_SERVER, NatsServer } from '../../test/support/nats.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { KeyEncryptionKey } from '../common/envelope.js';
import { NoAnswer } from './cluster-bus.js';
import { NatsWire } from './nats-wire.js';
import { PostgresWire } from './postgres-wire.js';
import type { Wire, WireListener } from './wire.js';
import { WiredBus } from './wired-bus.js';

/** One engine, and what may happen to it. */
interface Engine {
  begin(): Promise<void>;
  wire(): Wire;
  /** Every connection of every node is cut; they may come back. */
  cut(): Promise<void>;
  /** What everybody on the wire could read. */
  spy(heard: (text: string) => void): Promise<void>;
  end(): Promise<void>;
}

/** A node's own way to the wire, which can be cut by itself: the others speak and hear on. */
class OwnWay implements Wire {
  readonly longest: number;
  private listener: WireListener | null = null;
  private isCut = false;

  constructor(private readonly wire: Wire) {
    this.longest = wire.longest;
  }

  open(nodeId: string, listener: WireListener): Promise<void> {
    this.listener = listener;
    const heard = (frame: string): void => void (this.isCut || listener.heard(frame));
    return this.wire.open(nodeId, { heard, back: () => listener.back() });
  }

  cut(): void {
    this.isCut = true;
  }

  mend(): void {
    this.isCut = false;
    this.listener?.back();
  }

  send(to: string, frames: readonly string[]): Promise<void> {
    return this.isCut ? Promise.reject(new Error('no connection to other nodes')) : this.wire.send(to, frames);
  }

  alsoAs = (nodeId: string): Promise<void> => this.wire.alsoAs(nodeId);
  sendSql = (text: string): string | null => this.wire.sendSql(text);
  close = (): Promise<void> => this.wire.close();
}

class OnPostgres implements Engine {
  private database!: TestDatabase;
  private readonly spies: pg.Client[] = [];

  async begin(): Promise<void> {
    this.database = await createTestDatabase();
  }

  wire(): Wire {
    return new PostgresWire(this.database.url);
  }

  async cut(): Promise<void> {
    await this.database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'koneksi-listener'`,
    );
  }

  async spy(heard: (text: string) => void): Promise<void> {
    const client = new pg.Client({ connectionString: this.database.url });
    client.on('notification', ({ payload }) => heard(payload ?? ''));
    await client.connect();
    this.spies.push(client);
    await client.query('LISTEN koneksi');
  }

  async end(): Promise<void> {
    for (const spy of this.spies) await spy.end();
    await this.database.drop();
  }

  /** Runs a statement that publishes in its own commit; rolled back where it should come to nothing. */
  async state(sql: string, keep: boolean): Promise<void> {
    await this.database.dataSource.query(`BEGIN; SELECT ${sql}; ${keep ? 'COMMIT' : 'ROLLBACK'}`);
  }
}

class OnNats implements Engine {
  private server!: NatsServer;
  private readonly spies: NatsWire[] = [];

  async begin(): Promise<void> {
    this.server = await NatsServer.start();
  }

  wire(): Wire {
    return new NatsWire(this.server.url);
  }

  async cut(): Promise<void> {
    await this.server.end();
    await this.server.begin();
  }

  async spy(heard: (text: string) => void): Promise<void> {
    const wire = new NatsWire(this.server.url);
    this.spies.push(wire);
    await wire.open('spy', { heard, back: () => undefined });
  }

  async end(): Promise<void> {
    for (const spy of this.spies) await spy.close();
    await this.server.end();
  }
}

const ENGINES: [string, Engine | null][] = [
  ['PostgreSQL', new OnPostgres()],
  ['NATS', NATS_SERVER === null ? null : new OnNats()],
];
if (NATS_SERVER === null) process.stderr.write('The bus on NATS is not tested: there is no nats-server here\n');

const KEY = randomBytes(32);
beforeAll(() => Logger.overrideLogger(false));

describe.each(ENGINES.filter((entry): entry is [string, Engine] => entry[1] !== null))('the bus on %s', (_, engine) => {
  const open: WiredBus[] = [];

  interface Node {
    id: string;
    bus: WiredBus;
    way: OwnWay;
    heard: unknown[];
    gaps: () => number;
  }

  async function node(key = KEY): Promise<Node> {
    const id = randomUUID();
    const way = new OwnWay(engine.wire());
    const bus = new WiredBus(id, way, new KeyEncryptionKey(key));
    const heard: unknown[] = [];
    let gaps = 0;
    bus.subscribe('news', (payload) => heard.push(payload));
    bus.onGap(() => gaps++);
    await bus.open();
    open.push(bus);
    return { id, bus, way, heard, gaps: () => gaps };
  }

  beforeAll(() => engine.begin());
  afterEach(async () => {
    for (const bus of open.splice(0)) await bus.close();
  });
  afterAll(() => engine.end());

  test('what one node tells reaches every other, in order, once, and nobody who did not ask for it', async () => {
    const [teller, one, other] = [await node(), await node(), await node()];
    const off: unknown[] = [];
    const stop = one.bus.subscribe('other news', (payload) => off.push(payload));
    stop();
    const told = Array.from({ length: 300 }, (__, number) => ({ number }));
    for (const fact of told) teller.bus.publish('news', fact);
    teller.bus.publish('other news', 1);
    teller.bus.publish('news');
    await eventually('all news heard', () => [one, other].every(({ heard }) => heard.length > 300));
    for (const { heard } of [one, other]) expect(heard).toEqual([...told, null]);
    expect(teller.heard).toEqual([]);
    expect(off).toEqual([]);
  });

  test('long words arrive whole and between the short ones, and too long ones not at all', async () => {
    const [teller, listener] = [await node(), await node()];
    const long = Array.from({ length: 9_000 }, (__, number) => `Kopi Tuku ☕ ${number}`);
    teller.bus.publish('news', 'before');
    teller.bus.publish('news', long);
    teller.bus.publish('news', 'after');
    await eventually('three words heard', () => listener.heard.length === 3);
    expect(listener.heard).toEqual(['before', long, 'after']);
    expect(() => teller.bus.publish('news', 'x'.repeat(2_000_000))).toThrow(RangeError);
  });

  test('a question is answered by the node it went to and no other, many at once', async () => {
    const [asker, one, other] = [await node(), await node(), await node()];
    for (const { id, bus } of [one, other]) {
      bus.answering('double', (payload, from) => Promise.resolve([id, from, 2 * (payload as number)]));
    }
    const answers = await Promise.all(
      Array.from({ length: 50 }, (__, n) => asker.bus.ask(n % 2 ? one.id : other.id, 'double', n, 5_000)),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, (__, n) => [n % 2 ? one.id : other.id, asker.id, 2 * n]));
  });

  test('who fails over a question, does not know it or is not there gives no answer, and one that is late is none', async () => {
    const [asker, other] = [await node(), await node()];
    other.bus.answering('fail', () => Promise.reject(new Error('no')));
    const { promise, resolve } = Promise.withResolvers<number>();
    other.bus.answering('wait', () => promise);
    await expect(asker.bus.ask(other.id, 'fail', 1, 5_000)).rejects.toThrow(NoAnswer);
    await expect(asker.bus.ask(other.id, 'unknown', 1, 5_000)).rejects.toThrow(NoAnswer);
    await expect(asker.bus.ask(randomUUID(), 'wait', 1, 50)).rejects.toThrow(NoAnswer);
    await expect(asker.bus.ask(other.id, 'wait', 1, 50)).rejects.toThrow(NoAnswer);
    resolve(1);
    other.bus.answering('next', () => Promise.resolve('next'));
    expect(await asker.bus.ask(other.id, 'next', null, 5_000)).toBe('next');
  });

  test('a listener that fails holds up no other', async () => {
    const [teller, listener] = [await node(), await node()];
    const heard: unknown[] = [];
    listener.bus.subscribe('bad news', () => {
      throw new Error('no');
    });
    listener.bus.subscribe('bad news', (payload) => heard.push(payload));
    teller.bus.publish('bad news', 1);
    await eventually('the failing listener passed', () => heard.length === 1);
  });

  test('a lost connection is a gap, told once it carries again; then everything works as before', async () => {
    const [asker, other] = [await node(), await node()];
    other.bus.answering('double', (payload) => Promise.resolve(2 * (payload as number)));
    await engine.cut();
    await eventually('a gap told to both', () => asker.gaps() > 0 && other.gaps() > 0);
    expect(await asker.bus.ask(other.id, 'double', 21, 5_000)).toBe(42);
    asker.bus.publish('news', 'again');
    await eventually('heard again', () => other.heard.length === 1);
    expect(other.heard).toEqual(['again']);
  });

  test('what a node told while it alone was cut off is a gap to all others, once it is back', async () => {
    const [teller, one, other] = [await node(), await node(), await node()];
    teller.way.cut();
    teller.bus.publish('news', 'lost');
    one.bus.publish('news', 'kept');
    await eventually('the others hear each other', () => other.heard.length === 1);
    expect([teller, one, other].map(({ gaps }) => gaps())).toEqual([0, 0, 0]);
    teller.way.mend();
    teller.bus.publish('news', 'after');
    await eventually('the word after the gap', () => [one, other].every(({ heard }) => heard.includes('after')));
    expect([teller, one, other].map(({ gaps }) => gaps())).toEqual([1, 1, 1]);
    expect([...one.heard, ...other.heard]).not.toContain('lost');
  });

  test('who hears of a gap tells of none, and many that come back together are no storm', async () => {
    const listener = await node();
    const gone = await Promise.all(Array.from({ length: 8 }, () => node()));
    const said: string[] = [];
    listener.bus.subscribe('gap', (_, from) => said.push(from));
    for (const { way } of gone) way.cut();
    for (const { way } of gone) way.mend();
    for (const { bus } of gone) bus.publish('news', 'after');
    await eventually('every word after the gap', () => [listener, ...gone].every(({ heard }) => heard.length >= 7));
    await eventually('the last of them', () => listener.heard.length === 8);
    expect(said.toSorted()).toEqual(gone.map(({ id }) => id).toSorted());
    for (const { gaps } of [listener, ...gone]) expect(gaps()).toBeLessThan(4);
  });

  test('nothing is readable on the wire, and who lacks the key is neither heard nor obeyed', async () => {
    const seen: string[] = [];
    await engine.spy((text) => seen.push(text));
    const [teller, stranger, listener] = [await node(), await node(randomBytes(32)), await node()];
    listener.bus.answering('obey', () => Promise.resolve('obeyed'));
    teller.bus.publish('news', { code: 'ABCD-EFGH' });
    await eventually('what was said', () => listener.heard.length === 1 && seen.length > 0);
    expect(seen.join()).not.toContain('ABCD');
    expect(seen.join()).not.toContain('news');
    expect(stranger.heard).toEqual([]);
    stranger.bus.publish('news', 'forged');
    await expect(stranger.bus.ask(listener.id, 'obey', null, 200)).rejects.toThrow(NoAnswer);
    // Whoever cannot read what was said may have missed something.
    await eventually('a gap', () => listener.gaps() > 0);
    expect(listener.heard).toEqual([{ code: 'ABCD-EFGH' }]);
  });

  test('a word that is said again by somebody else is not heard again', async () => {
    const seen: string[] = [];
    await engine.spy((text) => seen.push(text));
    const [teller, listener] = [await node(), await node()];
    teller.bus.publish('news', 1);
    await eventually('the word', () => listener.heard.length === 1 && seen.length === 1);
    const wire = engine.wire();
    await wire.open('echo', { heard: () => undefined, back: () => undefined });
    await wire.send('*', seen);
    teller.bus.publish('news', 2);
    await eventually('the second word', () => listener.heard.includes(2));
    await wire.close();
    expect(listener.heard).toEqual([1, 2]);
  });

  test('a node that others took for dead is asked by its new name, and hears nothing of itself', async () => {
    const [asker, other] = [await node(), await node()];
    const reborn = randomUUID();
    other.bus.answering('name', (__, from) => Promise.resolve(from));
    await other.bus.answerTo(reborn);
    expect(await asker.bus.ask(reborn, 'name', null, 5_000)).toBe(asker.id);
    expect(await asker.bus.ask(other.id, 'name', null, 5_000)).toBe(asker.id);
    other.bus.publish('news', 1);
    await eventually('the word of the reborn', () => asker.heard.length === 1);
    expect(other.heard).toEqual([]);
  });

  test('who is closed waits for no answer', async () => {
    const [asker, other] = [await node(), await node()];
    other.bus.answering('never', () => Promise.withResolvers().promise);
    const refused = expect(asker.bus.ask(other.id, 'never', null, 60_000)).rejects.toThrow(NoAnswer);
    await asker.bus.close();
    await refused;
  });
});

test('on PostgreSQL a statement publishes in its own commit, or not at all', async () => {
  const engine = new OnPostgres();
  await engine.begin();
  const [teller, listener] = [1, 2].map(() => new WiredBus(randomUUID(), engine.wire(), new KeyEncryptionKey(KEY)));
  const heard: unknown[] = [];
  listener!.subscribe('changed', (payload) => heard.push(payload));
  teller!.subscribe('changed', () => heard.push('of itself'));
  await Promise.all([teller!.open(), listener!.open()]);
  const sql = teller!.publishSql('changed')!;
  await engine.state(sql, false);
  await engine.state(`${sql}, ${sql}`, true);
  await eventually('the statement told', () => heard.length > 0);
  teller!.publish('changed', 'last');
  await eventually('the last word', () => heard.includes('last'));
  expect(heard).toEqual([null, 'last']);
  await Promise.all([teller!.close(), listener!.close()]);
  await engine.end();
});
