import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Koneksi as Subscription, type Connection, type CursorStore } from '@koneksi/client';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Outlet } from '@koneksi/contracts/outlets';
import { BreakableNetwork } from './support/breakable-network.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi } from './support/koneksi.js';

let koneksi: Koneksi;
let network: BreakableNetwork;
let outlet: Outlet;
let key: string;

beforeAll(async () => {
  network = await BreakableNetwork.start();
  koneksi = await Koneksi.start();
  network.leadTo(koneksi.app.port);
  outlet = await koneksi.outlet();
  key = expectOk(
    await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'replica', role: 'ADMIN' } }),
  ).key;
});

afterAll(async () => {
  await network.stop();
  await koneksi.stop();
});

/** A subscriber with everything it was told, and its cursor in memory as a file would keep it. */
class Subscriber {
  readonly names: string[] = [];
  readonly cursors: number[] = [];
  readonly connections: Connection[] = [];
  snapshots = 0;
  failing = false;
  private subscription: Subscription | null = null;
  private kept: number | null = null;

  start(token: string | (() => Promise<string>) = key): this {
    const cursor: CursorStore = { load: () => this.kept, save: (saved) => void (this.kept = saved) };
    this.subscription = new Subscription({
      url: network.origin,
      token,
      cursor,
      onChange: ({ cursor: number, status }) => {
        if (this.failing) throw new Error('the database of the subscriber is away');
        this.cursors.push(number);
        if (status.outletId === outlet.id) this.names.push(status.outlet.name);
      },
      onSnapshot: () => void this.snapshots++,
      onConnection: (connection) => this.connections.push(connection),
    });
    return this;
  }

  get statuses(): ReadonlyMap<string, OutletStatus> {
    return this.subscription!.statuses;
  }

  async is(state: Connection['state']): Promise<void> {
    await eventually(`the subscription is ${state}`, () => this.connections.at(-1)?.state === state);
  }

  async hears(name: string): Promise<void> {
    await eventually(`${name} is told`, () => this.names.includes(name));
  }

  stop(): Promise<void> {
    return this.subscription!.close();
  }
}

async function rename(name: string): Promise<void> {
  const page = await koneksi.dashboard();
  expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name } }));
  await page.next(outlet.id, name, ({ status }) => status.outlet.name === name);
  page.close();
}

/** Nothing twice, nothing out of order, and what it holds is what the product says. */
async function expectExact(subscriber: Subscriber, names: string[]): Promise<void> {
  await subscriber.hears(names.at(-1)!);
  expect(subscriber.names).toEqual(names);
  expect(subscriber.cursors).toEqual([...new Set(subscriber.cursors)].sort((a, b) => a - b));
  const { statuses } = await koneksi.statuses();
  await eventually('the replica equals the document', () =>
    statuses.every(({ outletId, revision }) => subscriber.statuses.get(outletId)?.revision === revision),
  );
}

test('a subscriber hears every change once, over cuts, restarts of the server and of itself, and changed rights', async () => {
  const subscriber = new Subscriber().start();
  await subscriber.is('live');
  expect(subscriber.snapshots).toBe(1);
  await rename('live');

  network.cut();
  await subscriber.is('lost');
  await rename('while cut off 1');
  await rename('while cut off 2');
  network.mend();
  await subscriber.is('live');

  await koneksi.pause();
  await subscriber.is('lost');
  await koneksi.resume();
  network.leadTo(koneksi.app.port);
  await rename('after the server came back');
  await subscriber.is('live');

  await subscriber.stop();
  await rename('while it was stopped');
  subscriber.start();
  await subscriber.is('live');
  await rename('after its own restart');

  await expectExact(subscriber, [
    'live',
    'while cut off 1',
    'while cut off 2',
    'after the server came back',
    'while it was stopped',
    'after its own restart',
  ]);
  expect(subscriber.snapshots).toBe(1);
  await subscriber.stop();
});

test('a subscriber whose access token ends asks for another, and misses nothing', async () => {
  const person = await koneksi.person('ADMIN');
  let asked = 0;
  const subscriber = new Subscriber().start(async () => {
    asked++;
    return koneksi.signIn(person.user.email, 'correct horse staple');
  });
  await subscriber.is('live');
  // Cut as at the end of a token: `io server disconnect`, after which socket.io itself never comes back.
  expectOk(await koneksi.call('PATCH', `/users/${person.user.id}`, { body: { role: 'SUPERADMIN' } }));
  await eventually('it came with another token', () => asked > 1);
  await rename('after the token');
  await subscriber.hears('after the token');
  expect(subscriber.connections.map(({ state, code }) => `${state} ${code ?? ''}`.trim())).toEqual([
    'live',
    'lost io server disconnect',
    'live',
  ]);
  await subscriber.stop();
});

test('a key that is revoked is told as refused, and tried again', async () => {
  const made = expectOk(
    await koneksi.call<CreatedApiKey & { id: string }>('POST', '/api-keys', { body: { name: 'till', role: 'ADMIN' } }),
  );
  const subscriber = new Subscriber().start(made.key);
  await subscriber.is('live');
  await koneksi.call('DELETE', `/api-keys/${made.id}`);
  await subscriber.is('refused');
  expect(subscriber.connections.at(-1)).toEqual({ state: 'refused', code: 'UNAUTHENTICATED' });
  await subscriber.stop();
});

test('what a subscriber could not process is given to it again, before anything later', async () => {
  const subscriber = new Subscriber().start();
  await subscriber.is('live');
  subscriber.failing = true;
  await rename('hard to swallow');
  await rename('behind it');
  subscriber.failing = false;
  await expectExact(subscriber, ['hard to swallow', 'behind it']);
  await subscriber.stop();
});
