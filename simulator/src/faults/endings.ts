import { type Stanza, stanza } from '../wire/stanza.js';

/**
 * The ways WhatsApp ends a session, named by what they mean. The number is the `statusCode` Baileys
 * 7.0.0-rc14 puts on `lastDisconnect` (protocol facts: stream errors and failures are matched by
 * Baileys' `CB:stream:error` and `CB:failure`).
 */
export type EndingName =
  /** 440. `<stream:error><conflict type="replaced"/>`: another client opened this session. */
  | 'replaced'
  /** 401. `<stream:error code="401"><conflict type="device_removed"/>`: the phone, or WhatsApp itself, unlinked the device. */
  | 'device-removed'
  /** 401. `<failure reason="401"/>` at login: the credentials are not accepted any more. */
  | 'logged-out'
  /** 402. `<failure reason="402" code="101" expire="3600"/>`: a temporary ban, see `TemporaryBan` for others. */
  | 'temporarily-banned'
  /** 403. `<failure reason="403"/>`: the account is locked, or moved to a new phone (tulir/whatsmeow types/events). */
  | 'forbidden'
  /** 405. `<failure reason="405"/>`: the client's version is too old. */
  | 'outdated'
  /** 406. `<failure reason="406"/>`: the account is banned. */
  | 'banned'
  /** 409. `<failure reason="409"/>`: the client's user agent is refused (tulir/whatsmeow types/events). */
  | 'conflict'
  /** 411. `<ib><downgrade_webclient/></ib>`: the account is not multi-device. */
  | 'downgraded'
  /** 413. `<failure reason="413"/>`: the client's token has expired (tulir/whatsmeow types/events). */
  | 'token-expired'
  /** 414. `<failure reason="414"/>`: the client's token is not valid. */
  | 'token-invalid'
  /** 415. `<failure reason="415"/>`: the client's token is not known. */
  | 'token-not-found'
  /** 500. `<stream:error>` with a child nobody knows. Baileys calls it badSession; the credentials are good. */
  | 'unknown-stream-error'
  /** 503. `<stream:error code="503"/>`. */
  | 'unavailable'
  /** 503. `<failure reason="503"/>`. */
  | 'unavailable-failure'
  /** 515. `<stream:error code="515"/>`: restart, as after pairing. */
  | 'restart'
  /** No close event at all in rc14: `<failure reason="abc"/>` becomes NaN and Boom throws. */
  | 'reason-not-a-number'
  /** 428. `<xmlstreamend/>`. */
  | 'stream-end'
  /** 428. An orderly websocket close frame. */
  | 'close'
  /** 428. The TCP connection is reset without a word. */
  | 'drop';

/**
 * Why WhatsApp bans for a while, as the `code` of a 402: sent to too many strangers, blocked by too many, made too many
 * groups with strangers, sent the same to too many, (nobody has told), sent too much to broadcast lists.
 */
export const BAN_CODES = [101, 102, 103, 104, 105, 106] as const;

/** `<failure reason="402" code expire/>` (tulir/whatsmeow types/events, `TempBanReason`). */
export interface TemporaryBan {
  code: (typeof BAN_CODES)[number];
  /** How long it still lasts, in seconds; left out where WhatsApp does not say. */
  expiresInSeconds?: number;
}

/** A named ending, or one spelled out for codes without a name. */
export type Ending =
  | EndingName
  | { temporaryBan: TemporaryBan }
  | { streamError: { code?: string; child?: string; childAttrs?: Record<string, string> } }
  | { failure: { reason: string; attrs?: Record<string, string> } };

/** How to carry an ending out: stanzas to send, then how to leave. */
export interface EndingScript {
  stanzas: Stanza[];
  leave: 'close' | 'drop';
}

const streamError = (attrs: Record<string, string>, child?: Stanza) => stanza('stream:error', attrs, child && [child]);
const failure = (reason: string, attrs: Record<string, string> = {}) => stanza('failure', { reason, ...attrs });

const banned = ({ code, expiresInSeconds: seconds }: TemporaryBan) =>
  failure('402', { code: code.toString(), ...(seconds !== undefined && { expire: seconds.toString() }) });

const STANZAS: Record<EndingName, () => Stanza[]> = {
  replaced: () => [streamError({}, stanza('conflict', { type: 'replaced' }))],
  'device-removed': () => [streamError({ code: '401' }, stanza('conflict', { type: 'device_removed' }))],
  'logged-out': () => [failure('401')],
  'temporarily-banned': () => [failure('402', { code: '101', expire: '3600' })],
  forbidden: () => [failure('403')],
  outdated: () => [failure('405')],
  banned: () => [failure('406')],
  conflict: () => [failure('409')],
  'token-expired': () => [failure('413')],
  'token-invalid': () => [failure('414')],
  'token-not-found': () => [failure('415')],
  downgraded: () => [stanza('ib', {}, [stanza('downgrade_webclient')])],
  'unknown-stream-error': () => [streamError({}, stanza('xml-not-well-formed'))],
  unavailable: () => [streamError({ code: '503' })],
  'unavailable-failure': () => [failure('503')],
  restart: () => [streamError({ code: '515' })],
  'reason-not-a-number': () => [failure('abc')],
  'stream-end': () => [stanza('xmlstreamend')],
  close: () => [],
  drop: () => [],
};

export const ENDING_NAMES = Object.keys(STANZAS) as EndingName[];

export function isEndingName(name: unknown): name is EndingName {
  return typeof name === 'string' && Object.hasOwn(STANZAS, name);
}

export function scriptOf(ending: Ending): EndingScript {
  if (typeof ending === 'string') return { stanzas: STANZAS[ending](), leave: ending === 'drop' ? 'drop' : 'close' };
  if ('failure' in ending) return { stanzas: [failure(ending.failure.reason, ending.failure.attrs)], leave: 'close' };
  if ('temporaryBan' in ending) return { stanzas: [banned(ending.temporaryBan)], leave: 'close' };
  const { code, child, childAttrs } = ending.streamError;
  return {
    stanzas: [
      streamError(code === undefined ? {} : { code }, child === undefined ? undefined : stanza(child, childAttrs)),
    ],
    leave: 'close',
  };
}
