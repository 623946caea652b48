import * as z from 'zod';
import { Next, pages } from './paging.ts';

/** What a phone can link by while it is shown. */
export const LINK_CODES = ['qr', 'pairing-code'] as const;
export type LinkCode = (typeof LINK_CODES)[number];

/** That somebody read what WhatsApp asks of the outlet’s passkey, handed in its answer, confirmed the code, or gave up. */
export const PASSKEY_ACTS = [
  'passkey-request',
  'passkey-assertion',
  'passkey-confirmation',
  'passkey-given-up',
] as const;
export type PasskeyAct = (typeof PASSKEY_ACTS)[number];

/** What became of a link for whoever has no account; those who come by it are `by` that link, with its maker's name. */
export const LINK_ACTS = [
  'reconnect-link-made',
  'reconnect-link-opened',
  'reconnect-link-started',
  'reconnect-link-used',
  'reconnect-link-revoked',
  'reconnect-link-ended',
] as const;
export type LinkAct = (typeof LINK_ACTS)[number];

export const LinkAuditEntry = z.object({
  at: z.iso.datetime(),
  code: z
    .enum([...LINK_CODES, ...PASSKEY_ACTS, ...LINK_ACTS])
    .describe('What was shown, never the code itself; or what became of a reconnect link.'),
  by: z.object({
    id: z.uuid(),
    kind: z.enum(['user', 'api-key', 'reconnect-link']),
    name: z.string().describe('As it was then; of a reconnect link, who made it.'),
  }),
});
export type LinkAuditEntry = z.infer<typeof LinkAuditEntry>;

export const LinkAuditAnswer = z.object({
  success: z.literal(true),
  outletId: z.uuid(),
  entries: z.array(LinkAuditEntry).describe('Newest first.'),
  next: Next,
});
export type LinkAuditAnswer = z.infer<typeof LinkAuditAnswer>;

/** The query of `GET /outlets/:id/link-audit`. */
export const LinkAuditQuery = z.strictObject(pages(1_000, 100));
export type LinkAuditQuery = z.infer<typeof LinkAuditQuery>;
