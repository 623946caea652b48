import type { WASocket } from '@whiskeysockets/baileys';
import { SessionRegistry } from '../../src/wa-session/session-registry.js';
import type { Koneksi } from './koneksi.js';

/** The Baileys socket an outlet has now. */
export function socketOf(koneksi: Koneksi, outletId: string): WASocket {
  const actor = koneksi.app.app.get(SessionRegistry, { strict: false }).find(outletId);
  return (actor as unknown as { socket: { connection: { socket: WASocket } } }).socket.connection.socket;
}

/** Holds Baileys' one lock of all messages for ever, as WhiskeySockets/Baileys#2491 and #2779 leave it. */
export function holdMessages(socket: WASocket): void {
  const { messageMutex } = socket as unknown as { messageMutex: { mutex(work: () => Promise<void>): Promise<void> } };
  void messageMutex.mutex(() => new Promise<void>(() => undefined));
}
