import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import type { LinkSecrets } from './link-secrets.js';

/**
 * Follows what becomes of a code once the phone has it. rc14 answers the phone's `primary_hello` itself and waits for
 * WhatsApp's word on that answer, but tells nobody where it is an error; and it forgets the secret of the QR for that of
 * the code, so that after a code that was mistyped no scan on the same connection would link.
 * @param onRefused WhatsApp refused to finish, or cannot.
 */
export function followTypedCode({ ws }: WASocket, secrets: LinkSecrets, onRefused: () => void): void {
  let isFinishing = false;
  ws.on('CB:notification,type:link_code_companion_reg', () => (isFinishing = true));
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
