import * as z from 'zod';
import type { FieldTextCode } from './field-texts.ts';
import { OptionalPage, wholeOrPage, type WholeOrPage } from './paging.ts';
import { OutletNumber } from './phone-number-schema.ts';
import { shortText } from './short-text.ts';

const OutletName = shortText(80);
const City = shortText(60).nullable();

/** Words to group outlets by; `Mall` and `mall` are one. */
const Tags = z
  .array(shortText(30))
  .max(10)
  .superRefine((tags, context) => {
    const known = new Set<string>();
    for (const [index, tag] of tags.entries()) {
      const same = tag.toLowerCase();
      if (known.has(same)) {
        const params = { text: 'DUPLICATE' satisfies FieldTextCode };
        context.addIssue({ code: 'custom', path: [index], message: 'named twice', params });
      }
      known.add(same);
    }
  });

export const CreateOutlet = z.strictObject({
  name: OutletName,
  whatsappNumber: OutletNumber,
  isActive: z.boolean().default(true),
  autoReconnect: z.boolean().default(true),
  city: City.default(null),
  tags: Tags.default([]),
});
export type CreateOutlet = z.infer<typeof CreateOutlet>;

export const UpdateOutlet = z
  .strictObject({
    name: OutletName,
    whatsappNumber: OutletNumber,
    isActive: z.boolean(),
    autoReconnect: z.boolean(),
    city: City,
    tags: Tags,
  })
  .partial();
export type UpdateOutlet = z.infer<typeof UpdateOutlet>;

export interface Outlet {
  id: string;
  name: string;
  /** Digits with country code, no `+`. */
  whatsappNumber: string;
  isActive: boolean;
  autoReconnect: boolean;
  city: string | null;
  /** In the order people gave them. */
  tags: string[];
}
export const Outlet = z.object({
  id: z.uuid(),
  name: z.string(),
  whatsappNumber: z.string().regex(/^\d{6,15}$/),
  isActive: z.boolean(),
  autoReconnect: z.boolean(),
  city: z.string().nullable(),
  tags: z.array(z.string()),
}) satisfies z.ZodType<Outlet>;

/** Which outlets of the list; without any, all. */
export const OutletQuery = OptionalPage.extend({
  search: z.string().trim().max(80).optional().describe('Part of a name or number.'),
  city: z.string().max(100).optional(),
  tag: z.string().max(100).optional(),
});
export type OutletQuery = z.infer<typeof OutletQuery>;

export const OutletList = wholeOrPage(Outlet);
export type OutletList = WholeOrPage<Outlet>;

/** The body of `POST /outlets/:id/connect`; without one a QR is shown. */
export const ConnectRequest = z.strictObject({ method: z.enum(['qr', 'pairing-code']).default('qr') }).prefault({});
export type ConnectRequest = z.infer<typeof ConnectRequest>;

export const ConnectAnswer = z.object({
  success: z.literal(true),
  pairingCode: z.string().optional().describe('Eight characters to type on the phone; only for `pairing-code`.'),
  expiresAt: z.iso.datetime().optional().describe('After this the code does not link; the next one is pushed.'),
});
export type ConnectAnswer = z.infer<typeof ConnectAnswer>;

export const QrAnswer = z.object({
  qr: z.string(),
  expiresAt: z.iso.datetime().describe('After this WhatsApp refuses the code; the next one follows by itself.'),
});
export type QrAnswer = z.infer<typeof QrAnswer>;
