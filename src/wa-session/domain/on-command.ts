import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { isBeside } from './beside.js';
import { isDeadBy } from './close-cause.js';
import { isUntried, triedAgain, triedNoMore, withNewerVersion } from './link-tries.js';
import { LEAVE_OWED_IN_S, openLink, openLogin, parted, pause, rest, stay, unlinking, waitForRetry } from './moves.js';
import { inThePresent, limitInThePresent } from './in-step.js';
import { isLeftBehind } from './left-behind.js';
import { askForCode, followNumber, limitOf, watchedAgain } from './pairing-code.js';
import { owing, without } from './owed-leaves.js';
import { ceremonyOf, confirm, endCeremony, giveUpPasskey, handIn } from './passkey.js';
import { takeTurnForLeave } from './open-limit.js';
import { ofAnOlderLink } from './remembering.js';
import { sameNumber } from './same-number.js';
import type { Effect, SessionCommand, Transition } from './session-event.js';
import type { Ending, LinkMethod, OpeningCode, OutletSettings, ParkCode, SessionState } from './session-state.js';
import { sameRecord, toRecord, type SessionRecord } from './session-record.js';
import { onTick } from './on-tick.js';
import { overridden, settle } from './settle.js';

/** From a logout until WhatsApp knows of it, before the phone's owner is told to remove the device. */
export const PART_WITHIN_MS = 30_000;

/** What a person, the reconciler or the process asks. Every verb is safe to press twice. */
export function onCommand(state: SessionState, command: SessionCommand, now: number): Transition {
  switch (command.type) {
    case 'restore':
      return restore(state, command.record, now);
    case 'connect':
      return connect(state, command.method, now);
    case 'pause':
      return pauseBy(state, command.by, now);
    case 'resume':
      return state.phase.name === 'paused' ? wake(state, now) : stay(state);
    case 'logout':
      return logout(state, now);
    case 'passkey-handed-in':
      return handIn(state, command.assertion, now);
    case 'passkey-compared':
      return confirm(state, command.code, now);
    case 'passkey-given-up':
      return giveUpPasskey(state);
    case 'set-aside':
      return state.leaving ? stay({ ...state, leaving: false }) : stay(state);
    case 'leave-later':
      return state.phase.name === 'parting' ? parted(state, false, now) : stay(state);
    case 'leave-taken':
      return stay({ ...state, owed: without(state.owed, command.number) });
    case 'leave-owed':
      return stay({ ...state, owed: owing(state.owed, command.number, now + state.skew) });
    case 'leave-begins':
      return takeTurnForLeave(state, now);
    case 'settings-changed':
      return obey(state, command.outlet, now);
    case 'watched':
      return watchedAgain({ ...state, watched: command.watched }, now);
    case 'tick':
      return onTick(state, now);
    case 'drift-found':
      return stay(state, { type: 'rewrite', found: command.found });
    case 'proof-failed':
      return state.phase.name === 'online'
        ? openLogin({ ...state, failures: state.failures + 1 }, 'DEGRADED')
        : stay(state);
    case 'inbound-stalled':
      return inboundStalled(state, now);
    case 'mail-given-up':
      return stay({ ...state, facts: { ...state.facts, unreadAt: Math.round(now + state.skew) } });
    case 'store-lost':
      return storeLost(state, now);
    case 'store-back':
      return storeBack(state);
    case 'client-known':
      return stay({ ...state, facts: { ...state.facts, clientKnownAt: command.at } });
    case 'version-refreshed':
      return command.changed ? withAnotherVersion(state, now) : stay(state);
    case 'stop':
      return stop(state, command.unlink);
  }
}

/** Logs in where there is something to log in with, whatever kept Koneksi from doing so by itself; not where that is dead. */
function wake(state: SessionState, now: number): Transition {
  const { outlet, linkedNumber, lastEnding } = state;
  const isDead = lastEnding?.link === 'kept' && isDeadBy(lastEnding.code, lastEnding.params.detail);
  const mayLogIn = outlet.isActive && linkedNumber !== null && sameNumber(linkedNumber, outlet.number) && !isDead;
  return mayLogIn ? openLogin(overridden(state, now), 'RECONNECTING') : settle(state, now);
}

function withAnotherVersion(refused: SessionState, now: number): Transition {
  const state = { ...refused, tries: withNewerVersion(refused.tries) };
  return state.phase.name === 'parked' && state.phase.code === 'OUTDATED' ? wake(state, now) : stay(state);
}

/** How long a QR or code that was asked for before a restart is still wanted. */
const ASKED_FOR_WITHIN_MS = 10 * 60_000;

