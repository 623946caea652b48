import { isLinkGone, type CloseCause } from './close-cause.js';
import { draw, spread } from './backoff.js';
import { isBeside } from './beside.js';
import { phoneSeen, withoutLink } from './link-facts.js';
import { openLink, openLogin, park, parted, rest, sendAway, stay, waitForRetry } from './moves.js';
import { heardOfNewChats } from './new-chats.js';
import { endedByAbsence, listeningAgain } from './phone-silence.js';
import { codeGiven, codeRefused, limitOf, mayGoOn } from './pairing-code.js';
import { PROVED_MS } from './open-limit.js';
import { ceremonyOf, codeKnown, endCeremony, passkeyAsked, passkeyDemanded, saysMore, stepRefused } from './passkey.js';
import { sameNumber } from './same-number.js';
import type { ConnectionEvent, Effect, Transition } from './session-event.js';
import type { ParkCode, SessionState, ShownQr, WaitingCode } from './session-state.js';
import { expire, settle } from './settle.js';

/** From the socket's start until QR or open, before the attempt counts as stuck. */
export const OPEN_WITHIN_MS = 45_000;
/** From the phone's yes until WhatsApp's restart request. */
export const LINK_WITHIN_MS = 30_000;
/** The longest wait where our own store failed: WhatsApp had no part in it and need not be spared. */
const STORE_RETRY_MAX_MS = 5_000;
/** Longer than an unlink may take. */
const UNLINK_OWED_IN_S = 15;
/** A second conflict within this time means someone else keeps coming back. */
const CONFLICT_WINDOW_MS = 10 * 60_000;
/** A link that ends this soon after it was made was hardly ended by a person. */
const REMOVED_WITHIN_MS = 10 * 60_000;

export function onConnection(state: SessionState, event: ConnectionEvent, now: number): Transition {
  if (event.connection !== state.connection) return stay(state);
  const { phase } = state;
  if (phase.name === 'parting') return parting(state, event, now);
  switch (event.type) {
    case 'queued':
      return phase.name === 'opening' ? stay({ ...state, phase: { ...phase, inQueue: true } }) : stay(state);
    case 'started':
      return phase.name === 'opening'
        ? stay({ ...state, phase: { ...phase, inQueue: false, openBy: now + OPEN_WITHIN_MS } })
        : stay(state);
    case 'qr':
      return showQr(state, event, now);
    case 'code':
      return codeGiven(state, event.pairingCode, now);
    case 'code-refused':
      return codeRefused(state, event.code, event.seconds, now);
    case 'passkey-demanded':
      return passkeyDemanded(state, now);
    case 'passkey-asked':
      return passkeyAsked(state, event.options, now);
    case 'passkey-code':
      return codeKnown(state, event.code);
    case 'passkey-refused':
      return stepRefused(state, event.code, now);
    case 'paired':
      return stay({
        ...state,
        linkedNumber: event.number,
        leaving: false,
        linkedAt: Math.round(now + state.skew),
        sessionName: event.name,
        // The phone said yes just now, and nothing said of an earlier link counts.
        facts: phoneSeen(withoutLink(state.facts), Math.round(now + state.skew)),
        phase: { name: 'linking', until: now + LINK_WITHIN_MS },
      });
    case 'opened':
      return opened(state, event.number, event.name, now);
    case 'closed':
      if (ceremonyOf(state) && !saysMore(event.cause)) return endCeremony(state);
      return ofThisOutlet(state, closed(state, event.cause, now, event.together ?? 1));
    case 'parted':
      return stay(state);
    case 'new-chats':
      return stay({ ...state, facts: { ...state.facts, newChats: heardOfNewChats(state.facts.newChats, event.word) } });
    case 'phone-seen':
      return stay({ ...state, facts: phoneSeen(state.facts, Math.min(event.at, Math.round(now + state.skew))) });
    case 'credentials-unreadable':
      return park(state, 'CONFIG_ERROR', { detail: 'credentials unreadable' });
    case 'store-failed':
      if (ceremonyOf(state)) return endCeremony(state);
      return waitForRetry(state, now, {
        ...wanted(state),
        code: 'STORE_DOWN',
        detail: null,
        ceilingMs: STORE_RETRY_MAX_MS,
      });
  }
}

