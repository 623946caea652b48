import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, test } from '@jest/globals';
import { WriteBehind, type Writing } from './write-behind.js';

interface Change {
  key: string;
  text: string;
}

const FOR_EVER_MS = 3_600_000;
const change = (key: string, text = key): Change => ({ key, text });
const away = (): Error => new Error('Connection terminated');
const refused = (): Error => Object.assign(new Error('invalid byte sequence'), { code: '22021' });

let book: Book;
afterEach(() => book.writeBehind.finish());

/** A database that keeps what it is given, and fails as the test says. */
class Book {
  readonly statements: string[][] = [];
  readonly dropped: string[] = [];
  readonly told: string[] = [];
  readonly failures: unknown[] = [];
  /** What the next statements do instead of writing. */
  readonly next: (() => Promise<unknown>)[] = [];
  readonly writeBehind: WriteBehind<Change>;

  constructor(tuning: Partial<Writing<Change>> = {}) {
    this.writeBehind = new WriteBehind<Change>({
      maxBatch: 4,
      retryMs: 1,
      deadlineMs: FOR_EVER_MS,
      keyOf: ({ key }) => key,
      commit: async (batch) => {
        this.statements.push(batch.map(({ text }) => text));
        await this.next.shift()?.();
        if (batch.some(({ text }) => text.startsWith('bad'))) throw refused();
        return () => void this.told.push(...batch.map(({ text }) => text));
      },
      onRefused: ({ text }) => void this.dropped.push(text),
      onFailure: (error, failed, waiting) => {
        this.failures.push(error);
        return [...failed, ...waiting];
      },
      ...tuning,
    });
  }

  add(...changes: Change[]): this {
    for (const one of changes) this.writeBehind.add(one);
    return this;
  }
}

test('what comes in one turn leaves together, as many as a statement takes, in order', async () => {
  book = new Book().add(...['a', 'b', 'c', 'd', 'e', 'f'].map((key) => change(key)));
  expect(book.writeBehind.pending).toBe(6);
  await book.writeBehind.flushed();
  expect(book.statements).toEqual([
    ['a', 'b', 'c', 'd'],
    ['e', 'f'],
  ]);
  expect(book.writeBehind.pending).toBe(0);
});

test('a statement takes one change of a key, the oldest; none overtakes another of its key', async () => {
  book = new Book().add(change('a', 'a1'), change('a', 'a2'), change('b', 'b1'), change('a', 'a3'), change('b', 'b2'));
  await book.writeBehind.flushed();
  expect(book.statements).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
});

test('a change that a full statement left behind is not overtaken by a later one of its key', async () => {
  book = new Book({ maxBatch: 1 }).add(change('a'), change('b', 'b1'), change('b', 'b2'));
  await book.writeBehind.flushed();
  expect(book.told).toEqual(['a', 'b1', 'b2']);
});

test.each([[[0]], [[3]], [[0, 1]], [[1, 3]], [[0, 1, 2, 3]]])(
  'of those at %j, which PostgreSQL refuses, each is dropped alone',
  async (bad) => {
    const texts = ['a', 'b', 'c', 'd'].map((text, index) => (bad.includes(index) ? `bad ${text}` : text));
    book = new Book().add(...texts.map((text) => change(text)));
    await book.writeBehind.flushed();
    expect(book.dropped).toEqual(texts.filter((text) => text.startsWith('bad')));
    expect(book.told).toEqual(texts.filter((text) => !text.startsWith('bad')));
    expect([book.failures, book.writeBehind.isFailing]).toEqual([[], false]);
  },
);

test('one refused among many costs few statements, not one for each', async () => {
  const changes = Array.from({ length: 64 }, (_, index) => change(String(index), index === 37 ? 'bad' : String(index)));
  book = new Book({ maxBatch: 64 }).add(...changes);
  await book.writeBehind.flushed();
  expect(book.told).toHaveLength(63);
  expect(book.statements).toHaveLength(13);
});

test('while the database is away everything is kept, and written in order once it is back', async () => {
  book = new Book();
  const failed = Promise.withResolvers<void>();
  book.next.push(
    () => Promise.reject(away()),
    () => (failed.resolve(), Promise.reject(away())),
  );
  book.add(change('a'), change('b'));
  await failed.promise;
  book.add(change('c'));
  await book.writeBehind.flushed();
  expect(book.told).toEqual(['a', 'b', 'c']);
  expect(book.failures).toEqual([away(), away()]);
  expect(book.writeBehind.isFailing).toBe(false);
});

