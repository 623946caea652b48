import type { BlastStatus } from '@koneksi/contracts/blast-states';
import type { ErrorCode } from '@koneksi/contracts/errors';

/** What of a blast decides, beside its status, where it may go. */
export interface BlastFacts {
  /** Its time came once, or somebody started it. */
  begun: boolean;
  /** The right by which it was sent has ended; asked for a person, whether that one may not send it on either. */
  awaitsAdmin: boolean;
  /** What it said is gone. */
  purged: boolean;
  /** A message to one person, which no list shows to anybody who could decide. */
  single: boolean;
  /** Nothing of it waits or is on its way. */
  done: boolean;
}

export interface BlastState extends BlastFacts {
  status: BlastStatus;
}

interface Row {
  from: readonly BlastStatus[];
  where?: Partial<BlastFacts>;
}

const OPEN = ['scheduled', 'running', 'paused'] as const;

/**
 * What may happen to a blast, and where that leads; from anywhere else it stays as it is. `due`: its time came.
 * `replace`: another is made in its place. `retry`: recipients of it are queued again. `withdraw`: the right by which it
 * is sent ends.
 */
export const BLAST_MOVES = {
  due: [{ from: ['scheduled'], where: { begun: false }, to: 'running' }],
  start: [{ from: ['scheduled', 'paused'], where: { begun: false }, to: 'running' }],
  pause: [{ from: ['scheduled', 'running'], to: 'paused' }],
  // One that has not begun waits for its time again; one that runs may have been stopped after refusals.
  resume: [
    { from: ['paused'], where: { begun: false }, to: 'scheduled' },
    { from: ['paused', 'running'], where: { begun: true }, to: 'running' },
  ],
  cancel: [{ from: OPEN, to: 'canceled' }],
  replace: [{ from: ['scheduled', 'paused'], where: { begun: false }, to: 'canceled' }],
  retry: [{ from: ['finished'], where: { purged: false }, to: 'running' }],
  withdraw: [
    { from: OPEN, where: { single: true, awaitsAdmin: false }, to: 'canceled' },
    { from: OPEN, where: { single: false, awaitsAdmin: false }, to: 'paused' },
  ],
  finish: [{ from: ['scheduled', 'running'], where: { done: true }, to: 'finished' }],
} as const satisfies Record<string, readonly (Row & { to: BlastStatus })[]>;
export type BlastEvent = keyof typeof BLAST_MOVES;

export type BlastRefusal = Extract<ErrorCode, 'AWAITS_ADMIN' | 'BLAST_ENDED' | 'BLAST_PURGED' | 'BLAST_STARTED'>;

const ENDED = { from: ['canceled', 'finished'], code: 'BLAST_ENDED' } as const;
const AWAITS_ADMIN = { from: OPEN, where: { awaitsAdmin: true }, code: 'AWAITS_ADMIN' } as const;

/** Whom these answer with a refusal instead. Every verb may be pressed twice. */
const REFUSALS: Partial<Record<BlastEvent, readonly (Row & { code: BlastRefusal })[]>> = {
  start: [ENDED, AWAITS_ADMIN],
  pause: [ENDED],
  resume: [ENDED, AWAITS_ADMIN],
  cancel: [{ from: ['finished'], code: 'BLAST_ENDED' }],
  replace: [
    { from: ['running', 'canceled', 'finished'], code: 'BLAST_STARTED' },
    { from: OPEN, where: { begun: true }, code: 'BLAST_STARTED' },
  ],
  retry: [
    { from: ['canceled'], code: 'BLAST_ENDED' },
    { from: [...OPEN, 'finished'], where: { purged: true }, code: 'BLAST_PURGED' },
  ],
};

/** Where a blast stands after this, or why it cannot happen to it. */
export function afterwards(state: BlastState, event: BlastEvent): BlastStatus | { refused: BlastRefusal } {
  const meets = ({ from, where = {} }: Row): boolean =>
    from.includes(state.status) && Object.entries(where).every(([fact, is]) => state[fact as keyof BlastFacts] === is);
  const refusal = REFUSALS[event]?.find(meets);
  return refusal ? { refused: refusal.code } : (BLAST_MOVES[event].find(meets)?.to ?? state.status);
}

/** How one outlet's part of a blast stands: it may send, waits for something, or waits for a person after refusals. */
export type PartState = 'free' | 'held' | 'stopped';

/** As `BLAST_MOVES`; only a person who resumes the blast lifts a stop. */
export const PART_MOVES = {
  hold: { free: 'held', held: 'held', stopped: 'stopped' },
  release: { free: 'free', held: 'free' },
  stop: { free: 'stopped', held: 'stopped', stopped: 'stopped' },
  resume: { stopped: 'free' },
} as const satisfies Record<string, Partial<Record<PartState, PartState>>>;
export type PartEvent = keyof typeof PART_MOVES;
