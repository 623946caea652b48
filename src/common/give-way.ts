import { setImmediate as nextTurn } from 'node:timers/promises';

const LONGEST_TURN_MS = 10;

/** As `items.map(map)`, while whatever waits has its turn now and then. */
export async function mapInTurns<Item, Mapped>(items: readonly Item[], map: (item: Item) => Mapped): Promise<Mapped[]> {
  const way = giveWay();
  const mapped: Mapped[] = [];
  for (const item of items) {
    mapped.push(map(item));
    if (way.isDue()) await way.give();
  }
  return mapped;
}

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
