import { getBinaryNodeChild, type BinaryNode, type WASocket } from '@whiskeysockets/baileys';
import type { LinkSecrets } from './link-secrets.js';

/**
 * Follows what becomes of a code once the phone has it. rc14 answers the phone's `primary_hello` itself and waits for
 * WhatsApp's word on that answer, but tells nobody where it is an error; and it forgets the secret of the QR for that of
 * the code, so that after a code that was mistyped no scan on the same connection would link.
 * @param onRefused WhatsApp refused to finish, or cannot.
 */
export function followTypedCode({ ws }: WASocket, secrets: LinkSecrets, onRefused: () => void): void {
  let isFinishing = false;
  ws.on('CB:notification,type:link_code_companion_reg', (stanza: BinaryNode) => {
    isFinishing ||= isHello(stanza);
  });
  ws.on('CB:iq,type:error', () => {
    if (isFinishing) onRefused();
    isFinishing = false;
  });
  // Before Baileys looks, which takes the secret that is in the credentials.
  ws.prependListener('CB:iq,,pair-success', (stanza: BinaryNode) => {
    isFinishing = false;
    secrets.settle(stanza);
  });
}

/** What rc14 reads of the phone's `primary_hello`; WhatsApp has other stages to tell of, to which rc14 has no answer. */
const READ_OF_HELLO = [
  'link_code_pairing_ref',
  'primary_identity_pub',
  'link_code_pairing_wrapped_primary_ephemeral_pub',
] as const;

function isHello(stanza: BinaryNode): boolean {
  const stage = getBinaryNodeChild(stanza, 'link_code_companion_reg');
  return READ_OF_HELLO.every((part) => getBinaryNodeChild(stage, part) !== undefined);
}
