import { jidDecode, type AuthenticationCreds, type BinaryNode } from '@whiskeysockets/baileys';
import type { EventEmitter } from 'node:events';

/** Told again only after so long: days matter here. */
const EVERY_MS = 60 * 60_000;

/**
 * Tells when the outlet's phone itself was last heard of: by a message or a receipt of device 0 of our own account, as
 * mautrix/whatsapp does (`pkg/connector/phoneping.go`). What WhatsApp kept for us counts from when it was given.
 */
export function watchPhone(
  ws: EventEmitter,
  creds: AuthenticationCreds,
  now: () => number,
  tell: (at: number) => void,
): void {
  let told = Number.NEGATIVE_INFINITY;
  const look = ({ attrs }: BinaryNode): void => {
    if (!isOwnPhone(attrs['from'], creds)) return;
    const seconds = Number(attrs['t']);
    const at = seconds > 0 ? Math.min(seconds * 1_000, now()) : now();
    if (at - told < EVERY_MS) return;
    told = at;
    tell(at);
  };
  ws.prependListener('CB:message', look);
  ws.prependListener('CB:receipt', look);
}

/** As whom WhatsApp knows us. */
export type Own = Pick<AuthenticationCreds, 'me'>;

/** WhatsApp names us by number or by LID; a device of 0 is not written. */
export function isOwnPhone(from: string | undefined, { me }: Own): boolean {
  const writer = jidDecode(from);
  if (!writer || !me || writer.device) return false;
  return [me.id, me.lid].some((own) => own !== undefined && jidDecode(own)?.user === writer.user);
}
