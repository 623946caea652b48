import { afterEach, expect, jest, test } from '@jest/globals';
import type { Membership } from '../cluster/membership.js';
import type { Clock } from '../common/clock.js';
import type { Config } from '../config/config.js';
import { ConnectGate, type Place } from './connect-gate.js';
import type { Urgency } from './domain/session-state.js';

const gateWith = (
  limits: { connectsPerSecond: number; connectBurst: number; connectingMax: number },
  now = () => performance.now(),
  membership = { nodes: 1 },
): ConnectGate => new ConnectGate({ whatsapp: limits } as Config, { now } as Clock, membership as Membership);

const WIDE = { connectsPerSecond: 1_000, connectBurst: 100, connectingMax: 4 };

interface Wish {
  urgency?: Urgency;
  outletId?: string;
  signal?: AbortSignal;
  onWaiting?: () => void;
}

const ask = (gate: ConnectGate, { urgency = 'later', outletId = 'o', ...wish }: Wish = {}): Promise<Place | null> =>
  gate.acquire({ urgency, outletId, signal: new AbortController().signal, onWaiting: () => undefined, ...wish });

/** Settled promises have run by then. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

afterEach(() => void jest.useRealTimers());

test('a place is given back by whoever shook hands, and by nobody else before that is slow', async () => {
  // No time goes by at all, so that nothing but the handshake can give a place back.
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  const gate = gateWith({ ...WIDE, connectingMax: 2 }, () => 0);
  const [first, second] = [await ask(gate), await ask(gate)];
  const admitted: string[] = [];
  for (const name of ['third', 'fourth', 'fifth', 'sixth'])
    void ask(gate, { outletId: name }).then(() => admitted.push(name));
  await turn();
  expect(admitted).toEqual([]);
  first?.leave();
  await turn();
  expect(admitted).toEqual(['third']);
  // How it was answered later is no second place.
  first?.answered(true);
  first?.leave();
  await turn();
  expect(admitted).toEqual(['third']);
  jest.advanceTimersByTime(gate.slowHandshakeMs - 1);
  await turn();
  expect(admitted).toEqual(['third']);
  jest.advanceTimersByTime(1);
  await turn();
  // The second's and the third's, which nobody heard of; not the first's once more.
  expect(admitted).toEqual(['third', 'fourth', 'fifth']);
  second?.leave();
  await turn();
  expect(admitted).toEqual(['third', 'fourth', 'fifth']);
});

test('no more than so many shake hands at once; each that leaves lets the next in, in order', async () => {
  const gate = gateWith({ ...WIDE, connectingMax: 2 });
  const admitted: number[] = [];
  const places: Place[] = [];
  for (let n = 0; n < 4; n++) {
    void ask(gate).then((place) => {
      admitted.push(n);
      if (place) places.push(place);
    });
  }
  await turn();
  expect(admitted).toEqual([0, 1]);
  places[0]?.leave();
  places[0]?.leave();
  await turn();
  expect(admitted).toEqual([0, 1, 2]);
  places[1]?.leave();
  await turn();
  expect(admitted).toEqual([0, 1, 2, 3]);
});

test('people go first, then links that just dropped, then all others', async () => {
  const gate = gateWith({ ...WIDE, connectBurst: 1, connectsPerSecond: 50 });
  await ask(gate);
  const order: Urgency[] = [];
  const wishes = (['later', 'later', 'first', 'person'] as const).map(async (urgency) => {
    await ask(gate, { urgency });
    order.push(urgency);
  });
  await Promise.all(wishes);
  expect(order).toEqual(['person', 'first', 'later', 'later']);
});

test('logins that are never answered keep neither a person nor a healthy outlet', async () => {
  const gate = gateWith(WIDE);
  for (let n = 0; n < 4; n++) await ask(gate, { outletId: String(n) });
  const began = performance.now();
  const behind = ask(gate, { urgency: 'first', outletId: 'healthy' });
  await ask(gate, { urgency: 'person', outletId: 'asked for' });
  expect(performance.now() - began).toBeLessThan(2_000);
  await behind;
  expect(performance.now() - began).toBeLessThan(15_000);
});

test('whoever waits for a place says so, and nobody else does', async () => {
  const gate = gateWith({ ...WIDE, connectingMax: 1 });
  const told: string[] = [];
  const first = await ask(gate, { onWaiting: () => told.push('first') });
  const second = ask(gate, { onWaiting: () => (told.push('second'), first?.leave()) });
  await second;
  expect(told).toEqual(['second']);
});

test('after the burst the rate holds', async () => {
  const gate = gateWith({ connectsPerSecond: 50, connectBurst: 3, connectingMax: 100 });
  const began = performance.now();
  for (let n = 0; n < 5; n++) await ask(gate);
  expect(performance.now() - began).toBeGreaterThanOrEqual(35);
});

test('one outlet that is refused again and again slows nobody else down; several do', async () => {
  const gate = gateWith(WIDE);
  const refuse = async (outletId: string): Promise<void> => (await ask(gate, { outletId }))?.answered(false);
  await refuse('sick');
  expect(gate.rate).toBe(5);
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await refuse('sick');
  expect(gate.rate).toBe(5);
  await refuse('second');
  expect(gate.rate).toBe(2.5);
  (await ask(gate, { outletId: 'sick' }))?.answered(true);
  expect(gate.rate).toBeGreaterThan(2.5);
});

test('who was refused and is heard of no more makes no sick outlet a sign of trouble', async () => {
  let now = 0;
  const gate = gateWith(WIDE, () => now);
  const refuse = async (outletId: string): Promise<void> => {
    const place = await ask(gate, { outletId });
    place?.answered(false);
    place?.leave();
    now += 5_000;
  };
  // Paused, removed, or told of once: four of them, and the one that is tried again and again.
  for (const gone of ['a', 'b', 'c', 'd', 'sick']) await refuse(gone);
  now += 60_000;
  for (let times = 0; times < 20; times++) {
    const place = await ask(gate, { outletId: 'well' });
    place?.leave();
    place?.answered(true);
    now += 1_000;
  }
  const { rate } = gate;
  expect(rate).toBeGreaterThan(2);
  for (let times = 0; times < 10; times++) await refuse('sick');
  expect(gate.rate).toBe(rate);
  for (const sick of ['x', 'y', 'x', 'y', 'sick']) await refuse(sick);
  expect(gate.rate).toBeLessThan(rate);
});

test('an attempt that never got to WhatsApp says nothing of it', async () => {
  const gate = gateWith(WIDE);
  (await ask(gate))?.answered(null);
  expect(gate.rate).toBe(10);
});

test('who gives up while waiting is passed over', async () => {
  const gate = gateWith({ ...WIDE, connectingMax: 1 });
  const first = await ask(gate);
  const leaving = new AbortController();
  const left = ask(gate, { signal: leaving.signal });
  const last = ask(gate);
  leaving.abort();
  expect(await left).toBeNull();
  first?.leave();
  expect(await last).not.toBeNull();
});

test('each of several nodes knocks at its part of the pace, and at more once the others are gone', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  let now = 0;
  const cluster = { nodes: 4 };
  const gates = Array.from({ length: 4 }, () =>
    gateWith({ connectsPerSecond: 8, connectBurst: 4, connectingMax: 1_000 }, () => now, cluster),
  );
  let admitted = 0;
  const admittedIn = async (ms: number, ...at: ConnectGate[]): Promise<number> => {
    const before = admitted;
    for (const gate of at)
      for (let nth = 0; nth < 400; nth++) void ask(gate).then((place) => (place?.leave(), admitted++));
    for (let step = 0; step < ms; step += 50) {
      now += 50;
      jest.advanceTimersByTime(50);
      await turn();
    }
    return admitted - before;
  };
  // What was allowed in a row was allowed to each while it knew of no other.
  await admittedIn(2_000, ...gates);
  const together = await admittedIn(10_000);
  expect(together).toBeGreaterThanOrEqual(76);
  expect(together).toBeLessThanOrEqual(84);
  cluster.nodes = 1;
  const alone = gateWith({ connectsPerSecond: 8, connectBurst: 4, connectingMax: 1_000 }, () => now, cluster);
  expect(await admittedIn(2_000, alone)).toBeGreaterThanOrEqual(16);
});

test('while nothing is known of WhatsApp, all nodes together knock no more often than one would', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  let now = 0;
  const cluster = { nodes: 1 };
  const gates = Array.from({ length: 5 }, () =>
    gateWith({ connectsPerSecond: 100, connectBurst: 1, connectingMax: 1_000 }, () => now, cluster),
  );
  cluster.nodes = 5;
  let admitted = 0;
  for (const gate of gates)
    for (let nth = 0; nth < 100; nth++) void ask(gate).then((place) => (place?.leave(), admitted++));
  for (let step = 0; step < 200; step++) {
    now += 50;
    jest.advanceTimersByTime(50);
    await turn();
  }
  // Ten a second for ten seconds, and the one in a row that each has anyway.
  expect(admitted).toBeGreaterThanOrEqual(96);
  expect(admitted).toBeLessThanOrEqual(108);
});
