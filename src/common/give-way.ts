import { setImmediate as nextTurn } from 'node:timers/promises';

const LONGEST_TURN_MS = 10;

/** For long work in small steps: after each, `if (way.isDue()) await way.give()` lets whatever waits have its turn. */
export function giveWay(): { isDue: () => boolean; give: () => Promise<void> } {
  let since = performance.now();
  return {
    isDue: () => performance.now() - since >= LONGEST_TURN_MS,
    give: async () => {
      await nextTurn();
      since = performance.now();
    },
  };
}
