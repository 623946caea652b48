import type { EventEmitter } from 'node:events';

/**
 * Ends a connection whose upgrade is answered with anything but 101, with that status in its sentence. rc14 listens to
 * `unexpected-response` of `ws` (`Client/websocket.js`), and with a listener there `ws` leaves the request to it: without
 * this it connects for ever and never closes (rmyndharis/OpenWA#1579).
 */
export function endRefusedUpgrade(ws: EventEmitter, fail: (error: Error) => void): void {
  ws.on('unexpected-response', (request: { destroy(): void }, response: { statusCode?: number }) => {
    fail(new Error(`HTTP ${response.statusCode ?? 0} at the upgrade`));
    request.destroy();
  });
}
