import { expect, test } from '@jest/globals';
import { BLAST_STATUSES } from '@koneksi/contracts/blast-states';
import { afterwards, BLAST_MOVES, type BlastEvent, type BlastState } from './blast-moves.js';

const of = (status: BlastState['status'], facts: Partial<BlastState> = {}): BlastState => ({
  status,
  begun: status !== 'scheduled',
  awaitsAdmin: false,
  purged: false,
  single: false,
  done: false,
  ...facts,
});
const PLACES = [
  of('scheduled'),
  of('paused', { begun: false }),
  of('running'),
  of('paused'),
  of('canceled'),
  of('finished'),
];
const EVENTS = Object.keys(BLAST_MOVES) as BlastEvent[];
const said = (state: BlastState, event: BlastEvent): string => {
  const after = afterwards(state, event);
  return typeof after === 'object' ? after.refused : after === state.status ? '-' : after;
};
const FACTS = ['begun', 'awaitsAdmin', 'purged', 'single', 'done'] as const;
const EVERY_STATE = BLAST_STATUSES.flatMap((status) =>
  Array.from({ length: 2 ** FACTS.length }, (_, bits) =>
    of(status, Object.fromEntries(FACTS.map((fact, bit) => [fact, (bits & (1 << bit)) !== 0]))),
  ),
);

// Where each event leads from, in this order: scheduled, paused before it began, running, paused, canceled, finished.
test.each<[BlastEvent, string]>([
  ['due', 'running - - - - -'],
  ['start', 'running running - - BLAST_ENDED BLAST_ENDED'],
  ['pause', 'paused - paused - BLAST_ENDED BLAST_ENDED'],
  ['resume', '- scheduled - running BLAST_ENDED BLAST_ENDED'],
  ['cancel', 'canceled canceled canceled canceled - BLAST_ENDED'],
  ['replace', 'canceled canceled BLAST_STARTED BLAST_STARTED BLAST_STARTED BLAST_STARTED'],
  ['retry', '- - - - BLAST_ENDED running'],
  ['withdraw', 'paused - paused - - -'],
  ['finish', '- - - - - -'],
])('%s', (event, expected) => {
  expect(PLACES.map((state) => said(state, event)).join(' ')).toBe(expected);
});

test('the table names every event', () => {
  expect(EVENTS).toHaveLength(9);
});

test('only what has nothing left ends by itself', () => {
  expect(PLACES.map((state) => said({ ...state, done: true }, 'finish')).join(' ')).toBe('finished - finished - - -');
});

test('what awaits an ADMIN is sent on by nobody else, and can be paused or canceled', () => {
  const waits = of('paused', { awaitsAdmin: true });
  const all = EVENTS.map((event) => `${event} ${said(waits, event)}`);
  expect(all.filter((each) => each.endsWith('AWAITS_ADMIN'))).toEqual(['start AWAITS_ADMIN', 'resume AWAITS_ADMIN']);
  expect(said(waits, 'cancel')).toBe('canceled');
});

test('a message to one person whose right ends is canceled: no list shows it to who could decide', () => {
  expect(said(of('running', { single: true }), 'withdraw')).toBe('canceled');
});

test('what has been removed is not sent again', () => {
  expect(said(of('finished', { purged: true }), 'retry')).toBe('BLAST_PURGED');
});

test('from wherever: what is canceled stays so, only a retry leads from the end, and what has begun waits no more', () => {
  for (const state of EVERY_STATE)
    for (const event of EVENTS) {
      const after = said(state, event);
      const leads = (BLAST_STATUSES as readonly string[]).includes(after);
      if (!leads) expect(after).toMatch(/^(-|[A-Z]+_[A-Z]+)$/);
      else if (state.status === 'canceled') throw new Error(`${event} leads from canceled to ${after}`);
      else if (state.status === 'finished') expect(event).toBe('retry');
      else if (after === 'scheduled') expect(state.begun).toBe(false);
    }
});