function restore(found: SessionState, record: SessionRecord | null, now: number): Transition {
  const told = asOfNow(found.lastEnding || found.tries.refusal ? found : asRowsToldIt(found, record), now);
  const known = { ...told, lastEnding: endingOfThisLink(told, record) };
  const { linkedNumber, skew } = found;
  const state = {
    ...known,
    // The process ended between a phone's yes and its word of it.
    ...(linkedNumber !== null && { tries: triedNoMore(known.tries) }),
    leaving: found.leaving && linkedNumber !== null,
    lastConflictAt: lastConflict(record, now, skew),
  };
  return state.leaving ? leaveFirst(state, record, now) : goOn(state, record, now);
}

/** A link that was to be left when the process ended is left, whatever was wanted after that; then that is done. */
function leaveFirst(state: SessionState, record: SessionRecord | null, now: number): Transition {
  // WhatsApp may not have been told, which a login does best.
  if (record === null || record.reason === 'UNLINKED') return logout(state, now);
  const lastEnding = state.lastEnding?.link === 'gone' ? state.lastEnding : unlinking(state, now);
  const next = goOn({ ...state, linkedNumber: null, sessionName: null, lastEnding }, record, now);
  return { ...next, effects: [setAside(isOurs(lastEnding)), ...next.effects] };
}

/** Whether WhatsApp may not know of it, since we ended that link. */
const isOurs = (ending: Ending | null): boolean => ending?.code === 'UNLINKED' || ending?.code === 'WRONG_NUMBER';

const setAside = (isOwed: boolean): Effect =>
  isOwed ? { type: 'quarantine', owedInS: LEAVE_OWED_IN_S } : { type: 'quarantine' };

/** What people wanted when the process ended. */
function goOn(state: SessionState, record: SessionRecord | null, now: number): Transition {
  const { linkedNumber, skew } = state;
  if (record?.status === 'PAUSED') {
    return pause(state, record.params.by ?? '', record.params.at ? Date.parse(record.params.at) : now + skew);
  }
  // A logout that the end of the process cut short.
  if (record?.reason === 'UNLINKED' && linkedNumber !== null) return logout(state, now);
  const settled = settle(state, now, wasNeverOnline(state, record));
  if (linkedNumber !== null || !state.outlet.isActive) return settled;
  const fresh = now + skew - (record?.since ?? 0) < ASKED_FOR_WITHIN_MS;
  const code = fresh && wasLinking(state, record) ? TRIED_AS[record.reason] : undefined;
  return code ? openLink(state, record?.params.method ?? 'qr', code, record?.params.detail) : settled;
}

/** A phone may have agreed to a link beside the one that ended so, and the process ended before a row told of it. */
function endingOfThisLink({ lastEnding, linkedAt }: SessionState, record: SessionRecord | null): Ending | null {
  const isOlder = lastEnding !== null && linkedAt !== null && lastEnding.at < linkedAt;
  return isOlder && record?.reason !== lastEnding.code ? ofAnOlderLink(lastEnding) : lastEnding;
}

/** Whether the process ended between a phone's yes and the first login by that link. */
function wasNeverOnline({ lastEnding, linkedAt, lastSeen }: SessionState, record: SessionRecord | null): boolean {
  // A link whose ending is told was there before a QR beside it.
  const isBefore = lastEnding?.link === 'kept';
  if (!isBefore && (record?.reason === 'PAIRING' || record?.reason === 'LINKING')) return true;
  return linkedAt !== null && (lastSeen === null || lastSeen < linkedAt);
}

/** As what a try to link goes on that was told so; an outage stays told until a try succeeds. */
const TRIED_AS: Partial<Record<ReasonCode, OpeningCode>> = {
  PAIRING: 'PAIRING',
  WAITING_TURN: 'PAIRING',
  RECONNECTING: 'RECONNECTING',
  WHATSAPP_UNREACHABLE: 'WHATSAPP_UNREACHABLE',
  STORE_DOWN: 'STORE_DOWN',
};

/** Whether an attempt the row tells of was one to link; credentials that vanished since make no wish of a login. */
function wasLinking(
  { everLinked, lastEnding }: SessionState,
  record: SessionRecord | null,
): record is SessionRecord & { reason: ReasonCode } {
  if (!record?.reason) return false;
  const wasLinked = everLinked && (lastEnding === null || lastEnding.link === 'kept');
  return record.reason === 'PAIRING' || !wasLinked;
}

/** By a clock that was set back since, it happened in the future. */
function lastConflict(record: SessionRecord | null, now: number, skew: number): number | null {
  const at = record?.conflictAt ?? null;
  return at === null ? null : Math.min(now, at - skew);
}

