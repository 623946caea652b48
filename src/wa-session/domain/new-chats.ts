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

const instant = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null);

/** As people and programs read it. The lock is the graver of two. */
export function toLimits(newChats: NewChats | null): Limits | null {
  if (newChats === null) return null;
  const { lockedUntil, left, countedAgainAt } = newChats;
  if (lockedUntil !== null) return { newChats: 'locked', until: iso(lockedUntil), left };
  if (left === 0) return { newChats: 'capped', until: iso(countedAgainAt), left };
  return { newChats: 'open', until: null, left };
}

/** What a row keeps: what is told, and when chats are counted anew, which is told only where nothing graver is. */
export type KeptLimits = Limits & { countedAgainAt?: string | null | undefined };

export function toKept(newChats: NewChats | null): KeptLimits | null {
  const limits = toLimits(newChats);
  const countedAgainAt = iso(newChats?.countedAgainAt ?? null);
  return limits && countedAgainAt !== null ? { ...limits, countedAgainAt } : limits;
}

/** What of it is told. */
export const toldOf = ({ newChats, until, left }: KeptLimits): Limits => ({ newChats, until, left });

/** What a row says that an earlier process wrote; some from before name no second instant. */
export function fromKept(limits: KeptLimits | null): NewChats | null {
  if (limits === null) return null;
  const until = instant(limits.until);
  return {
    lockedUntil: limits.newChats === 'locked' ? until : null,
    left: limits.left,
    countedAgainAt: instant(limits.countedAgainAt) ?? (limits.newChats === 'capped' ? until : null),
  };
}
