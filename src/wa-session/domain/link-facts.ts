import type { WarningFact } from '@koneksi/contracts/outlet-warnings';
import { newChatsChangeAt, stillLimited, type NewChats } from './new-chats.js';
import { lately, warningsChangeAt, warningsOf, type Symptoms } from './warnings.js';

/** What is known of a link beside its status. Instants are milliseconds since the epoch. */
export interface LinkFacts extends Symptoms {
  /** `null` until WhatsApp said so. */
  readonly newChats: NewChats | null;
  /** The client version that people fixed, so that nobody asks for another; `null` where they did not. */
  readonly clientPinned: string | null;
  /** What follows from the symptoms, as of the last event. */
  readonly warnings: readonly WarningFact[];
  /** When something of it changes by time alone; `null` where nothing does. */
  readonly changesAt: number | null;
}

export const NO_FACTS: LinkFacts = {
  newChats: null,
  clientPinned: null,
  phoneSeenAt: null,
  listeningSince: null,
  lostAt: [],
  stalledAt: null,
  unreadAt: null,
  clientKnownAt: null,
  warnings: [],
  changesAt: null,
};

/** What is left of the facts without the link they were of: the client and the line are the same for every link. */
export const withoutLink = ({ clientPinned, clientKnownAt, lostAt }: LinkFacts): LinkFacts => ({
  ...NO_FACTS,
  clientPinned,
  clientKnownAt,
  lostAt,
});

/**
 * The facts as of now: what is over is gone, what follows is told.
 * @param heard until when the silence of the phone counts; `null` where it does not
 */
export function factsAt(known: LinkFacts, isLinked: boolean, now: number, heard: number | null): LinkFacts {
  const past = inThePast(isLinked ? known : withoutLink(known), now);
  const facts = { ...past, lostAt: lately(past.lostAt, now) };
  const newChats = stillLimited(facts.newChats, now);
  const changes = [newChatsChangeAt(newChats), warningsChangeAt(facts, now, heard)].filter((at) => at !== null);
  const changesAt = changes.length > 0 ? Math.min(...changes) : null;
  return { ...facts, newChats, warnings: warningsOf(facts, now, heard), changesAt };
}

/** What claims to be of the future is of before the clock was set back; it counts from now, or it would hold for ever. */
function inThePast(facts: LinkFacts, now: number): LinkFacts {
  const { phoneSeenAt, listeningSince, stalledAt, unreadAt, lostAt } = facts;
  const latest = [phoneSeenAt, listeningSince, stalledAt, unreadAt, lostAt.at(-1) ?? null];
  if (latest.every((at) => at === null || at <= now)) return facts;
  const atMost = (at: number | null): number | null => (at === null ? null : Math.min(at, Math.round(now)));
  return {
    ...facts,
    phoneSeenAt: atMost(phoneSeenAt),
    listeningSince: atMost(listeningSince),
    stalledAt: atMost(stalledAt),
    unreadAt: atMost(unreadAt),
    lostAt: lostAt.map((at) => Math.min(at, Math.round(now))),
  };
}

/** A sign of life of the phone itself; what arrives late does not take it back. */
export function phoneSeen(facts: LinkFacts, at: number): LinkFacts {
  return facts.phoneSeenAt !== null && facts.phoneSeenAt >= at ? facts : { ...facts, phoneSeenAt: at };
}
