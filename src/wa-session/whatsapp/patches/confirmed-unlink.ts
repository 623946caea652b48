import type { WASocket } from '@whiskeysockets/baileys';
import { withDeadline } from '../../../common/deadline.js';

/**
 * Removes the device of `jid` at WhatsApp and settles with the answer. rc14's own `logout` (`Socket/socket.js`) resolves
 * once the request is written and then ends the socket: an unlink that never arrived would leave the device on the phone,
 * and nobody would know. @throws where WhatsApp did not confirm within `withinMs`
 */
export async function unlinkConfirmed(socket: WASocket, jid: string, withinMs: number): Promise<void> {
  const request = {
    tag: 'iq',
    attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'md' },
    content: [{ tag: 'remove-companion-device', attrs: { jid, reason: 'user_initiated' } }],
  };
  await withDeadline(socket.query(request, withinMs), withinMs, 'unlink');
}
