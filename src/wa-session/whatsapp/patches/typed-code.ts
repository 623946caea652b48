import { createHmac } from 'node:crypto';
import { getBinaryNodeChild, proto, type BinaryNode, type WASocket } from '@whiskeysockets/baileys';

/** What a hosted account's envelope is signed with in front. */
const HOSTED_PREFIX = Buffer.from([6, 5]);

/**
 * Follows what becomes of a code once the phone has it. rc14 answers the phone's `primary_hello` itself and waits for
 * WhatsApp's word on that answer, but tells nobody where it is an error; and it forgets the secret of the QR for that of
 * the code, so that after a code that was mistyped no scan on the same connection would link.
 * @param onRefused WhatsApp refused to finish, or cannot.
 */
export function followTypedCode({ ws, authState: { creds } }: WASocket, onRefused: () => void): void {
  const secretOfQr = creds.advSecretKey;
  let isFinishing = false;
  ws.on('CB:notification,type:link_code_companion_reg', () => (isFinishing = true));
  ws.on('CB:iq,type:error', () => {
    if (isFinishing) onRefused();
    isFinishing = false;
  });
  // Before Baileys looks, which takes the secret that is in the credentials.
  ws.prependListener('CB:iq,,pair-success', (stanza: BinaryNode) => {
    isFinishing = false;
    if (creds.advSecretKey !== secretOfQr && isSignedBy(stanza, secretOfQr)) creds.advSecretKey = secretOfQr;
  });
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
