import * as z from 'zod';
import { Next } from './paging.ts';
import { shortText } from './short-text.ts';

const Instant = z.iso.datetime();

/** As `PushSubscription.toJSON()` of a browser writes it, with what its owner knows the browser by. */
export const CreatePushSubscription = z.strictObject({
  endpoint: z
    .string()
    .min(1)
    .max(1_000)
    .describe('Of a push service that browsers use: https, or what `EGRESS_ALLOW` names.'),
  keys: z.strictObject({
    p256dh: z.string().min(1).max(100).describe('The public key of the browser, as RFC 8291 has it, in base64url.'),
    auth: z.string().min(1).max(50).describe('16 bytes in base64url.'),
  }),
  browser: shortText(80).describe('Such as "Chrome di Android".'),
});
export type CreatePushSubscription = z.infer<typeof CreatePushSubscription>;

export const PushSubscription = z.object({
  id: z.uuid(),
  browser: z.string(),
  createdAt: Instant,
  lastSentAt: Instant.nullable().describe('When its push service last took a message.'),
});
export type PushSubscription = z.infer<typeof PushSubscription>;

export const PushSubscriptionList = z.object({ items: z.array(PushSubscription), next: Next });
export type PushSubscriptionList = z.infer<typeof PushSubscriptionList>;

export const PushKey = z.object({
  publicKey: z.string().describe('`applicationServerKey` of browsers: Koneksi signs by its other half (RFC 8292).'),
});
export type PushKey = z.infer<typeof PushKey>;

/** Somebody whom a rule can tell by push. */
export const PushPerson = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  browsers: z.int().describe('How many of their browsers asked for notices; with none they hear nothing.'),
});
export type PushPerson = z.infer<typeof PushPerson>;

export const PushPersonList = z.object({ items: z.array(PushPerson), next: Next });
export type PushPersonList = z.infer<typeof PushPersonList>;
