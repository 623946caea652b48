import { expect, test } from '@jest/globals';
import { withoutDeadlock } from './without-deadlock.js';

/** Fails so often with this state of PostgreSQL's, then answers how often it was tried. */
function failing(times: number, code: string): () => Promise<number> {
  let tried = 0;
  return () => {
    tried++;
    return tried <= times ? Promise.reject(Object.assign(new Error('refused'), { code })) : Promise.resolve(tried);
  };
}

test.each([
  [0, 1],
  [1, 2],
  [4, 5],
])('a statement that PostgreSQL ended %i times for another is tried again at once', async (times, tried) => {
  expect(await withoutDeadlock(failing(times, '40P01'))).toBe(tried);
});

test('one that always meets another is given up', async () => {
  await expect(withoutDeadlock(failing(5, '40P01'))).rejects.toMatchObject({ code: '40P01' });
});

test.each(['40001', '23505', '57014', '08006'])('whatever else PostgreSQL says is said at once: %s', async (code) => {
  await expect(withoutDeadlock(failing(1, code))).rejects.toMatchObject({ code });
});
