import type { EventEmitter } from 'node:events';

/**
 * Tells that WhatsApp wants a passkey's signature before it links. rc14 acknowledges that notification as it does any
 * (`Socket/messages-recv.js`) and does nothing about it, so the QR codes run out as if nobody had scanned
 * (WhiskeySockets/Baileys#2672).
 */
export function hearPasskeyDemand(ws: EventEmitter, tell: () => void): void {
  ws.on('CB:notification,type:passkey_prologue_request', tell);
}
