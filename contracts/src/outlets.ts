import * as z from 'zod';
import type { FieldTextCode } from './field-texts.ts';
import { normalizePhoneNumber } from './phone-number.ts';

const OutletName = z.string().trim().min(1).max(80);

const WhatsappNumber = z
  .string()
  .max(32)
  .transform((typed, context) => {
    const digits = normalizePhoneNumber(typed);
    if (digits) return digits;
    context.addIssue({
      code: 'custom',
      message: 'not a phone number; write it as 0812…, 62812… or +62812…',
      params: { text: 'PHONE_NUMBER' satisfies FieldTextCode },
    });
    return z.NEVER;
  });

export const CreateOutlet = z.strictObject({
  name: OutletName,
  whatsappNumber: WhatsappNumber,
  isActive: z.boolean().default(true),
  autoReconnect: z.boolean().default(true),
});
export type CreateOutlet = z.infer<typeof CreateOutlet>;

export const UpdateOutlet = z
  .strictObject({ name: OutletName, whatsappNumber: WhatsappNumber, isActive: z.boolean(), autoReconnect: z.boolean() })
  .partial();
export type UpdateOutlet = z.infer<typeof UpdateOutlet>;

export interface Outlet {
  id: string;
  name: string;
  /** Digits with country code, no `+`. */
  whatsappNumber: string;
  isActive: boolean;
  autoReconnect: boolean;
}
export const Outlet = z.object({
  id: z.uuid(),
  name: z.string(),
  whatsappNumber: z.string().regex(/^\d{6,15}$/),
  isActive: z.boolean(),
  autoReconnect: z.boolean(),
}) satisfies z.ZodType<Outlet>;

/** The body of `POST /outlets/:id/connect`; without one a QR is shown. */
export const ConnectRequest = z.strictObject({ method: z.enum(['qr', 'pairing-code']).default('qr') });
export type ConnectRequest = z.infer<typeof ConnectRequest>;

export interface ConnectAnswer {
  success: true;
  /** Eight characters to type on the phone; only for `pairing-code`. */
  pairingCode?: string;
}

export interface QrAnswer {
  qr: string;
  /** ISO instant after which WhatsApp refuses this code; the next one follows by itself. */
  expiresAt: string;
}
