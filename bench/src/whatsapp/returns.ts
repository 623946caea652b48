import { summarise } from '../statistics.ts';
import { atMost, pause, say, type Found, type Part } from './part.ts';
import { Stage } from './stage.ts';

const ALONE_MS = 80;
const ALL_MS = 1_200;
/** Longer than a link must have held to count as one that did, and than losses count as common. */
const HELD_MS = 5_000;

export const returns: Part = { name: 'returns', about: 'a drop alone and 50 at once, until told CONNECTED again', run };

async function run(isQuick: boolean): Promise<Found> {
  const outlets = isQuick ? 10 : 50;
  const stage = await Stage.open(outlets);
  const alone: number[] = [];
  await pause(HELD_MS);
  for (const { id, whatsappNumber } of stage.outlets) {
    const back = stage.back(id);
    const at = await dropped(stage, [whatsappNumber], back);
    alone.push((await back) - at);
    await pause(1_500);
  }
  const together: number[] = [];
  for (let round = 1; round <= (isQuick ? 1 : 5); round++) {
    say(`${outlets} at once, ${round}`);
    await pause(HELD_MS + 2_000);
    const all = Promise.all(stage.outlets.map(({ id }) => stage.back(id)));
    const at = await dropped(
      stage,
      stage.outlets.map(({ whatsappNumber }) => whatsappNumber),
      all,
    );
    together.push(Math.max(...(await all)) - at);
  }
  await stage.close();
  const single = summarise(alone);
  return {
    targets: [
      atMost(`alone, back, median of ${alone.length}`, ALONE_MS, single.median),
      atMost(`${outlets} at once, all back, the slowest of ${together.length}`, ALL_MS, Math.max(...together)),
    ],
    details: { alone: single, samples: alone, together },
  };
}

/** `back` is waited for elsewhere; it must not fail unheard meanwhile. */
function dropped(stage: Stage, numbers: string[], back: Promise<unknown>): Promise<number> {
  back.catch(() => undefined);
  return stage.simulator.call.drop(numbers);
}
