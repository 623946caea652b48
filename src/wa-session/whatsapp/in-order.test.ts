import { expect, test } from '@jest/globals';
import { InOrder } from './in-order.js';

test('what is ready first begins in its turn, and waits for no end', async () => {
  const order = new InOrder();
  const begun: string[] = [];
  const never = new Promise<void>(() => undefined);
  const slow = Promise.withResolvers<string>();
  void order.begin(slow.promise, (name) => (begun.push(name), never));
  const second = order.begin(Promise.resolve('second'), async (name) => void begun.push(name));
  const third = order.begin(Promise.resolve('third'), async (name) => void begun.push(name));
  await new Promise((settled) => setImmediate(settled));
  expect(begun).toEqual([]);
  slow.resolve('first');
  await Promise.all([second, third]);
  expect(begun).toEqual(['first', 'second', 'third']);
});

test('what cannot be made ready fails alone', async () => {
  const order = new InOrder();
  const failed = order.begin(Promise.reject(new Error('unreadable')), async () => 'never');
  const next = order.begin(Promise.resolve(), async () => 'sent');
  await expect(failed).rejects.toThrow('unreadable');
  await expect(next).resolves.toBe('sent');
});
