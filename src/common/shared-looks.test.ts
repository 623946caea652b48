import { expect, test } from '@jest/globals';
import { SharedLooks } from './shared-looks.js';

/** Looks that end when told to; each sees how many had begun by then. */
function held() {
  const begun: { key: string; end: (fault?: Error) => void }[] = [];
  const shared = new SharedLooks<number>();
  const at = (key: string): Promise<number> =>
    shared.at(key, () => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const nth = begun.push({ key, end: (fault) => (fault ? reject(fault) : resolve(nth)) });
      return promise;
    });
  return { at, begun };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('who comes while a look is under way shares the one after it, never that one', async () => {
  const { at, begun } = held();
  const first = at('a');
  const [second, third] = [at('a'), at('a')];
  await turn();
  expect(begun).toHaveLength(1);
  begun[0]?.end();
  await turn();
  expect(begun).toHaveLength(2);
  // The second has begun: it may have missed what the fourth has done.
  const fourth = at('a');
  begun[1]?.end();
  await turn();
  begun[2]?.end();
  expect(await Promise.all([first, second, third, fourth])).toEqual([1, 2, 2, 3]);
});

test('keys do not wait for each other, and what is over is looked at anew', async () => {
  const { at, begun } = held();
  const one = at('a');
  const other = at('b');
  expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
  for (const { end } of begun) end();
  expect(await Promise.all([one, other])).toEqual([1, 2]);
  const again = at('a');
  begun[2]?.end();
  expect(await again).toBe(3);
});

test('a look that fails fails those who share it, and the next is made all the same', async () => {
  const { at, begun } = held();
  const first = at('a');
  const second = at('a');
  begun[0]?.end(new Error('the database is away'));
  await expect(first).rejects.toThrow('away');
  await turn();
  begun[1]?.end();
  expect(await second).toBe(2);
});
