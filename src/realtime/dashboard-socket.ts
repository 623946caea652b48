import type { ErrorCode } from '@koneksi/contracts/errors';
import type { ClientToServerEvents, Refusal, ServerToClientEvents } from '@koneksi/contracts/realtime';
import type { Server, Socket } from 'socket.io';
import type { Authenticated } from '../auth/authenticator.js';

export type RealtimeServer = Server<ClientToServerEvents, ServerToClientEvents, Record<never, never>, Authenticated>;
export type RealtimeSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<never, never>, Authenticated>;

export const refuse = (code: ErrorCode, message: string): Refusal => ({ success: false, error: { code, message } });
