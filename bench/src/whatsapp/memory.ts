import { join } from 'node:path';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { until } from '../clock.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api } from '../product/api.ts';
import { childFile } from '../product/linked-state.ts';
import { link } from '../product/link.ts';
import { ProductServer } from '../product/server.ts';
import { median, round } from '../statistics.ts';
import { pause, say, type Found, type Part } from './part.ts';

const RATIO = 1.3;
const AT_ONCE = 10;
const LOOK_EVERY_MS = 100;
const SETTLE_MS = 3_000;
const CONVERSATIONS = 200;
/** One process holds up to 90 MB more than the next one that did the same, so that one pair says little. */
const ROUNDS = 3;
/** Faster than the default lets a process knock. */
const FAST = { WA_CONNECTS_PER_SECOND: '1000', WA_CONNECT_BURST: '10000' };

export const memory: Part = { name: 'memory', about: 'links with 10,000 past messages each beside links without', run };

interface Weighed {
  links: number;
  messages: number;
  /** The most while they were linked, and after that with garbage collected. Megabytes. */
  peak: number;
  after: number;
  /** Of `after`: what JavaScript holds. */
  heap: number;
  seconds: number;
}

async function run(isQuick: boolean): Promise<Found> {
  const messages = isQuick ? 1_000 : 10_000;
  const pairs: [Weighed, Weighed][] = [];
  for (const count of isQuick ? [5] : [20, 100]) pairs.push(await weighBoth(count, messages, isQuick ? 1 : ROUNDS));
  return {
    tables: [
      {
        title: 'RSS of the product while outlets are linked, MB: medians of processes of their own',
        columns: ['links, past messages each', 'most', 'after', 'of it heap', 'seconds'],
        rows: pairs
          .flat()
          .map(({ links, messages: past, peak, after, heap, seconds }) => [
            `${links}, ${past}`,
            round(peak),
            round(after),
            round(heap),
            round(seconds),
          ]),
      },
    ],
    targets: pairs.map(([empty, full]) => ({
      name: `${full.links} links with ${full.messages} messages each: the most, over empty ones`,
      aim: `at most ${RATIO} ×`,
      measured: `${round(full.peak / empty.peak, 2)} ×; after ${round(full.after / empty.after, 2)} ×`,
      met: full.peak <= RATIO * empty.peak,
    })),
    details: pairs,
  };
}

/** In turns, each a new process: their medians. */
async function weighBoth(links: number, messages: number, rounds: number): Promise<[Weighed, Weighed]> {
  const [empty, full]: [Weighed[], Weighed[]] = [[], []];
  for (let turn = 0; turn < rounds; turn++) {
    empty.push(await weigh(links, 0));
    full.push(await weigh(links, messages));
  }
  return [middle(empty), middle(full)];
}

function middle(weighed: readonly Weighed[]): Weighed {
  const of = (part: keyof Weighed): number => median(weighed.map((each) => each[part]));
  return {
    links: of('links'),
    messages: of('messages'),
    peak: of('peak'),
    after: of('after'),
    heap: of('heap'),
    seconds: of('seconds'),
  };
}

/** A new product on a new WhatsApp, to which so many outlets are linked ten at a time. */
async function weigh(links: number, messages: number): Promise<Weighed> {
  say(`${links} links with ${messages} messages each`);
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const dataDir = join(await temporaryDirectory(), 'data');
  const server = new ProductServer({ dataDir, simulator: service, env: FAST });
  await server.start();
  await server.probe.findMediaAt(await simulator.call.controlUrl());
  const numbers = Array.from({ length: links }, (_, index) => `62854${String(1_000_000 + index)}`);
  if (messages > 0) await simulator.call.share(numbers, CONVERSATIONS, messages);
  let peak = 0;
  const look = setInterval(() => {
    void server.probe.rss().then(
      (rss) => (peak = Math.max(peak, rss)),
      () => undefined,
    );
  }, LOOK_EVERY_MS);
  const begun = performance.now();
  await linkAll(server.url, simulator, numbers);
  // A link is told CONNECTED before its history is read.
  if (messages > 0)
    await until('the histories to be read', 120_000, async () => (await simulator.call.unreadHistories(numbers)) === 0);
  const seconds = (performance.now() - begun) / 1_000;
  await pause(SETTLE_MS);
  clearInterval(look);
  const { rss: after, heap } = await server.probe.afterGc();
  await server.stop();
  await simulator.call.stop();
  await simulator.end();
  return { links, messages, peak, after, heap, seconds };
}

async function linkAll(url: string, simulator: Child<SimulatorMethods>, numbers: readonly string[]): Promise<void> {
  const waiting = numbers.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const api = await Api.login(url);
      const subscriber = api.subscribe();
      await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
      for (const number of waiting) await link(api, subscriber, simulator.call, await api.createOutlet(number));
      subscriber.close();
    }),
  );
}
