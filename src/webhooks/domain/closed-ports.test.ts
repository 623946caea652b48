import { expect, test } from '@jest/globals';
import { isOpenPort } from './closed-ports.js';

const at = (port: number | string): URL => new URL(`http://toko.example:${port}/hook`);

/** Whether the `fetch` of this Node.js would go there; whatever it sends is thrown away before it leaves. */
async function fetches(port: number): Promise<boolean> {
  const dispatcher = {
    dispatch: () => {
      throw new Error('it goes there');
    },
  };
  const options = { dispatcher } as unknown as RequestInit;
  const error = await fetch(`http://127.0.0.1:${port}/`, options).catch((failure: Error) => failure);
  const { message } = (error as { cause?: Error }).cause ?? (error as Error);
  if (message !== 'bad port' && message !== 'it goes there') throw new Error(`told ${message}`);
  return message === 'it goes there';
}

test('every port that fetch closes is closed here', async () => {
  const open: number[] = [];
  let closed = 0;
  for (let port = 1; port <= 10_080; port++) {
    if (await fetches(port)) continue;
    closed++;
    if (isOpenPort(at(port))) open.push(port);
  }
  expect(open).toEqual([]);
  expect(closed).toBeGreaterThan(70);
});

test.each(['', 80, 443, 3000, 5678, 8000, 8080, 8443, 9000, 65_535])('port %p is open', (port) =>
  expect(isOpenPort(at(port))).toBe(true),
);

test.each([0, 22, 25, 3306, 5432, 6379, 11_211, 27_017, '0025', 10_080])('port %p is closed', (port) =>
  expect(isOpenPort(at(port))).toBe(false),
);
