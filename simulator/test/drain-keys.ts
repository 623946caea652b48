import type { Companion } from './companion.js';

/** Takes a companion's one-time keys by asking the key server for its bundle, as new contacts would. */
export async function drainKeys(companion: Companion, isEnough: () => boolean): Promise<void> {
  const jid = companion.credentials.creds.me?.id ?? '';
  while (!isEnough()) {
    const users = Array.from({ length: 100 }, () => ({ tag: 'user', attrs: { jid } }));
    await companion.socket.query({
      tag: 'iq',
      attrs: { xmlns: 'encrypt', type: 'get', to: '@s.whatsapp.net' },
      content: [{ tag: 'key', attrs: {}, content: users }],
    });
  }
}
