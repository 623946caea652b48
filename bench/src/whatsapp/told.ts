import { now } from '../clock.ts';
import { summarise } from '../statistics.ts';
import { LimitsPage } from './limits-page.ts';
import { atMost, type Found, type Part } from './part.ts';
import { Stage } from './stage.ts';

const REFUSED_MS = 1_000;
const LOCK_MS = 100;
const LOCKED_FOR_MS = 3_600_000;
const OUTLETS = 5;

export const told: Part = {
  name: 'told',
  about: 'a refused code told; a lock that WhatsApp pushes, at a subscriber and on a page',
  run,
};

async function run(isQuick: boolean): Promise<Found> {
  const stage = await Stage.open(OUTLETS);
  const refusals = await refusedCodes(stage, isQuick ? 3 : 20);
  const { told, painted } = await pushedLocks(stage, isQuick ? 20 : 500);
  await stage.close();
  return {
    targets: [
      atMost(`a refused code told, the slowest of ${refusals.length}`, REFUSED_MS, Math.max(...refusals)),
      atMost(`a pushed lock at a subscriber, p99 of ${told.length}`, LOCK_MS, summarise(told).p99),
      ...(painted.length > 0
        ? [atMost(`a pushed lock painted by a page, p99 of ${painted.length}`, LOCK_MS, summarise(painted).p99)]
        : []),
    ],
    details: { refusals, told: summarise(told), painted: summarise(painted) },
  };
}

/** From the request for a code that WhatsApp refuses until its answer says so. */
async function refusedCodes({ api, simulator }: Stage, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const { id, whatsappNumber } = await api.createOutlet(`62855${String(1_000_000 + index)}`);
    await simulator.call.refuseNextCode(whatsappNumber);
    const begun = now();
    const answer = await api.post(`/outlets/${id}/connect`, { method: 'pairing-code' }).then(
      () => 'a code',
      (error: unknown) => String(error),
    );
    if (!answer.includes('PAIRING_CODE_REFUSED')) throw new Error(`A refused code was told as: ${answer}`);
    samples.push(now() - begun);
    await api.post(`/outlets/${id}/pause`);
  }
  return samples;
}

/** Locked and lifted in turn, outlet by outlet; a page is looked at as well where there is one. */
async function pushedLocks(stage: Stage, count: number): Promise<{ told: number[]; painted: number[] }> {
  const found = { told: [] as number[], painted: [] as number[] };
  const page = await LimitsPage.open(stage.server.url);
  for (let index = 0; index < count; index++) {
    const { id, whatsappNumber } = stage.outlets[index % OUTLETS]!;
    const isLock = Math.floor(index / OUTLETS) % 2 === 0;
    const shown = stage.told(id, ({ limits }) => limits?.newChats === (isLock ? 'locked' : 'open'));
    const at = await stage.simulator.call.lock(whatsappNumber, isLock ? LOCKED_FOR_MS : null);
    found.told.push((await shown) - at);
    if (page) found.painted.push((await page.painted(id, isLock)) - at);
  }
  await page?.close();
  return found;
}
