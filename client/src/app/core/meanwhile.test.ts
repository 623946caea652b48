import { afterEach, expect, jest, test } from '@jest/globals';
import { Meanwhile } from './meanwhile';

function held() {
  let [resolve, reject]: [(value: string) => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<string>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

afterEach(() => void jest.useRealTimers());

/** Keeps the newest of what is pushed, as the stores of pages do, and what an answer puts in its place. */
function store() {
  const kept = { value: 'nothing' };
  const meanwhile = new Meanwhile<string>((news) => (kept.value = news));
  const answer = held();
  const read = (promise: Promise<string>) => meanwhile.during(async () => void (kept.value = await promise));
  return { kept, meanwhile, answer, read };
}

test('what is pushed while an older answer is on its way stands after it', async () => {
  const { kept, meanwhile, answer, read } = store();
  const reading = read(answer.promise);
  meanwhile.take('sent');
  meanwhile.take('delivered');
  expect(kept.value).toBe('delivered');
  answer.resolve('queued');
  await reading;
  expect(kept.value).toBe('delivered');
});

test('what was pushed before the question is in its answer', async () => {
  const { kept, meanwhile, answer, read } = store();
  meanwhile.take('sent');
  const reading = read(answer.promise);
  answer.resolve('delivered');
  await reading;
  expect(kept.value).toBe('delivered');
});

test('of two readings side by side neither wins over what came during either', async () => {
  const { kept, meanwhile, answer, read } = store();
  const late = held();
  const both = [read(answer.promise), read(late.promise)];
  meanwhile.take('read');
  answer.resolve('queued');
  await both[0];
  late.resolve('sent');
  await both[1];
  expect(kept.value).toBe('read');
});

test('a reading that fails loses nothing, and holds nothing for the next', async () => {
  const { kept, meanwhile, answer, read } = store();
  const reading = read(answer.promise);
  meanwhile.take('delivered');
  answer.reject(new Error('no network'));
  await expect(reading).rejects.toThrow('no network');
  expect(kept.value).toBe('delivered');
  await read(Promise.resolve('read'));
  expect(kept.value).toBe('read');
});

test('who asks for it anew twice has it read once, and after the reading under way', async () => {
  jest.useFakeTimers();
  const { meanwhile, answer, read } = store();
  const again = jest.fn();
  const reading = read(answer.promise);
  for (let times = 0; times < 2; times += 1) meanwhile.readAgain(500, again);
  await jest.advanceTimersByTimeAsync(1_200);
  expect(again).not.toHaveBeenCalled();
  answer.resolve('queued');
  await reading;
  await jest.advanceTimersByTimeAsync(2_000);
  expect(again).toHaveBeenCalledTimes(1);
});

test('where nobody reads any more, it is not read anew either, and may be asked for afterwards', async () => {
  jest.useFakeTimers();
  const { meanwhile } = store();
  const again = jest.fn();
  meanwhile.readAgain(500, again);
  meanwhile.readNoMore();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(again).not.toHaveBeenCalled();
  meanwhile.readAgain(500, again);
  await jest.advanceTimersByTimeAsync(500);
  expect(again).toHaveBeenCalledTimes(1);
});
