/** No restriction is told for longer; what WhatsApp sends is not ours to trust, and a row holds no year 10000. */
const LONGEST_RESTRICTION_S = 10 * 365 * 86_400;

/** Why a connection ended, in the words the state machine decides by. `detail` is a code for people: `503`, `HTTP 429`. */
export type CloseCause =
  /** 515: WhatsApp wants a new socket with the same credentials. */
  | { kind: 'restart' }
  /** 440: another client holds this session. */
  | { kind: 'replaced' }
  /** 401 from the stream itself, never from an HTTP refusal. */
  | { kind: 'logged-out' }
  /** 402: banned for a while. `seconds` is how long from now and `detail` why, by code, where WhatsApp says so. */
  | { kind: 'restricted'; seconds: number | null; detail: string | null }
  /** 403: the account is locked or moved to a new phone; no login by these credentials succeeds again. */
  | { kind: 'blocked'; detail: string }
  /**
   * 406: the account is banned. Where that was lifted its links live on; where the number was registered anew they get this
   * answer for ever (tulir/whatsmeow `types/events`).
   */
  | { kind: 'banned'; detail: string }
  /** 405: our version is too old. */
  | { kind: 'outdated' }
  /** Every QR was shown and none scanned. */
  | { kind: 'refs-ended' }
  /**
   * 409 and 411: trying again changes nothing. 413, 414, 415: nor do these credentials, whose token expired, is not valid
   * or not found (tulir/whatsmeow `types/events`).
   */
  | { kind: 'misconfigured'; detail: string }
  /** 503: WhatsApp asks for patience. */
  | { kind: 'unavailable'; detail: string }
  /** Anything else: network, unknown stream errors, 500, 428, 408, refusal at the upgrade. Credentials are still good. */
  | { kind: 'lost'; detail: string };

/** CONFIG_ERROR by a token that expired, is not valid or not found. */
const REFUSED_LINKS: ReadonlySet<string> = new Set(['413', '414', '415']);

/** Whether a link that ended so never logs in again: only a new one mends that. */
export const isDeadBy = (code: string, detail: string | undefined): boolean =>
  code === 'BLOCKED' || (code === 'CONFIG_ERROR' && REFUSED_LINKS.has(detail ?? ''));

/** Whether the link itself is no more: no login by these credentials succeeds again, and no phone lists them. */
export function isLinkGone(cause: CloseCause): boolean {
  if (cause.kind === 'misconfigured') return REFUSED_LINKS.has(cause.detail);
  return cause.kind === 'logged-out' || cause.kind === 'blocked';
}

/** What Baileys reports of an ending, without its types. */
export interface RawEnding {
  statusCode: number;
  message: string;
  /** Attributes of the `<failure>` node, where there was one. */
  attrs: Record<string, string>;
}

const FROM_THE_STREAM = /^(Stream Errored|Connection Failure)/;

/**
 * The status code alone misleads: 408 has two meanings, and an HTTP 401 at the upgrade is no logout.
 * So codes count only where WhatsApp's own stream said them.
 */
export function classifyEnding({ statusCode, message, attrs }: RawEnding): CloseCause {
  const spoken = FROM_THE_STREAM.test(message);
  const detail = Number.isFinite(statusCode) ? String(statusCode) : 'unreadable';
  if (message.startsWith('QR refs attempts ended')) return { kind: 'refs-ended' };
  if (message.startsWith('Multi-device beta not joined')) return { kind: 'misconfigured', detail };
  if (!spoken) return { kind: 'lost', detail: transportDetail(message, detail) };
  switch (statusCode) {
    case 515:
      return { kind: 'restart' };
    case 440:
      return { kind: 'replaced' };
    case 401:
      return { kind: 'logged-out' };
    case 402:
      return { kind: 'restricted', seconds: positive(attrs['expire']), detail: codeIn(attrs['code']) };
    case 403:
      return { kind: 'blocked', detail };
    case 406:
      return { kind: 'banned', detail };
    case 405:
      return { kind: 'outdated' };
    case 409:
    case 411:
    case 413:
    case 414:
    case 415:
      return { kind: 'misconfigured', detail };
    case 503:
      return { kind: 'unavailable', detail };
    default:
      return { kind: 'lost', detail };
  }
}

function positive(text: string | undefined): number | null {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? Math.min(value, LONGEST_RESTRICTION_S) : null;
}

/** A number of a few digits; what else may stand there is not told on. */
function codeIn(text: string | undefined): string | null {
  return text !== undefined && /^\d{1,4}$/.test(text) ? text : null;
}

/** `WebSocket Error (connect ECONNREFUSED 127.0.0.1:1)` is told as `ECONNREFUSED`: a code, no address. */
function transportDetail(message: string, fallback: string): string {
  // Somebody between us and WhatsApp, such as a proxy that reads along, shows a certificate of its own.
  if (/certificate|altnames/i.test(message)) return 'TLS certificate';
  return /HTTP \d{3}/.exec(message)?.[0] ?? /\bE[A-Z_]{4,}\b/.exec(message)?.[0] ?? fallback;
}
