import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { KeepAlive } from './keep-alive.js';

let ws: EventEmitter;
let pings: number;
let ended: Error[];

beforeEach(() => {
  jest.useFakeTimers();
  [ws, pings, ended] = [new EventEmitter(), 0, []];
});
afterEach(() => {
  jest.useRealTimers();
});

/** @param answers whether WhatsApp answers the next question */
function keptAlive(everyMs: number, answers: () => boolean): KeepAlive {
  const ping = async (): Promise<void> => {
    pings++;
    if (answers()) ws.emit('frame');
  };
  const keepAlive = new KeepAlive(ws, { everyMs, ping, onSilence: (error) => void ended.push(error) });
  ws.emit('frame');
  return keepAlive;
}

test.each([-8, 1 / 60, 1, 48])('a clock that is set by %d hours ends no link that answers', async (hours) => {
  keptAlive(25_000, () => true);
  for (let turn = 0; turn < 4; turn++) {
    jest.setSystemTime(Date.now() + hours * 3_600_000);
    await jest.advanceTimersByTimeAsync(25_000);
  }
  expect([pings, ended]).toEqual([4, []]);
});

test.each([
  [25_000, 50_000],
  [20_000, 40_000],
  [500, 6_000],
])(
  'with a question every %i ms one that falls silent is ended within %i, also by a clock set back',
  async (every, within) => {
    let alive = true;
    keptAlive(every, () => alive);
    await jest.advanceTimersByTimeAsync(3 * every);
    alive = false;
    jest.setSystemTime(Date.now() - 8 * 3_600_000);
    await jest.advanceTimersByTimeAsync(within - every);
    expect(ended).toEqual([]);
    await jest.advanceTimersByTimeAsync(every + 1);
    expect(ended).toMatchObject([{ message: 'Connection was lost', output: { statusCode: 408 } }]);
  },
);

test('an answer that waited behind a stall of our own is read before anybody judges', async () => {
  let alive = true;
  keptAlive(25_000, () => alive);
  alive = false;
  await jest.advanceTimersByTimeAsync(25_000);
  jest.advanceTimersToNextTimer();
  ws.emit('frame');
  await jest.advanceTimersByTimeAsync(1);
  expect(ended).toEqual([]);
});

test('nothing is asked before the first word, nor after the end', async () => {
  const silent = new KeepAlive(ws, { everyMs: 1_000, ping: async () => void pings++, onSilence: () => undefined });
  await jest.advanceTimersByTimeAsync(5_000);
  expect(pings).toBe(0);
  silent.end();
  ws.emit('frame');
  await jest.advanceTimersByTimeAsync(5_000);
  expect([pings, jest.getTimerCount()]).toEqual([0, 0]);
  keptAlive(1_000, () => true).end();
  await jest.advanceTimersByTimeAsync(5_000);
  expect([pings, jest.getTimerCount()]).toEqual([0, 0]);
});
