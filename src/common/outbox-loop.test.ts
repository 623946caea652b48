import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { OutboxLoop } from './outbox-loop.js';

const LOOK_EVERY_MS = 5_000;

/** An outbox in memory whose deliveries, and looks where asked, last until they are let go. */
class Held {
  /** What each look finds, one after the other. */
  due: (string[] | Error)[] = [];
  nextDueIn: number | null = null;
  /** What was under way at each look. */
  readonly looks: string[][] = [];
  readonly begun: string[] = [];
  most = 0;
  cutOffs = 0;
  asked = 0;
  holdsLooks = false;
  private looking = 0;
  private readonly heldLooks: (() => void)[] = [];
  private readonly ends = new Map<string, PromiseWithResolvers<void>>();

  readonly loop = new OutboxLoop<string>({
    take: async (underWay) => {
      this.looks.push([...underWay]);
      this.most = Math.max(this.most, ++this.looking);
      const found = this.due.shift() ?? [];
      if (this.holdsLooks) await new Promise<void>((resolve) => this.heldLooks.push(resolve));
      this.looking--;
      if (found instanceof Error) throw found;
      return found;
    },
    deliver: (one) => {
      this.begun.push(one);
      const end = Promise.withResolvers<void>();
      this.ends.set(one, end);
      return end.promise;
    },
    nextDueIn: () => {
      this.asked++;
      return Promise.resolve(this.nextDueIn);
    },
    cutOff: () => {
      this.cutOffs++;
      for (const [one] of this.ends) this.end(one);
    },
  });

  letLookGo(): void {
    this.heldLooks.shift()?.();
  }

  end(one: string, error?: Error): void {
    if (error) this.ends.get(one)?.reject(error);
    else this.ends.get(one)?.resolve();
  }
}

let outbox: Held;
const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  jest.useFakeTimers();
  outbox = new Held();
});
afterEach(async () => {
  outbox.holdsLooks = false;
  outbox.letLookGo();
  const stopped = outbox.loop.stop();
  await pass(LOOK_EVERY_MS);
  await stopped;
  jest.useRealTimers();
});

test('what is due is delivered, and whoever ends makes room for more', async () => {
  outbox.due = [['a', 'b'], ['c']];
  outbox.loop.start();
  await pass();
  expect([outbox.begun, outbox.looks]).toEqual([['a', 'b'], [[]]]);
  outbox.end('a');
  await pass();
  expect([outbox.begun, outbox.looks]).toEqual([
    ['a', 'b', 'c'],
    [[], ['b']],
  ]);
});

test('one that fails makes room as well', async () => {
  outbox.due = [['a'], ['b']];
  outbox.loop.start();
  await pass();
  outbox.end('a', new Error('not written down'));
  await pass();
  expect([outbox.begun, outbox.looks]).toEqual([
    ['a', 'b'],
    [[], []],
  ]);
});

test('who wakes it while it looks is not lost, and there are never two looks at once', async () => {
  outbox.due = [[], ['late']];
  outbox.holdsLooks = true;
  outbox.loop.start();
  await pass();
  for (let times = 0; times < 3; times++) outbox.loop.wake();
  await pass();
  expect(outbox.looks).toHaveLength(1);
  outbox.letLookGo();
  await pass();
  outbox.letLookGo();
  await pass();
  // Three wakes are one more look, and what is due next is asked for after the last.
  expect([outbox.begun, outbox.looks.length, outbox.most, outbox.asked]).toEqual([['late'], 2, 1, 1]);
});

test('who wakes it while it asks when it is to look next is not lost either', async () => {
  outbox.due = [[], ['late']];
  const { promise, resolve } = Promise.withResolvers<number | null>();
  Object.defineProperty(outbox, 'nextDueIn', { get: () => promise });
  outbox.loop.start();
  await pass();
  outbox.loop.wake();
  resolve(null);
  await pass();
  expect(outbox.begun).toEqual(['late']);
});

test.each([
  { dueIn: null, after: LOOK_EVERY_MS },
  { dueIn: 60_000, after: LOOK_EVERY_MS },
  { dueIn: 1_200, after: 1_200 },
  { dueIn: 0, after: 50 },
  { dueIn: -9_000, after: 50 },
])('where the next is due in $dueIn ms, it looks in $after ms', async ({ dueIn, after }) => {
  outbox.nextDueIn = dueIn;
  outbox.loop.start();
  await pass();
  await pass(after - 1);
  expect(outbox.looks).toHaveLength(1);
  await pass(1);
  expect(outbox.looks).toHaveLength(2);
});

test('a look that fails is made again after a while, not at once', async () => {
  outbox.due = [new Error('the database is away'), new Error('the database is away'), ['a']];
  outbox.nextDueIn = 0;
  outbox.loop.start();
  await pass(LOOK_EVERY_MS - 1);
  expect(outbox.looks).toHaveLength(1);
  await pass(1 + LOOK_EVERY_MS);
  expect([outbox.looks.length, outbox.begun]).toEqual([3, ['a']]);
});

test('whoever wakes it after a look that failed is heard at once', async () => {
  outbox.due = [new Error('the database is away'), ['a']];
  outbox.loop.start();
  await pass();
  outbox.loop.wake();
  await pass();
  expect(outbox.begun).toEqual(['a']);
});

test('before it starts and after it stops nothing is looked for', async () => {
  outbox.loop.wake();
  await pass(LOOK_EVERY_MS);
  expect(outbox.looks).toEqual([]);
  outbox.loop.start();
  await pass();
  await outbox.loop.stop();
  outbox.loop.wake();
  await pass(2 * LOOK_EVERY_MS);
  expect(outbox.looks).toHaveLength(1);
});

test('the end waits for what is under way, and cuts off nothing that ends by itself', async () => {
  outbox.due = [['a', 'b']];
  outbox.loop.start();
  await pass();
  let isOver = false;
  void outbox.loop.stop().then(() => (isOver = true));
  outbox.end('a');
  await pass(1_000);
  expect([isOver, outbox.cutOffs]).toEqual([false, 0]);
  outbox.end('b');
  await pass();
  expect(isOver).toBe(true);
});

test('what hangs is cut off, and the end is one for all who ask', async () => {
  outbox.due = [['a']];
  outbox.loop.start();
  await pass();
  const both = Promise.all([outbox.loop.stop(), outbox.loop.stop()]);
  await pass(2_999);
  expect(outbox.cutOffs).toBe(0);
  await pass(1);
  await both;
  expect(outbox.cutOffs).toBe(1);
});

test('a look that is under way at the end is waited for', async () => {
  outbox.due = [['late']];
  outbox.holdsLooks = true;
  outbox.loop.start();
  await pass();
  let isOver = false;
  void outbox.loop.stop().then(() => (isOver = true));
  await pass(100);
  expect(isOver).toBe(false);
  outbox.letLookGo();
  await pass(500);
  // What it took is cut off at once, and so let go of.
  expect([isOver, outbox.begun, outbox.cutOffs]).toEqual([true, ['late'], 1]);
});
