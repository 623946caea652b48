import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { Socket } from 'socket.io';
import { Entering } from './entering.js';

const asking = () => ({ conn: new EventEmitter() as unknown as Socket['conn'] });

test('whoever is shut out while they ask is known for it, and nobody who asks afterwards', () => {
  const entering = new Entering();
  const [early, late] = [asking(), asking()];
  entering.begin(early);
  entering.shutOut('budi');
  entering.begin(late);
  expect(entering.isShutOut(early, 'budi')).toBe(true);
  expect(entering.isShutOut(early, 'sari')).toBe(false);
  expect(entering.isShutOut(late, 'budi')).toBe(false);
});

test('nothing is kept of those who are in, were refused, or went away over it', () => {
  const entering = new Entering();
  const [one, gone] = [asking(), asking()];
  for (const socket of [one, gone]) entering.begin(socket);
  for (let id = 0; id < 1_000; id++) entering.shutOut(String(id));
  expect(entering.size).toBe(2);
  entering.end(one);
  gone.conn.emit('close', 'transport close');
  expect(entering.size).toBe(0);
  for (let id = 0; id < 1_000; id++) entering.shutOut(String(id));
  expect(entering.size).toBe(0);
  expect(entering.isShutOut(one, '1')).toBe(false);
});
