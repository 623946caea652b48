import type { Limits } from '@koneksi/contracts/outlet-warnings';

/** What WhatsApp lets the account do with people it does not know. Instants are milliseconds since the epoch. */
export interface NewChats {
  /** No chat may be started before; `null` where there is no lock. */
  readonly lockedUntil: number | null;
  /** How many more may be started; `null` where WhatsApp counts none. */
  readonly left: number | null;
  /** When they are counted anew; `null` where it does not say. */
  readonly countedAgainAt: number | null;
}

const UNLIMITED: NewChats = { lockedUntil: null, left: null, countedAgainAt: null };

/** What is known after WhatsApp's word, which may be of the lock alone or of the count alone. */
export const heardOfNewChats = (before: NewChats | null, word: Partial<NewChats>): NewChats => ({
  ...(before ?? UNLIMITED),
  ...word,
});

/** Without what is over by now: WhatsApp tells nobody that a time it named has come. The same object where nothing is. */
export function stillLimited(newChats: NewChats | null, now: number): NewChats | null {
  if (newChats === null) return null;
  const lockIsOver = newChats.lockedUntil !== null && newChats.lockedUntil <= now;
  const countIsOver = newChats.countedAgainAt !== null && newChats.countedAgainAt <= now;
  if (!lockIsOver && !countIsOver) return newChats;
  return {
    lockedUntil: lockIsOver ? null : newChats.lockedUntil,
    left: countIsOver ? null : newChats.left,
    countedAgainAt: countIsOver ? null : newChats.countedAgainAt,
  };
}

/** When `stillLimited` answers something else; `null` where it will not. */
export function newChatsChangeAt(newChats: NewChats | null): number | null {
  const instants = [newChats?.lockedUntil, newChats?.countedAgainAt].filter((at) => typeof at === 'number');
  return instants.length > 0 ? Math.min(...instants) : null;
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

/** As people and programs read it. The lock is the graver of two. */
export function toLimits(newChats: NewChats | null): Limits | null {
  if (newChats === null) return null;
  const { lockedUntil, left, countedAgainAt } = newChats;
  if (lockedUntil !== null) return { newChats: 'locked', until: iso(lockedUntil), left };
  if (left === 0) return { newChats: 'capped', until: iso(countedAgainAt), left };
  return { newChats: 'open', until: null, left };
}

/** What a row says that an earlier process wrote. */
export function fromLimits(limits: Limits | null): NewChats | null {
  if (limits === null) return null;
  const until = limits.until === null ? null : Date.parse(limits.until);
  return {
    lockedUntil: limits.newChats === 'locked' ? until : null,
    left: limits.left,
    countedAgainAt: limits.newChats === 'capped' ? until : null,
  };
}
