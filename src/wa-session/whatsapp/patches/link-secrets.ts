import { createHmac } from 'node:crypto';
import { getBinaryNodeChild, proto, type AuthenticationCreds, type BinaryNode } from '@whiskeysockets/baileys';

/** What a hosted account's envelope is signed with in front. */
const HOSTED_PREFIX = Buffer.from([6, 5]);

/**
 * What a phone may link one connection by. rc14 knows one secret, and each way of linking leaves its own in it: the QR
 * has one of its own, a typed code makes another, even where it was mistyped, and a passkey a third. Which one the phone took is
 * seen only by what it signed.
 */
export class LinkSecrets {
  private readonly ofQr: string;
  private offered: string | null = null;

  constructor(private readonly creds: AuthenticationCreds) {
    this.ofQr = creds.advSecretKey;
  }

  /** Of the code that was typed last, then of the QR: no more is known of how a phone came here. */
  get shown(): string[] {
    return [...new Set([this.creds.advSecretKey, this.ofQr])];
  }

  /** Told to the phone under a key both agreed on by a passkey. */
  offer(secret: string): void {
    this.offered = secret;
  }

  /** Before Baileys looks at a `pair-success`, which it does with the secret in the credentials. */
  settle(pairSuccess: BinaryNode): void {
    const known = this.offered === null ? this.shown : [...this.shown, this.offered];
    const right = known.find((secret) => isSignedBy(pairSuccess, secret));
    if (right !== undefined) this.creds.advSecretKey = right;
  }
}

/** Whether the phone linked by this secret. */
function isSignedBy(stanza: BinaryNode, secret: string): boolean {
  const envelope = getBinaryNodeChild(getBinaryNodeChild(stanza, 'pair-success'), 'device-identity')?.content;
  if (!(envelope instanceof Uint8Array)) return false;
  const { details, hmac, accountType } = proto.ADVSignedDeviceIdentityHMAC.decode(envelope);
  const prefix = accountType === proto.ADVEncryptionType.HOSTED ? HOSTED_PREFIX : Buffer.alloc(0);
  const signed = createHmac('sha256', Buffer.from(secret, 'base64'))
    .update(prefix)
    .update(details ?? '')
    .digest();
  return signed.equals(hmac ?? Buffer.alloc(0));
}