/** One login at most, to take leave: what cannot be told now is left to the phone's owner. */
function parting(state: SessionState, event: ConnectionEvent, now: number): Transition {
  switch (event.type) {
    case 'opened':
      return stay(state, { type: 'part' });
    case 'parted':
      return parted(state, event.told, now);
    case 'closed':
      return parted(state, isLinkGone(event.cause), now);
    case 'credentials-unreadable':
    case 'store-failed':
      return parted(state, false, now);
    default:
      return stay(state);
  }
}

/** What WhatsApp says of an account that is not the outlet's is no word about the outlet. */
function ofThisOutlet({ linkedNumber: number, outlet }: SessionState, ended: Transition): Transition {
  const strange = number !== null && !sameNumber(number, outlet.number);
  if (!strange || ended.state.phase.name !== 'parked') return ended;
  return { ...ended, state: park(ended.state, 'WRONG_NUMBER', { number }).state };
}

function wanted(state: SessionState): { purpose: 'link' | 'login'; method: 'qr' | 'pairing-code' } {
  const method = 'method' in state.phase ? state.phase.method : 'qr';
  return { purpose: state.linkedNumber === null ? 'link' : 'login', method };
}

function showQr(state: SessionState, shown: ConnectionEvent & { type: 'qr' }, now: number): Transition {
  const { phase } = state;
  const qr: ShownQr = { text: shown.text, expiresAt: now + state.skew + shown.lifetimeMs };
  if (phase.name === 'pairing') return stay({ ...state, phase: { ...phase, qr } });
  if (phase.name !== 'opening') return stay(state);
  const effects: Effect[] = [{ type: 'stock-pre-keys' }];
  // After the first round a code is for those who look alone: WhatsApp gives few.
  const isWanted = phase.method === 'pairing-code' && (state.qrRounds === 0 || state.watched);
  const codeRefused = isWanted ? limitOf(state, now) : null;
  const asked = isWanted && codeRefused === null;
  if (asked) effects.unshift({ type: 'request-code', connection: state.connection });
  const method = codeRefused ? 'qr' : phase.method;
  return {
    state: {
      ...state,
      qrRounds: state.qrRounds + 1,
      codeRefused,
      phase: { name: 'pairing', method, qr, asked, pairingCode: null, endsAt: now + shown.roundMs },
    },
    effects,
  };
}

function opened(state: SessionState, number: string, name: string | null, now: number): Transition {
  if (!sameNumber(number, state.outlet.number)) {
    const away = sendAway(state, number, UNLINK_OWED_IN_S, now);
    const [owed, ...closing] = away.effects;
    // Owed before it is tried.
    return { ...away, effects: [...(owed ? [owed] : []), { type: 'unlink', number }, ...closing] };
  }
  return stay({
    ...state,
    linkedNumber: number,
    sessionName: name ?? state.sessionName,
    lastSeen: Math.max(now + state.skew, state.lastSeen ?? 0),
    facts: listeningAgain(state, now + state.skew),
    qrRounds: 0,
    phase: { name: 'online', openedAt: now },
  });
}

function closed(state: SessionState, cause: CloseCause, now: number, together: number): Transition {
  if (isBeside(state) && cause.kind !== 'refs-ended') return settle(state, now);
  switch (cause.kind) {
    case 'restart':
      if (state.phase.name === 'linking') return openLogin(state, 'LINKING');
      return lost(state, now, { code: 'RECONNECTING', detail: '515', ceilingMs: 250 * 2 ** state.failures, together });
    case 'replaced':
      return replaced(state, now);
    case 'logged-out':
      return loggedOut(state, now);
    case 'restricted': {
      const until = cause.seconds === null ? null : Math.round(now + state.skew + cause.seconds * 1_000);
      const params = {
        ...(until !== null && { until: new Date(until).toISOString() }),
        ...(cause.detail !== null && { detail: cause.detail }),
      };
      return park(state, 'RESTRICTED', params, until);
    }
    case 'blocked':
      return park(state, 'BLOCKED', { detail: cause.detail });
    case 'banned':
      return banned(state, cause.detail);
    case 'outdated':
      return outdated(state, now);
    case 'refs-ended':
      return refsEnded(state, now);
    case 'misconfigured':
      return park(state, 'CONFIG_ERROR', { detail: cause.detail });
    case 'unavailable':
      return lost(state, now, { code: codeForLoss(state), detail: cause.detail, floorMs: 5_000 });
    case 'lost':
      return lost(state, now, { code: codeForLoss(state), detail: cause.detail, together });
  }
}