/** What was kept may be of before the clock was set back. */
function asOfNow(found: SessionState, now: number): SessionState {
  const { lastEnding, tries, skew } = found;
  const present = (ending: Ending | null): Ending | null => ending && inThePresent(ending, now + skew);
  const codeLimit = tries.codeLimit && limitInThePresent(tries.codeLimit, now + skew);
  return { ...found, lastEnding: present(lastEnding), tries: { ...tries, refusal: present(tries.refusal), codeLimit } };
}

/** Rows from before these facts were kept tell of them by their reason alone. */
function asRowsToldIt(found: SessionState, record: SessionRecord | null): SessionState {
  if (record === null) return found;
  const { method = 'qr' } = record.params;
  const isOut = record.reason === 'QR_EXPIRED' && found.tries.ranOut === null;
  const tries = isOut ? { ...found.tries, ranOut: { method, number: found.outlet.number } } : found.tries;
  return { ...found, lastEnding: endingTold(found, record), tries };
}

const ENDS_THE_LINK: ReadonlySet<string> = new Set<Ending['code']>([
  'LOGGED_OUT',
  'REMOVED_BY_WHATSAPP',
  'PHONE_AWAY',
  'UNLINKED',
  'WRONG_NUMBER',
]);

/** What a row from before endings were kept says of the last one. */
function endingTold({ outlet, linkedNumber }: SessionState, record: SessionRecord): Ending | null {
  const { status, reason, params, nextRetryAt, since } = record;
  if (reason === null || (status !== 'FAILED' && reason !== 'UNLINKED')) return null;
  const number = params.number ?? linkedNumber ?? outlet.number;
  const link = linkedNumber === null || ENDS_THE_LINK.has(reason) ? 'gone' : 'kept';
  return { code: reason as ParkCode | 'UNLINKED', params, at: since ?? 0, number, link, retryAt: nextRetryAt };
}

function connect(state: SessionState, method: LinkMethod, now: number): Transition {
  const { phase, outlet, linkedNumber } = state;
  if (!outlet.isActive) return { ...stay(state), refusal: 'OUTLET_INACTIVE' };
  if (phase.name === 'paused') return { ...stay(state), refusal: 'OUTLET_PAUSED' };
  if (phase.name === 'online') return method === 'qr' ? stay(state) : { ...stay(state), refusal: 'ALREADY_LINKED' };
  if (phase.name === 'linking') return stay(state);
  const codeRefused = method === 'qr' ? null : limitOf(state, now);
  const fresh = { ...state, failures: 0, qrRounds: 0, codeRefused, tries: triedAgain(state.tries) };
  if (phase.name === 'parting') return linkAnew(fresh, method, now);
  if (phase.name === 'pairing') return method === 'qr' ? stay(fresh) : askForCode(fresh, phase, now);
  if (linkedNumber !== null && !isBeside(state)) {
    if (!sameNumber(linkedNumber, outlet.number) || isDead(phase)) return linkAnew(fresh, method, now);
    return phase.name === 'opening' ? stay(state) : openLogin(overridden(fresh, now), 'RECONNECTING', null, method);
  }
  if (phase.name === 'opening' && phase.purpose === 'link') {
    return stay({ ...fresh, phase: { ...phase, method: method === 'qr' ? phase.method : method } });
  }
  return openLink(fresh, method);
}

/** Whether WhatsApp refused the stored link itself: every login by it would be refused alike, and only a new one mends that. */
function isDead(phase: SessionState['phase']): boolean {
  return phase.name === 'parked' && isDeadBy(phase.code, phase.params.detail);
}

/** Leaves the stored link aside for a new one. */
function linkAnew(state: SessionState, method: LinkMethod, now: number): Transition {
  const { lastEnding, linkedNumber, outlet, phase } = state;
  const ended =
    lastEnding?.link === 'kept' &&
    phase.name !== 'parting' &&
    linkedNumber !== null &&
    sameNumber(linkedNumber, outlet.number);
  const opened = openLink(
    {
      ...state,
      linkedNumber: null,
      sessionName: null,
      // WhatsApp is told meanwhile; only where that fails is somebody asked to.
      lastEnding: ended ? ofAnOlderLink(lastEnding) : unlinking(state, now),
    },
    method,
  );
  return { ...opened, effects: [setAside(!ended), ...opened.effects] };
}

function pauseBy(state: SessionState, by: string, now: number): Transition {
  if (state.phase.name === 'paused') return stay(state);
  if (state.phase.name !== 'parting') return pause(state, by, now + state.skew);
  const left = parted(state, false, now);
  const paused = pause(left.state, by, now + state.skew);
  return { ...paused, effects: [...left.effects, ...paused.effects] };
}

