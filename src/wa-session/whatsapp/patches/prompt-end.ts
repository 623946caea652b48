import type { WASocket } from '@whiskeysockets/baileys';

/** How long the websocket's closing handshake may take before the TCP connection is cut. */
const CLOSE_GRACE_MS = 300;

/** What carries the frames; `null` before Baileys has made one. */
export const webSocketOf = ({ ws }: WASocket): { terminate(): void } | null =>
  (ws as unknown as { socket: { terminate(): void } | null }).socket;

/**
 * Ends a socket at once. A dead peer never answers the closing handshake; rc14's `end` (`Socket/socket.js`) awaits it,
 * tells `close` only afterwards, and `ws` waits half a minute for it.
 */
export async function endPromptly(socket: WASocket, error: Error | undefined): Promise<void> {
  const webSocket = webSocketOf(socket);
  const cut = setTimeout(() => webSocket?.terminate(), CLOSE_GRACE_MS);
  await socket.end(error);
  clearTimeout(cut);
}