/** A link that was up reconnects; an attempt that failed means WhatsApp did not answer. */
function codeForLoss({ phase }: SessionState): WaitingCode {
  return phase.name === 'online' || phase.name === 'linking' ? 'RECONNECTING' : 'WHATSAPP_UNREACHABLE';
}

/** How an attempt or a link ends that nobody ended: it is tried again, or rests where that is how the outlet is set. */
export function lost(
  state: SessionState,
  now: number,
  { together, ...how }: { code: WaitingCode; detail: string; floorMs?: number; ceilingMs?: number; together?: number },
): Transition {
  const { phase, linkedNumber, outlet } = state;
  if (isBeside(state)) return settle(state, now);
  if (linkedNumber !== null && !outlet.autoReconnect) return rest(state, 'AUTO_RECONNECT_OFF');
  // A link that held comes back at once; only one that failed before, or was cut again, is spared.
  const held = together !== undefined && phase.name === 'online' && now - phase.openedAt >= PROVED_MS;
  return waitForRetry(state, now, { ...wanted(state), ...how, ...(held && { ceilingMs: spread(together) }) });
}

/**
 * Koneksi logs in after a ban only where a person asks. Refused even then, the link may be dead or only still banned: a
 * phone can tell, by the QR it is offered beside.
 */
function banned(state: SessionState, detail: string): Transition {
  const { lastEnding, phase } = state;
  const isAgain = phase.name === 'opening' && lastEnding?.code === 'BANNED' && lastEnding.link === 'kept';
  if (!isAgain) return park(state, 'BANNED', { detail });
  return openLink({ ...state, lastEnding: { ...lastEnding, retryAt: null } }, phase.method);
}

/** WhatsApp keeps the newest socket, so fighting for it never ends: one late try, then a person decides. */
function replaced(state: SessionState, now: number): Transition {
  const again = state.lastConflictAt !== null && now - state.lastConflictAt < CONFLICT_WINDOW_MS;
  const next = { ...state, lastConflictAt: now };
  if (again || !state.outlet.autoReconnect) return park(next, 'REPLACED');
  const { chance, seed } = draw(state.seed);
  return park({ ...next, seed }, 'REPLACED', {}, now + state.skew + 30_000 + chance * 30_000);
}

/** Without stored credentials there was nothing to log out of: an abandoned pairing code logs in without a device and gets 401. */
function loggedOut(state: SessionState, now: number): Transition {
  if (state.linkedNumber === null) return lost(state, now, { code: 'WHATSAPP_UNREACHABLE', detail: '401' });
  const parked = park(
    { ...state, linkedNumber: null, sessionName: null, failures: 0 },
    whyLoggedOut(state, now + state.skew),
  );
  return { ...parked, effects: [...parked.effects, { type: 'quarantine' }] };
}

/** People keep a link they just made; WhatsApp removes some within seconds (devlikeapro/waha#2136). */
function whyLoggedOut(state: SessionState, now: number): ParkCode {
  const { linkedAt } = state;
  const age = linkedAt === null ? -1 : now - linkedAt;
  // Where the clock was set back since, nobody knows how long ago it was linked.
  if (age >= 0 && age < REMOVED_WITHIN_MS) return 'REMOVED_BY_WHATSAPP';
  return endedByAbsence(state, now) ? 'PHONE_AWAY' : 'LOGGED_OUT';
}

/** A link is tried again by itself; one that is still to be made waits for a person, or for a newer version. */
function outdated(state: SessionState, now: number): Transition {
  const { clientPinned: pinned } = state.facts;
  const { chance, seed } = draw(state.seed);
  const retryAt = state.linkedNumber === null ? null : now + state.skew + 15 * 60_000 * (0.8 + 0.4 * chance);
  const params = pinned === null ? {} : { pinned };
  const parked = park({ ...state, seed, failures: state.failures + 1 }, 'OUTDATED', params, retryAt);
  return { ...parked, effects: [...parked.effects, { type: 'refresh-version' }] };
}

/** A new round only while someone looks: QR codes shown to nobody would go on for ever. */
function refsEnded(state: SessionState, now: number): Transition {
  const method = state.phase.name === 'pairing' ? state.phase.method : 'qr';
  return mayGoOn(state, method) ? openLink(state, method) : expire(state, method, now);
}
