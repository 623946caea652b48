import * as z from 'zod';
import { STATUS_NAMES } from './outlet-status.ts';

/** `GET /api/app`: what the client must know before log-in. */
export const AppInfo = z.object({
  version: z.string(),
  demo: z.boolean(),
  /** Whether a forgotten password can be changed by e-mail; otherwise by a SUPERADMIN alone. */
  passwordResetByMail: z.boolean(),
});
export type AppInfo = z.infer<typeof AppInfo>;

/*
 * The routes under `/api/demo` exist in demo mode only. One virtual phone is the one whose number the outlet has.
 * Every verb may be pressed twice and answers the state after it; what follows from it is pushed like anything else.
 */

/** A log-in of the demo, shown as a button on its log-in page. */
export const DemoAccount = z.object({ email: z.string(), password: z.string(), name: z.string(), role: z.string() });
export type DemoAccount = z.infer<typeof DemoAccount>;

/** What stands between an outlet and WhatsApp until `recover`; `half-open` ends with the connection it sits on. */
export const PHONE_FAULTS = ['ban', 'restrict', 'outdated', 'half-open', 'slow'] as const;
export type PhoneFault = (typeof PHONE_FAULTS)[number];

/** `POST /api/demo/phones/:outletId/:verb`, without a body. What does not apply, such as `junk` on no connection, changes nothing. */
export const PHONE_VERBS = ['unlink', 'offline', 'online', 'replaced', 'junk', ...PHONE_FAULTS, 'recover'] as const;
export const PhoneVerb = z.enum(PHONE_VERBS);
export type PhoneVerb = z.infer<typeof PhoneVerb>;

/** `POST /api/demo/phones/:outletId/enter-code`: the pairing code on show, with or without its dash. */
export const EnterCode = z.strictObject({ code: z.string().trim().min(1).max(20) });
export type EnterCode = z.infer<typeof EnterCode>;

export const VirtualPhone = z.object({
  outletId: z.uuid(),
  number: z.string(),
  name: z.string(),
  device: z.string().describe('Its model.'),
  online: z
    .boolean()
    .describe('Switched on and in reach: only then it can scan. The outlet stays connected without it.'),
  linked: z.boolean(),
  devices: z
    .array(z.object({ id: z.int(), linkedAt: z.iso.datetime(), online: z.boolean() }))
    .describe('Linked devices, as the phone lists them; `online` is whether WhatsApp has a connection of it.'),
  fault: z.enum(PHONE_FAULTS).nullable(),
});
export type VirtualPhone = z.infer<typeof VirtualPhone>;

/** `POST /api/demo/whatsapp/:verb` (ADMIN): for all outlets at once. `down`: it answers 503; `cut`: the network is gone. */
export const WHATSAPP_VERBS = ['down', 'cut', 'recover'] as const;
export const WhatsAppVerb = z.enum(WHATSAPP_VERBS);
export type WhatsAppVerb = z.infer<typeof WhatsAppVerb>;

/** `GET /api/demo/whatsapp`, and what its verbs answer. */
export const WhatsAppState = z.object({ state: z.enum(['up', 'down', 'cut']) });
export type WhatsAppState = z.infer<typeof WhatsAppState>;

/** `POST /api/demo/drift/:outletId` writes a wrong status into the outlet's row, as a hand would. */
export const DriftAnswer = z.object({
  outletId: z.uuid(),
  wrote: z.enum(STATUS_NAMES).describe('What the row now says, and the socket does not.'),
  correctedWithinMs: z.int().describe('The reconciler comes this often.'),
});
export type DriftAnswer = z.infer<typeof DriftAnswer>;

/** `POST /api/demo/recover` (ADMIN) ends every fault of every phone and of WhatsApp. */
export const LabState = z.object({ whatsapp: WhatsAppState, phones: z.array(VirtualPhone) });
export type LabState = z.infer<typeof LabState>;
