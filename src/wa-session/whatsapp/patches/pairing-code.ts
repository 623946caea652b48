import { randomBytes } from 'node:crypto';
import {
  aesEncryptCTR,
  bytesToCrockford,
  Curve,
  derivePairingCodeKey,
  getBinaryNodeChild,
  jidEncode,
  type AuthenticationCreds,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys';
import type { ConnectionEvent } from '../../domain/session-event.js';
import { exchange } from './exchange.js';

/**
 * What WhatsApp checks before it gives a code: a browser and an operating system it knows, and the number of that
 * browser. Any other name is refused with 400 (WhiskeySockets/Baileys#2560). It is not what the phone lists: that name
 * is in the `DeviceProps` of the registration, and stays ours.
 */
const COMPANION = { platformId: '1', display: 'Chrome (Ubuntu)' };
const SALT_BYTES = 32;
const IV_BYTES = 16;
/** Five random bytes are eight characters of the code's alphabet. */
const CODE_BYTES = 5;
/** `rate-overlimit` (WhiskeySockets/Baileys#2008). */
const TOO_MANY = '429';
const LONGEST_BACKOFF_S = 7 * 86_400;

type CodeEvent =
  | Omit<Extract<ConnectionEvent, { type: 'code' }>, 'connection'>
  | Omit<Extract<ConnectionEvent, { type: 'code-refused' }>, 'connection'>;

/** What WhatsApp answered to the wish for a code. */
type CodeAnswer =
  | { kind: 'accepted'; pairingCode: string }
  /** `seconds` is how long WhatsApp gives no more, where it says so. */
  | { kind: 'limited'; seconds: number | null }
  | { kind: 'refused' }
  | { kind: 'unanswered' };

/**
 * Asks for the eight characters a person types on the phone of `number`, and reads the answer, which rc14's own
 * `requestPairingCode` does not. Leaves in the credentials what rc14 leaves, as it takes the phone's reply itself; after
 * a refusal they are as they were, so that the QR on the same connection still links.
 */
export async function requestPairingCode(socket: WASocket, number: string): Promise<CodeAnswer> {
  const { creds } = socket.authState;
  const before = { me: creds.me, pairingCode: creds.pairingCode };
  const pairingCode = bytesToCrockford(randomBytes(CODE_BYTES));
  const me = { id: jidEncode(number, 's.whatsapp.net'), name: '~' };
  Object.assign(creds, { pairingCode, me, pairingEphemeralKeyPair: Curve.generateKeyPair() });
  socket.ev.emit('creds.update', creds);
  const answer = await exchange(socket, hello(socket, me.id, await wrappedKey(pairingCode, creds)));
  const read = readAnswer(answer, pairingCode);
  if (read.kind !== 'accepted') {
    Object.assign(creds, before);
    socket.ev.emit('creds.update', creds);
  }
  return read;
}

function hello({ authState, generateMessageTag }: WASocket, jid: string, wrapped: Buffer): BinaryNode {
  const part = (tag: string, content: string | Uint8Array): BinaryNode => ({ tag, attrs: {}, content });
  return {
    tag: 'iq',
    attrs: { to: '@s.whatsapp.net', type: 'set', id: generateMessageTag(), xmlns: 'md' },
    content: [
      {
        tag: 'link_code_companion_reg',
        attrs: { jid, stage: 'companion_hello', should_show_push_notification: 'true' },
        content: [
          part('link_code_pairing_wrapped_companion_ephemeral_pub', wrapped),
          part('companion_server_auth_key_pub', authState.creds.noiseKey.public),
          part('companion_platform_id', COMPANION.platformId),
          part('companion_platform_display', COMPANION.display),
          part('link_code_pairing_nonce', '0'),
        ],
      },
    ],
  };
}

/** `salt32 || iv16 || AES-256-CTR(ephemeral public key)`, under a key stretched from the code. */
async function wrappedKey(pairingCode: string, creds: AuthenticationCreds): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(IV_BYTES);
  const key = await derivePairingCodeKey(pairingCode, salt);
  return Buffer.concat([salt, iv, aesEncryptCTR(creds.pairingEphemeralKeyPair.public, key, iv)]);
}

function readAnswer(answer: BinaryNode | undefined, pairingCode: string): CodeAnswer {
  if (!answer) return { kind: 'unanswered' };
  const error = getBinaryNodeChild(answer, 'error');
  if (answer.attrs['type'] !== 'error' && !error) return { kind: 'accepted', pairingCode };
  if (error?.attrs['code'] !== TOO_MANY) return { kind: 'refused' };
  const seconds = Number(error.attrs['backoff']);
  return { kind: 'limited', seconds: seconds > 0 && seconds <= LONGEST_BACKOFF_S ? seconds : null };
}

/** The answer as the session hears of it. */
export function codeEvent(answer: CodeAnswer): CodeEvent {
  switch (answer.kind) {
    case 'accepted':
      return { type: 'code', pairingCode: answer.pairingCode };
    case 'limited':
      return { type: 'code-refused', code: 'PAIRING_CODE_LIMITED', seconds: answer.seconds };
    case 'refused':
      return { type: 'code-refused', code: 'PAIRING_CODE_REFUSED', seconds: null };
    case 'unanswered':
      return { type: 'code-refused', code: 'WHATSAPP_UNREACHABLE', seconds: null };
  }
}
