import * as z from 'zod';

/** `GET /api/app`: what the client must know before log-in. */
export const AppInfo = z.object({ version: z.string(), demo: z.boolean() });
export type AppInfo = z.infer<typeof AppInfo>;

/** The routes under `/api/demo` exist in demo mode only. One virtual phone is the one whose number the outlet has. */
export interface VirtualPhone {
  outletId: string;
  number: string;
  name: string;
  online: boolean;
  linked: boolean;
}

/** A log-in of the demo, shown as a button on its log-in page. */
export interface DemoAccount {
  email: string;
  password: string;
  name: string;
  role: string;
}