/** Where no socket is up, one login is made to take leave: a device nobody removes stays listed on the phone. */
function logout(state: SessionState, now: number): Transition {
  const { phase } = state;
  if (phase.name === 'parting') return stay(state);
  if (state.linkedNumber === null) {
    return isAtRest(state) ? stay(state) : giveUpLinking(state, now);
  }
  const parting = { name: 'parting', until: now + PART_WITHIN_MS } as const;
  if (phase.name === 'online') return stay({ ...state, phase: parting }, { type: 'part' });
  const opening = openLogin(state, 'RECONNECTING');
  return { ...opening, state: { ...opening.state, phase: parting } };
}

/** Nothing is tried, and nothing is told of a try. */
function isAtRest({ phase, tries }: SessionState): boolean {
  return isUntried(tries) && (phase.name === 'resting' || phase.name === 'paused');
}

/**
 * Nothing is linked, so nothing is unlinked: whatever was tried ends, and what came of it is told no more. A phone may
 * have said yes in this very moment, though, and would list a device that nobody uses.
 */
function giveUpLinking(trying: SessionState, now: number): Transition {
  const state = { ...trying, tries: triedNoMore(trying.tries) };
  if (state.phase.name === 'paused') return stay(state);
  const settled = settle(state, now);
  return { ...settled, effects: [...settled.effects, setAside(true)] };
}

function obey(state: SessionState, outlet: OutletSettings, now: number): Transition {
  const isRenumbered = !sameNumber(outlet.number, state.outlet.number);
  // What was said of codes was about the number.
  const next = { ...state, outlet, ...(isRenumbered && { codeRefused: null }) };
  const { phase, linkedNumber } = next;
  if (phase.name === 'paused' || phase.name === 'parting' || sameRules(state.outlet, outlet)) return stay(next);
  const strange = linkedNumber !== null && !sameNumber(linkedNumber, outlet.number);
  if (!outlet.isActive || !state.outlet.isActive || strange) return resettle(next, now);
  // Whether links are kept up by themselves is no word on one that is being made.
  if (linkedNumber === null && !isRenumbered) return stay(next);
  switch (phase.name) {
    case 'resting':
    case 'parked':
    case 'expired':
      return resettle(next, now);
    case 'waiting':
      return outlet.autoReconnect || phase.purpose === 'link' ? stay(next) : rest(next, 'AUTO_RECONNECT_OFF');
    case 'pairing':
      return followNumber(next, state.outlet);
    default:
      return stay(next);
  }
}

const sameRules = (a: OutletSettings, b: OutletSettings): boolean =>
  a.number === b.number && a.isActive === b.isActive && a.autoReconnect === b.autoReconnect;

/** The reason follows the new facts; where it is the same one, nothing moves. */
function resettle(state: SessionState, now: number): Transition {
  const settled = settle(state, now);
  return sameRecord(toRecord(state), toRecord(settled.state)) ? stay(state) : settled;
}

const RESTING: ReadonlySet<string> = new Set(['resting', 'paused', 'parked', 'expired', 'parting']);

/** A connection that reads no mail any more is replaced; what it did not read comes again. */
function inboundStalled(state: SessionState, now: number): Transition {
  if (state.phase.name !== 'online') return stay(state);
  const facts = { ...state.facts, stalledAt: Math.round(now + state.skew) };
  const opening = openLogin({ ...state, failures: state.failures + 1, facts }, 'DEGRADED');
  return { ...opening, effects: [{ type: 'note-stall' }, ...opening.effects] };
}

/** Without its store a socket would answer WhatsApp with keys it cannot keep; the server queues mail for us instead. */
function storeLost(state: SessionState, now: number): Transition {
  const { phase } = state;
  if (ceremonyOf(state)) return endCeremony(state);
  if (RESTING.has(phase.name)) return stay(state);
  if (phase.name === 'waiting' && phase.code === 'STORE_DOWN') return stay(state);
  const purpose = state.linkedNumber === null ? 'link' : 'login';
  const method = 'method' in phase ? phase.method : 'qr';
  return waitForRetry(state, now, { purpose, method, code: 'STORE_DOWN', detail: null });
}

/** What could not be written while it was away is made good: a link that was left must not outlive that. */
function storeBack(state: SessionState): Transition {
  const { phase } = state;
  if (isLeftBehind(state)) return stay(state, setAside(isOurs(state.lastEnding)));
  if (phase.name !== 'waiting' || phase.code !== 'STORE_DOWN') return stay(state);
  return phase.purpose === 'login' ? openLogin(state, 'RECONNECTING') : openLink(state, phase.method);
}

function stop(state: SessionState, unlink: boolean): Transition {
  const told = unlink && state.phase.name === 'online' ? [{ type: 'unlink', number: state.linkedNumber } as const] : [];
  return { state: { ...state, connection: state.connection + 1 }, effects: [...told, { type: 'close' }] };
}
