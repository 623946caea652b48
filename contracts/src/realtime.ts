import * as z from 'zod';
import type { OutletStatus, OutletStatusName } from './outlet-status.ts';

/** The whole truth a client may see, as of `cursor`. */
export interface StatusSnapshot {
  cursor: number;
  at: string;
  statuses: OutletStatus[];
}

/** One change. Cursors grow by time across all outlets; `status.revision` grows per outlet. */
export interface StatusChange {
  cursor: number;
  at: string;
  status: OutletStatus;
  previous: OutletStatusName;
}

export interface StatusRemoval {
  cursor: number;
  outletId: string;
}

/** Last evidence of life, by outlet id, sent once per reconcile interval; changes nothing else. */
export interface StatusSeen {
  at: string;
  lastSeen: Record<string, string>;
}

export interface QrChange {
  outletId: string;
  qr: string | null;
  expiresAt: string | null;
}

export const ResumeRequest = z.strictObject({ cursor: z.int().nonnegative() });
export type ResumeRequest = z.infer<typeof ResumeRequest>;

export const WatchQrRequest = z.strictObject({ outletId: z.uuid() });
export type WatchQrRequest = z.infer<typeof WatchQrRequest>;

export interface Refusal {
  success: false;
  error: { code: string; message: string };
}

/** Either every change missed since the cursor, or a snapshot where that is too old. */
export type ResumeAnswer =
  | { success: true; cursor: number; changes: (StatusChange | StatusRemoval)[] }
  | { success: true; cursor: number; snapshot: StatusSnapshot }
  | Refusal;

export type WatchQrAnswer = ({ success: true } & QrChange) | Refusal;

export interface ServerToClientEvents {
  'outlet-status:snapshot': (snapshot: StatusSnapshot) => void;
  'outlet-status:changed': (change: StatusChange) => void;
  'outlet-status:removed': (removal: StatusRemoval) => void;
  'outlet-status:seen': (seen: StatusSeen) => void;
  'outlet-qr:changed': (change: QrChange) => void;
}

export interface ClientToServerEvents {
  'outlet-status:resume': (request: ResumeRequest, answer: (answer: ResumeAnswer) => void) => void;
  'outlet-qr:watch': (request: WatchQrRequest, answer: (answer: WatchQrAnswer) => void) => void;
  'outlet-qr:unwatch': (request: WatchQrRequest, answer: (answer: { success: true } | Refusal) => void) => void;
}
