import type { BinaryNode } from '@whiskeysockets/baileys';
import type { EventEmitter } from 'node:events';

/**
 * Baileys acknowledges what arrives as soon as it has seen it, and WhatsApp then forgets it. So Baileys gets each stanza
 * of this name only when `record` has settled; what was lost with the process comes again after the next login.
 */
export function recordFirst(ws: EventEmitter, name: string, record: (node: BinaryNode) => Promise<unknown>): void {
  const listeners = ws.rawListeners(name) as ((node: BinaryNode) => unknown)[];
  ws.removeAllListeners(name);
  const pass = async (node: BinaryNode): Promise<void> => {
    await record(node).catch(() => undefined);
    for (const listener of listeners) await listener(node);
  };
  ws.on(name, (node: BinaryNode): unknown => pass(node));
}
