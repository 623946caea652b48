import * as z from 'zod';

/** The routes under `/api/demo` exist in demo mode only. */
export const ScanRequest = z.strictObject({ outletId: z.uuid() });

/** One virtual phone, the one whose number the outlet has. */
export interface VirtualPhone {
  outletId: string;
  number: string;
  name: string;
  online: boolean;
  linked: boolean;
}

/** `GET /api/app`: what the client must know before log-in. */
export interface AppInfo {
  version: string;
  demo: boolean;
}