test('where it goes away while what is refused is looked for, both halves are kept', async () => {
  book = new Book();
  book.next.push(
    () => Promise.reject(refused()),
    () => Promise.reject(away()),
    () => Promise.reject(away()),
  );
  book.add(change('a'), change('b', 'bad'), change('c'), change('d'));
  await book.writeBehind.flushed();
  expect([...book.told].sort()).toEqual(['a', 'c', 'd']);
  expect(book.dropped).toEqual(['bad']);
});

test('whoever is told of a failure decides what is still worth writing', async () => {
  book = new Book({ onFailure: (_, failed, waiting) => [...failed.filter(({ key }) => key !== 'a'), ...waiting] });
  book.next.push(() => Promise.reject(away()));
  book.add(change('a'), change('b'), change('b', 'b2'));
  await book.writeBehind.flushed();
  expect(book.told).toEqual(['b', 'b2']);
});

test('a statement without an answer has failed after its time, and its late answer is not heard', async () => {
  const late = Promise.withResolvers<void>();
  book = new Book({ deadlineMs: 20 });
  book.next.push(() => late.promise);
  book.add(change('a'));
  await book.writeBehind.flushed();
  expect(book.statements).toEqual([['a'], ['a']]);
  late.resolve();
  await new Promise(setImmediate);
  expect(book.told).toEqual(['a']);
  expect(String(book.failures)).toContain('longer than 20 ms');
});

test('what runs between two statements runs beside none, and its fault is its own', async () => {
  book = new Book({ maxBatch: 1 }).add(change('a'), change('b'));
  const onTheirWay: number[] = [];
  const before = book.writeBehind.between(() =>
    Promise.resolve(onTheirWay.push(book.statements.length - book.told.length)),
  );
  const broken = book.writeBehind.between(() => Promise.reject(away()));
  await before;
  await expect(broken).rejects.toThrow('terminated');
  await book.writeBehind.flushed();
  expect(onTheirWay).toEqual([0]);
  expect(book.told).toEqual(['a', 'b']);
  expect(book.failures).toEqual([]);
});

test('what must be done between two is tried until it works, and holds up no change meanwhile', async () => {
  book = new Book();
  let tries = 0;
  const done = book.writeBehind.betweenUntilItWorks(async () => {
    if (++tries < 3) throw away();
    await Promise.resolve();
  });
  book.add(change('a'));
  await done;
  expect(tries).toBe(3);
  expect(book.failures).toHaveLength(2);
  expect(book.told).toEqual(['a']);
});

test('what can wait for company waits, and goes with whatever is written next', async () => {
  book = new Book();
  book.writeBehind.addWithin(FOR_EVER_MS, change('a'));
  book.writeBehind.addWithin(FOR_EVER_MS, change('b'));
  await new Promise(setImmediate);
  expect(book.statements).toEqual([]);
  book.add(change('c'));
  await book.writeBehind.flushed();
  expect(book.statements).toEqual([['a', 'b', 'c']]);
});

test('where no company comes it is written after its time', async () => {
  const written = Promise.withResolvers<void>();
  book = new Book({ commit: () => (written.resolve(), Promise.resolve(() => undefined)) });
  book.writeBehind.addWithin(5, change('a'));
  await written.promise;
});

test('the end of the process writes what waits, lingering or not, and nothing after', async () => {
  book = new Book({ maxBatch: 1 }).add(change('a'), change('b'));
  book.writeBehind.addWithin(FOR_EVER_MS, change('c'));
  await book.writeBehind.finish();
  book.add(change('d'));
  await book.writeBehind.flushed();
  expect(book.told).toEqual(['a', 'b', 'c']);
});

test.each([
  ['is away at the end', true],
  ['goes away at the end', false],
])('where the database %s, the process ends all the same', async (_, isAway) => {
  const failed = Promise.withResolvers<void>();
  const answers = Promise.withResolvers<void>();
  book = new Book({
    retryMs: FOR_EVER_MS,
    commit: () => answers.promise.then(() => Promise.reject(away())),
    onFailure: (_error, lost, waiting) => (failed.resolve(), [...lost, ...waiting]),
  }).add(change('a'));
  if (isAway) {
    answers.resolve();
    await failed.promise;
  }
  const ended = book.writeBehind.finish();
  answers.resolve();
  await ended;
  expect(book.writeBehind.pending).toBe(1);
});

test('what is tried until it works is given up at the end as well', async () => {
  book = new Book({ retryMs: FOR_EVER_MS });
  const done = book.writeBehind.betweenUntilItWorks(() => Promise.reject(away()));
  await book.writeBehind.finish();
  await done;
});

test('what is written together belongs to no request', async () => {
  const requests = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  book = new Book({
    commit: () => {
      seen.push(requests.getStore());
      return Promise.resolve(() => undefined);
    },
  });
  requests.run('a request', () => book.add(change('a')));
  await book.writeBehind.flushed();
  expect(seen).toEqual([undefined]);
});
