import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import type { Request } from 'express';
import { Bodies } from './bodies.js';

const open: PassThrough[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.destroy();
});

/** A body of which nothing comes; `refused` once nobody waits for it. */
function stall(bodies: Bodies, network: string, sender: { browser: string; account: string } | null): Promise<string> {
  return send(bodies, network, sender).answer;
}

function send(
  bodies: Bodies,
  network: string,
  sender: { browser: string; account: string } | null,
): { body: PassThrough; answer: Promise<string> } {
  const body = new PassThrough();
  open.push(body);
  const request = Object.assign(body, { headers: { 'content-length': '2' } }) as unknown as Request;
  const answer = bodies.json(network, request, 300, sender).then(
    (read) => read.toString(),
    (error: { code: string }) => error.code,
  );
  return { body, answer };
}

async function isRead(bodies: Bodies, network: string, browser: string, account: string): Promise<boolean> {
  const { body, answer } = send(bodies, network, { browser, account });
  body.end('{}');
  return (await answer) === '{}';
}

/** All the turns a network has, or whoever of these is counted with it. */
function fill(bodies: Bodies, network: string, sender: { browser: string; account: string } | null): Promise<string> {
  return Promise.race(Array.from({ length: 300 }, () => stall(bodies, network, sender)));
}

test('a browser that stalls uses up its own turns and those of its network, and of no other browser', async () => {
  const bodies = new Bodies();
  expect(await fill(bodies, 'shop', { browser: 'one', account: 'ani' })).toBe('TOO_MANY_ATTEMPTS');
  expect(await isRead(bodies, 'shop', 'one', 'ani')).toBe(false);
  expect(await isRead(bodies, 'shop', 'two', 'ani')).toBe(true);
});

test('many browsers of one account have no more together, and what others know by then goes by their network', async () => {
  const bodies = new Bodies();
  expect(await fill(bodies, 'cafe', null)).toBe('TOO_MANY_ATTEMPTS');
  const answers = Array.from({ length: 100 }, (_, nth) => stall(bodies, 'cafe', { browser: `${nth}`, account: 'ani' }));
  const refused = answers.slice(40);
  expect(new Set(await Promise.all(refused))).toEqual(new Set(['TOO_MANY_ATTEMPTS']));
  expect(await isRead(bodies, 'cafe', 'mine', 'ani')).toBe(false);
  expect(await isRead(bodies, 'home', 'mine', 'ani')).toBe(true);
  expect(await isRead(bodies, 'cafe', 'mine', 'budi')).toBe(true);
});
