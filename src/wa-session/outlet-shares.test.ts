import { expect, jest, test } from '@jest/globals';
import type { Membership } from '../cluster/membership.js';
import { EventBus } from '../common/event-bus.js';
import { OutletShares } from './outlet-shares.js';
import type { SessionOwnership } from './ownership.js';
import type { SessionRegistry } from './session-registry.js';

const NEVER = new Promise<never>(() => undefined);

/** A node whose database answers nothing more once it has begun. */
async function hanging(isAlone: boolean) {
  const heard: string[] = [];
  let look = (): Promise<unknown> =>
    Promise.resolve({ outlets: 0, mine: 0, nodes: 1, heirs: 1, isHeir: true, stays: true, leaving: 0 });
  const asked = (what: string) => (): Promise<never> => {
    heard.push(what);
    return NEVER;
  };
  const membership = {
    isAlone,
    mayAct: () => true,
    join: () => Promise.resolve(),
    look: () => look(),
    announceLeaving: asked('announced'),
    leave: asked('signed off'),
  };
  const registry = {
    prepare: () => Promise.resolve(),
    candidates: () => [],
    stop: () => Promise.resolve(void heard.push('sessions ended')),
  };
  const ownership = { owner: '', provide: () => Promise.resolve() };
  const shares = new OutletShares(
    membership as unknown as Membership,
    ownership as unknown as SessionOwnership,
    registry as unknown as SessionRegistry,
    new EventBus(),
  );
  await shares.onApplicationBootstrap();
  look = asked('looked');
  await jest.advanceTimersByTimeAsync(1_000);
  return { shares, heard };
}

/** A node that gives what it has too much of, a word of another who gives every 50 ms, and how many it gave each time. */
async function giving(others: { takers: number; newcomers: number; givers: number; free: number }) {
  const candidates = Array.from({ length: 9 }, (_, at) => ({ outletId: String(at), disturbance: 'idle' as const }));
  const given: number[] = [];
  const bus = new EventBus();
  const shares = new OutletShares(
    {
      mayAct: () => true,
      join: () => Promise.resolve(),
      look: () =>
        Promise.resolve({
          ...{ outlets: 18, mine: 9 + candidates.length, nodes: 2, heirs: 2, isHeir: true, stays: true, leaving: 0 },
          ...others,
        }),
    } as unknown as Membership,
    { owner: 'this', provide: () => Promise.resolve() } as unknown as SessionOwnership,
    {
      prepare: () => Promise.resolve(),
      candidates: () => candidates,
      letGo: (ids: string[]) => {
        given.push(ids.length);
        candidates.splice(0, ids.length);
        return Promise.resolve();
      },
    } as unknown as SessionRegistry,
    bus,
  );
  await shares.onApplicationBootstrap();
  return async (ms: number): Promise<number[]> => {
    for (let passed = 0; passed < ms; passed += 50) {
      bus.publish('outlets.let-go', { nodeId: 'other' });
      await jest.advanceTimersByTimeAsync(50);
    }
    return given;
  };
}

test('who gives keeps the pace of who takes, though each word of another who gives has it look again', async () => {
  jest.useFakeTimers();
  try {
    const others = { takers: 1, newcomers: 1, givers: 1, free: 0 };
    const givenAfter = await giving(others);
    others.newcomers = 0;
    expect(await givenAfter(950)).toEqual([1]);
    expect(await givenAfter(300)).toEqual([1, 2, 2]);
  } finally {
    jest.useRealTimers();
  }
});

test.each([
  ['it saw that one wait', { newcomers: 1, free: 1 }],
  ['it did not look meanwhile', { newcomers: 0, free: 0 }],
])('where another gave the first it keeps back as long, then is one of nine: %s', async (_, seen) => {
  jest.useFakeTimers();
  try {
    const others = { takers: 1, givers: 9, ...seen };
    const givenAfter = await giving(others);
    Object.assign(others, { newcomers: 0, free: 0 });
    expect(await givenAfter(950)).toEqual([]);
    expect(await givenAfter(900)).toEqual([1]);
    expect(await givenAfter(900)).toEqual([1, 1]);
  } finally {
    jest.useRealTimers();
  }
});

test('nothing is let go, and nobody told so, while what was let go before waits', async () => {
  jest.useFakeTimers();
  try {
    const others = { takers: 1, newcomers: 0, givers: 1, free: 1 };
    const givenAfter = await giving(others);
    expect(await givenAfter(2_000)).toEqual([]);
    others.free = 0;
    expect(await givenAfter(250)).not.toEqual([]);
  } finally {
    jest.useRealTimers();
  }
});

test.each([
  ['alone it ends its sessions at once', true, 0, ['looked', 'sessions ended', 'signed off'], 1_000],
  [
    'among others it ends them all the same',
    false,
    7_000,
    ['looked', 'announced', 'sessions ended', 'signed off'],
    5_000,
  ],
] as const)('a node whose database hangs ends: %s', async (_, isAlone, within, expected, signsOff) => {
  jest.useFakeTimers();
  try {
    const { shares, heard } = await hanging(isAlone);
    const ended = shares.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(within);
    expect(heard).toEqual(expected);
    await jest.advanceTimersByTimeAsync(signsOff);
    await ended;
  } finally {
    jest.useRealTimers();
  }
});
