import { afterEach, expect, jest, test } from '@jest/globals';
import { Gate } from './gate.js';
import { TooManyAttempts } from './too-many-attempts.js';

afterEach(() => {
  jest.useRealTimers();
});

/** Everything that began, with a way to end it. */
class Work {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly gate: Gate) {}

  start(caller: string, name: string): Promise<string> {
    return this.gate.pass(caller, () => {
      this.begun.push(name);
      return new Promise((resolve) => this.ends.set(name, () => resolve(name)));
    });
  }

  end(name: string): void {
    this.ends.get(name)!();
  }
}

const LIMITS = { atOnce: 2, waiting: 1, patienceMs: 5_000 };

test('a few are let in, each caller one by one, and who waits comes in turn', async () => {
  const work = new Work(new Gate(LIMITS));
  const first = work.start('sari', 'sari 1');
  const second = work.start('sari', 'sari 2');
  void work.start('budi', 'budi 1');
  const third = work.start('citra', 'citra 1');
  expect(work.begun).toEqual(['sari 1', 'budi 1']);
  work.end('budi 1');
  work.end('sari 1');
  expect(await first).toBe('sari 1');
  expect(work.begun).toEqual(['sari 1', 'budi 1', 'citra 1', 'sari 2']);
  work.end('citra 1');
  work.end('sari 2');
  expect(await Promise.all([second, third])).toEqual(['sari 2', 'citra 1']);
});

test('whose line is full is refused at once, and others are not', async () => {
  const work = new Work(new Gate({ ...LIMITS, atOnce: 1 }));
  const first = work.start('sari', 'sari 1');
  const second = work.start('sari', 'sari 2');
  await expect(work.start('sari', 'sari 3')).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: 5 });
  const other = work.start('budi', 'budi 1');
  expect(work.begun).toEqual(['sari 1']);
  // Nobody is left in line, where their patience would end in another test.
  for (const [name, done] of [
    ['sari 1', first],
    ['sari 2', second],
    ['budi 1', other],
  ] as const) {
    work.end(name);
    await done;
  }
});

test('who waited too long is refused, and keeps nobody else waiting', async () => {
  jest.useFakeTimers();
  const work = new Work(new Gate({ ...LIMITS, atOnce: 1 }));
  const first = work.start('sari', 'sari 1');
  const waits = work.start('budi', 'budi 1');
  jest.advanceTimersByTime(5_000);
  await expect(waits).rejects.toBeInstanceOf(TooManyAttempts);
  void work.start('citra', 'citra 1');
  work.end('sari 1');
  await first;
  expect(work.begun).toEqual(['sari 1', 'citra 1']);
});

test('work that fails makes room like any other', async () => {
  const gate = new Gate({ ...LIMITS, atOnce: 1 });
  await expect(gate.pass('sari', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await gate.pass('sari', () => Promise.resolve('done'))).toBe('done');
});
