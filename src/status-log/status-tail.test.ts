import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { EventBus } from '../common/event-bus.js';
import type { NumberedChange, StatusLog } from './status-log.js';
import { StatusTail } from './status-tail.js';

/** What a log of these many changes answers, and what went wrong with it. */
class FakeLog {
  length = 0;
  forgotten = 0;
  failing = 0;
  reads = 0;
  /** Waited for before each answer, which is of the moment it was asked. */
  hold: Promise<unknown> = Promise.resolve();

  newest(): Promise<number> {
    return Promise.resolve(this.length);
  }

  async tail(cursor: number, most: number): Promise<NumberedChange[] | null> {
    this.reads++;
    if (this.failing-- > 0) throw new Error('connection lost');
    const found = cursor > this.length || cursor < this.forgotten ? null : changes(cursor + 1, this.length);
    await this.hold;
    return found?.slice(0, most) ?? null;
  }
}

/** Every third is of an outlet that is gone. */
const change = (cursor: number): NumberedChange =>
  cursor % 3 === 0
    ? { cursor, outletId: OUTLET }
    : ({ cursor, at: '', previous: 'CONNECTED', status: { outletId: OUTLET, revision: cursor } } as NumberedChange);
const changes = (from: number, to: number): NumberedChange[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => change(from + index));
const OUTLET = randomUUID();

function tailOf(length: number): { tail: StatusTail; log: FakeLog; told: number[]; replaced: () => number } {
  const [log, facts, told] = [new FakeLog(), new EventBus(), [] as number[]];
  log.length = length;
  let replaced = 0;
  facts.on('outlet-status.changed', ({ cursor }) => told.push(cursor));
  facts.on('outlet-status.removed', ({ cursor }) => told.push(cursor));
  facts.on('status-log.replaced', () => replaced++);
  return { tail: new StatusTail(log as unknown as StatusLog, facts), log, told, replaced: () => replaced };
}

const upTo = (from: number, to: number): number[] => changes(from, to).map(({ cursor }) => cursor);

test('SL12 what is handed over in order is told in the same turn, and nothing is read', async () => {
  const { tail, log, told } = tailOf(10);
  await tail.begin();
  tail.committed(changes(11, 13));
  tail.committed([]);
  tail.committed(changes(14, 14));
  expect(told).toEqual(upTo(11, 14));
  expect(log.reads).toBe(0);
});

test('SL12 who was handed something before it began goes on from there', async () => {
  const { tail, log, told } = tailOf(10);
  tail.poke();
  tail.committed(changes(8, 10));
  await tail.begin();
  tail.committed(changes(11, 11));
  expect(told).toEqual(upTo(8, 11));
  expect(log.reads).toBe(0);
});

test.each<[name: string, hand: (tail: StatusTail) => void]>([
  ['a gap', (tail) => tail.committed(changes(18, 20))],
  ['disorder', (tail) => [20, 19, 15, 12, 11].forEach((cursor) => tail.committed([change(cursor)]))],
  ['a word that there is more', (tail) => tail.poke()],
  [
    'duplicates',
    (tail) => {
      tail.committed(changes(11, 14));
      tail.committed(changes(11, 14));
      tail.committed(changes(13, 20));
      tail.poke();
      tail.poke();
    },
  ],
  [
    'all at once',
    (tail) => {
      tail.committed(changes(15, 16));
      tail.poke();
      tail.committed(changes(12, 13));
      tail.committed(changes(9, 11));
    },
  ],
])('SL12 after %s every change is told once and in order', async (_, hand) => {
  const { tail, log, told } = tailOf(10);
  await tail.begin();
  log.length = 20;
  hand(tail);
  await eventually('the last change', () => told.includes(20));
  expect(told).toEqual(upTo(11, 20));
});

test('SL12 what is handed over while the log is read is told once', async () => {
  const { tail, log, told } = tailOf(10);
  await tail.begin();
  const { promise, resolve } = Promise.withResolvers();
  log.hold = promise;
  log.length = 13;
  tail.committed(changes(13, 13));
  // Read up to 13 by now; these come before the answer does.
  log.length = 15;
  tail.committed(changes(11, 11));
  tail.committed(changes(14, 15));
  resolve(null);
  await eventually('the last change', () => told.includes(15));
  expect(told).toEqual(upTo(11, 15));
});

test('SL12 a log that cannot be read is read again, and a long one in portions', async () => {
  const { tail, log, told } = tailOf(10);
  await tail.begin();
  log.failing = 2;
  log.length = 2_300;
  tail.poke();
  await eventually('the last change', () => told.includes(2_300));
  expect(told).toEqual(upTo(11, 2_300));
});

async function followsAnotherLog(happen: (log: FakeLog) => void): Promise<void> {
  const { tail, log, told, replaced } = tailOf(10);
  await tail.begin();
  tail.committed(changes(11, 12));
  happen(log);
  tail.poke();
  await eventually('that it is another log', () => replaced() === 1);
  const { length } = log;
  tail.committed(changes(length + 1, length + 2));
  expect(told).toEqual([11, 12, length + 1, length + 2]);
}

test('SL13 a log that lost its end is told to be another one, and followed from there', () =>
  followsAnotherLog((log) => (log.length = 7)));

test('SL13 so is one that has forgotten what comes next', () =>
  followsAnotherLog((log) => Object.assign(log, { length: 90, forgotten: 50 })));
