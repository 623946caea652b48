import { expect, test } from '@jest/globals';
import type { Clock } from '../common/clock.js';
import type { Config } from '../config/config.js';
import { ConnectGate } from './connect-gate.js';

const gateWith = (limits: { connectsPerSecond: number; connectBurst: number; connectingMax: number }): ConnectGate =>
  new ConnectGate({ whatsapp: limits } as Config, { now: () => performance.now() } as Clock);

const never = new AbortController().signal;

/** Settled promises have run by then. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more than so many are under way at once; each release lets the next in, in order', async () => {
  const gate = gateWith({ connectsPerSecond: 1_000, connectBurst: 100, connectingMax: 2 });
  const admitted: number[] = [];
  const releases: (() => void)[] = [];
  for (let n = 0; n < 4; n++) {
    void gate.acquire(never).then((release) => {
      admitted.push(n);
      if (release) releases.push(release);
    });
  }
  await turn();
  expect(admitted).toEqual([0, 1]);
  releases[0]?.();
  releases[0]?.();
  await turn();
  expect(admitted).toEqual([0, 1, 2]);
  releases[1]?.();
  await turn();
  expect(admitted).toEqual([0, 1, 2, 3]);
});

test('after the burst the rate holds', async () => {
  const gate = gateWith({ connectsPerSecond: 50, connectBurst: 3, connectingMax: 100 });
  const began = performance.now();
  for (let n = 0; n < 5; n++) await gate.acquire(never);
  expect(performance.now() - began).toBeGreaterThanOrEqual(35);
});

test('who gives up while waiting is passed over', async () => {
  const gate = gateWith({ connectsPerSecond: 1_000, connectBurst: 10, connectingMax: 1 });
  const first = await gate.acquire(never);
  const leaving = new AbortController();
  const left = gate.acquire(leaving.signal);
  const last = gate.acquire(never);
  leaving.abort();
  expect(await left).toBeNull();
  first?.();
  expect(await last).not.toBeNull();
});
