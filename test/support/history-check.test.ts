import { expect, test } from '@jest/globals';
import { complaintsOf, type Claim, type PageFact, type Recorded, type SocketFact } from './history-check.js';

const NOTHING: Recorded = { sockets: [], sent: [], claims: [], rows: [], taken: [], returned: [], pages: new Map() };

const claim = (at: number, node: string | null, epoch: number): Claim => ({ number: '62877', node, epoch, at });
const socket = (kind: SocketFact['kind'], at: number, connection: number, node: string | null): SocketFact => ({
  kind,
  link: '62877:1',
  number: '62877',
  connection,
  node,
  at,
});
const page = (...facts: PageFact[]): Partial<Recorded> => ({ pages: new Map([['page', facts]]) });
const snapshot = (cursor: number): PageFact => ({ kind: 'snapshot', cursor });
const told = (cursor: number): PageFact => ({ kind: 'told', cursor });
const taken = { id: 'one', node: 'a', epoch: 1, newest: 1 };

/** A hand-over as it should be: let go after the socket, claimed before the next. */
const moved: Partial<Recorded> = {
  claims: [claim(1, 'a', 1), claim(6, null, 1), claim(7, 'b', 2)],
  sockets: [
    socket('open', 2, 1, 'a'),
    socket('online', 3, 1, 'a'),
    socket('close', 5, 1, 'a'),
    socket('open', 7, 2, 'b'),
  ],
};

test.each<[string, Partial<Recorded>, string[]]>([
  ['a hand-over', moved, []],
  ['a node whose name nobody knows', { ...moved, sockets: [socket('open', 2, 1, null)] }, []],
  [
    'a socket beside another of its link',
    { sockets: [socket('open', 1, 1, 'a'), socket('open', 2, 2, 'a')] },
    ['two sockets of one link: 1'],
  ],
  [
    'the end of an older socket ends no newer one',
    {
      sockets: [1, 2]
        .map((at) => socket('open', at, at, 'a'))
        .concat(socket('close', 3, 1, 'a'), socket('open', 4, 3, 'a')),
    },
    ['two sockets of one link: 2'],
  ],
  [
    'an opening by who had the outlet before',
    { ...moved, sockets: [socket('open', 8, 3, 'a')] },
    ['opened without its claim: 62877 by a, held by b'],
  ],
  [
    'an opening before the claim',
    { ...moved, sockets: [socket('open', 6, 3, 'b')] },
    ['opened without its claim: 62877 by b, held by nobody'],
  ],
  [
    'an opening by a nameless node of what nobody has',
    { ...moved, sockets: [socket('open', 6, 3, null)] },
    ['opened without its claim: 62877 by somebody, held by nobody'],
  ],
  ['an epoch given twice', { claims: [claim(1, 'a', 2), claim(2, 'b', 2)] }, ['an epoch given twice: 2 after 2']],
  [
    'a lease let go under another claim',
    { claims: [claim(1, 'a', 2), claim(2, null, 1)] },
    ['let go under another claim: 1 after 2'],
  ],
  [
    'a row written without the lease',
    { rows: [{ what: 'wa_session', node: 'a', owner: 'a', locked: false }] },
    ['written without the lease: wa_session'],
  ],
  [
    'a row of another’s outlet',
    { rows: [{ what: 'wa_session', node: 'a', owner: 'b', locked: true }] },
    ['written by who does not own the outlet: wa_session'],
  ],
  [
    'a message taken under an old claim',
    { taken: [{ ...taken, newest: 2 }] },
    ['taken under a claim that is not the newest: 1 of 2'],
  ],
  ['a message put back by who took it', { taken: [taken], returned: [{ id: 'one', epoch: 1, newest: 1 }] }, []],
  [
    'a message put back by another',
    { taken: [taken], returned: [{ id: 'one', epoch: 1, newest: 2 }] },
    ['back from sending under another claim: 1 of 2'],
  ],
  ['a message that was taken', { taken: [taken], sent: [{ id: 'one', node: 'a' }] }, []],
  ['a message that nobody took', { sent: [{ id: 'one', node: 'a' }] }, ['left without a claim: one']],
  [
    'a message that another took',
    { taken: [taken], sent: [{ id: 'one', node: 'b' }] },
    ['left by b, claimed by a: one'],
  ],
  [
    'a message twice',
    {
      taken: [taken],
      sent: [
        { id: 'one', node: 'a' },
        { id: 'one', node: 'a' },
      ],
    },
    ['left 2 times: one'],
  ],
  ['a page that hears all', page(snapshot(4), told(5), told(6), snapshot(9), told(10)), []],
  ['a page that misses one', page(snapshot(4), told(6)), ['page: a cursor skipped: 6 after 4']],
  [
    'a page that hears one twice',
    page(snapshot(4), told(5), told(5)),
    ['page: a cursor repeated or out of order: 5 after 5'],
  ],
  [
    'a page that hears what its snapshot held',
    page(snapshot(4), told(4)),
    ['page: a cursor repeated or out of order: 4 after 4'],
  ],
  ['a page that comes back', page(snapshot(9), { kind: 'resumed', from: 6, cursors: [7, 8, 9], to: 9 }, told(10)), []],
  [
    'a page that comes back and misses one',
    page(snapshot(9), { kind: 'resumed', from: 6, cursors: [7, 9], to: 9 }),
    ['page: a cursor skipped: 9 after 7'],
  ],
  [
    'a page that comes back and misses the last',
    page(snapshot(9), { kind: 'resumed', from: 6, cursors: [7, 8], to: 9 }),
    ['page: resumed to 9, told up to 8'],
  ],
])('%s', (_, recorded, complaints) => {
  expect(complaintsOf({ ...NOTHING, ...recorded })).toEqual(complaints);
});

test('what is allowed: sockets of a process that stands still, and messages sent as tests', () => {
  const sockets = [socket('open', 1, 1, 'a'), socket('open', 2, 2, 'b')];
  expect(
    complaintsOf({ ...NOTHING, sockets, sent: [{ id: 'test', node: 'a' }] }, { mayReplace: 1, tests: ['test'] }),
  ).toEqual([]);
});
