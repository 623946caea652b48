import { expect, test } from '@jest/globals';
import type { SessionContext } from './session-context.js';
import { SessionSocket } from './session-socket.js';

const OWNER = { outletId: '11111111-1111-4111-8111-111111111111', owner: '', epoch: '1' };
const NUMBER = '628120000001';

/** A socket over a store that answers so. */
function socketOver(happened: string[], taken = (..._: unknown[]): Promise<boolean> => Promise.resolve(true)) {
  const context = {
    store: { quarantine: () => Promise.resolve((happened.push('aside'), 'leave')) },
    farewells: { taken },
    logger: { warn: (text: string) => void happened.push(text) },
  };
  return new SessionSocket(context as unknown as SessionContext, OWNER, () => undefined);
}

test.each<[string, () => Promise<void>, string[]]>([
  ['what a phone just said is in the row before that is set aside', () => Promise.resolve(), ['aside']],
  [
    'where that cannot be written the link is set aside all the same',
    () => Promise.reject(new Error('away')),
    [`Credentials of outlet ${OWNER.outletId} were not flushed`, 'aside'],
  ],
])('%s', async (_, write, after) => {
  const happened: string[] = [];
  const socket = socketOver(happened);
  Object.assign(socket, { auth: { id: 'link', flushed: () => (happened.push('written'), write()) } });
  await socket.perform({ type: 'quarantine', owedInS: 1 }, NUMBER);
  expect(happened).toEqual(['written', ...after]);
  expect(socket.link).toBeNull();
});

test.each<[string, { told: boolean; last?: () => Promise<boolean> }, boolean, string[]]>([
  ['is taken', { told: true }, true, ['ended']],
  ['is not all that is owed to its phone', { told: true, last: () => Promise.resolve(false) }, false, ['ended']],
  ['is not heard', { told: false }, false, ['ended']],
  [
    'cannot be recorded',
    { told: true, last: () => Promise.reject(new Error('away')) },
    false,
    [`A leave of outlet ${OWNER.outletId} is not recorded: away`, 'ended'],
  ],
])('a leave that %s', async (_, { told, last = () => Promise.resolve(true) }, expected, after) => {
  const [happened, asked]: [string[], unknown[][]] = [[], []];
  const socket = socketOver(happened, (...leave) => (asked.push(leave), last()));
  await socket.perform({ type: 'quarantine', owedInS: 1 }, NUMBER);
  const connection = {
    unlink: () => Promise.resolve(told),
    close: () => Promise.resolve(void happened.push('ended')),
  };
  Object.assign(socket, { connection });
  expect(await socket.takeLeave(NUMBER)).toBe(expected);
  expect(happened).toEqual(['aside', ...after]);
  expect(asked).toEqual(told ? [['leave', OWNER.outletId, NUMBER]] : []);
});
