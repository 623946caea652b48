import type { ErrorCode } from '@koneksi/contracts/errors';
import type { ClientToServerEvents, Refusal, ServerToClientEvents } from '@koneksi/contracts/realtime';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { Server, Socket } from 'socket.io';
import type { Authenticated } from '../auth/authenticator.js';

/** Who came through the door, and which language they read. */
export interface Admitted extends Authenticated {
  locale: Locale;
}

export type RealtimeServer = Server<ClientToServerEvents, ServerToClientEvents, Record<never, never>, Admitted>;
export type RealtimeSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<never, never>, Admitted>;

export const refuse = (code: ErrorCode, message: string): Refusal => ({ success: false, error: { code, message } });
