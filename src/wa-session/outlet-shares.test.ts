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
