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
export const ConnectRequest = z.strictObject({ method: z.enum(['qr', 'pairing-code']).default('qr') }).prefault({});
export type ConnectRequest = z.infer<typeof ConnectRequest>;

export const ConnectAnswer = z.object({
  success: z.literal(true),
  pairingCode: z.string().optional().describe('Eight characters to type on the phone; only for `pairing-code`.'),
});
export type ConnectAnswer = z.infer<typeof ConnectAnswer>;

export const QrAnswer = z.object({
  qr: z.string(),
  expiresAt: z.iso.datetime().describe('After this WhatsApp refuses the code; the next one follows by itself.'),
});
export type QrAnswer = z.infer<typeof QrAnswer>;
