import * as z from 'zod';
import { MessageAccepted, SentMessage } from './messages.ts';
import { BLAST_STATUSES, RECIPIENT_STATUSES } from './blast-states.ts';
import type { FieldTextCode } from './field-texts.ts';
import { Next, pages } from './paging.ts';
import { StatusChange, StatusRemoval } from './realtime.ts';
import { OutletIds } from './users.ts';

const Instant = z.iso.datetime();

/** What a webhook can be told. */
export const WEBHOOK_EVENTS = [
  'outlet.status.changed',
  'outlet.removed',
  'incident.opened',
  'incident.closed',
  'blast.finished',
  'blast.replied',
  'blast.reply',
  'message.updated',
] as const;
export const WebhookEventType = z.enum(WEBHOOK_EVENTS);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

const URL_MAX = 2_000;
const noAddress = { params: { text: 'WEBHOOK_URL' satisfies FieldTextCode } };

/** Nothing but http and https, and no name or password in it, which logs of others would keep. */
function isTarget(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

const TargetUrl = z
  .string()
  .trim()
  .min(1)
  .max(URL_MAX)
  .refine(isTarget, noAddress)
  .describe('An http or https address. It may lead to public addresses alone, unless `EGRESS_ALLOW` names others.');

const Events = z.array(WebhookEventType).min(1).max(WEBHOOK_EVENTS.length);
const OnlyOutlets = OutletIds.min(1).nullable().describe('`null`: all outlets, also those made later.');

export const CreateWebhook = z.strictObject({ url: TargetUrl, events: Events, outletIds: OnlyOutlets.default(null) });
export type CreateWebhook = z.infer<typeof CreateWebhook>;

export const UpdateWebhook = z
  .strictObject({
    url: TargetUrl,
    events: Events,
    outletIds: OnlyOutlets,
    enabled: z
      .boolean()
      .describe(
        '`true` also takes a webhook over that waits for an ADMIN. What happened while it was off is not told.',
      ),
  })
  .partial();
export type UpdateWebhook = z.infer<typeof UpdateWebhook>;

/**
 * Why nothing is delivered: a person switched it off; it failed for three days; its receiver answered 410; who made it
 * may not any more; too much waits.
 */
export const WEBHOOK_PAUSES = ['SWITCHED_OFF', 'FAILING', 'GONE', 'AWAITS_ADMIN', 'BACKLOG'] as const;
export type WebhookPause = (typeof WEBHOOK_PAUSES)[number];

export const Webhook = z.object({
  id: z.uuid(),
  url: z.string(),
  events: z.array(WebhookEventType),
  outletIds: z.array(z.uuid()).nullable(),
  enabled: z.boolean(),
  paused: z
    .object({ code: z.enum(WEBHOOK_PAUSES), at: Instant })
    .nullable()
    .describe('Since when and why nothing is delivered; `null` while it is.'),
  failingSince: Instant.nullable().describe('Since when nothing got through.'),
  pending: z.int().describe('How many events wait to be delivered.'),
  previousSecretUntil: Instant.nullable().describe('Until then the secret before the present one signs as well.'),
  createdAt: Instant,
  createdBy: z.object({ id: z.uuid(), name: z.string() }),
});
export type Webhook = z.infer<typeof Webhook>;

export const CreatedWebhook = Webhook.extend({ secret: z.string().describe('`whsec_…`, shown this once.') });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

export const WebhookList = z.object({ webhooks: z.array(Webhook), next: Next });
export type WebhookList = z.infer<typeof WebhookList>;

export const RotateSecret = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('How long the secret before this one signs as well, so that no delivery is refused meanwhile.'),
  })
  .prefault({});
export type RotateSecret = z.infer<typeof RotateSecret>;

export const RotatedSecret = z.object({ secret: z.string(), previousSecretUntil: Instant.nullable() });
export type RotatedSecret = z.infer<typeof RotatedSecret>;

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why a try came to nothing without an answer. */
export const TRY_FAULTS = [
  'ADDRESS_REFUSED',
  'PORT_REFUSED',
  'NAME_UNKNOWN',
  'UNREACHABLE',
  'TLS_FAILED',
  'TIMEOUT',
  'CUT_OFF',
] as const;
export type TryFault = (typeof TRY_FAULTS)[number];

export const DeliveryTry = z.object({
  at: Instant,
  status: z.int().nullable().describe('What the receiver answered.'),
  fault: z.enum(TRY_FAULTS).nullable().describe('Why there was no answer.'),
  durationMs: z.int(),
});
export type DeliveryTry = z.infer<typeof DeliveryTry>;

export const WebhookDelivery = z.object({
  id: z.uuid(),
  webhookId: z.uuid(),
  messageId: z.string().describe('The header `webhook-id`, the same on each try.'),
  type: z.string(),
  outletId: z.uuid().nullable(),
  at: Instant.describe('When it happened.'),
  status: z.enum(DELIVERY_STATUSES).describe('`dead`: given up; redrive tries again.'),
  tries: z.int(),
  lastTries: z.array(DeliveryTry).describe('The last ten, newest first.'),
  nextTryAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const DeliveryQuery = z.strictObject({
  status: z.enum(DELIVERY_STATUSES).optional(),
  ...pages(100, 50),
});
export type DeliveryQuery = z.infer<typeof DeliveryQuery>;

export const DeliveryPage = z.object({ deliveries: z.array(WebhookDelivery), next: Next });
export type DeliveryPage = z.infer<typeof DeliveryPage>;

const IncidentTold = z
  .object({
    id: z.uuid(),
    code: z.string().nullable().describe('The reason they share; `null` where database and socket merely disagree.'),
    startedAt: Instant,
    endedAt: Instant.nullable(),
    outletIds: z.array(z.uuid()).describe('All that it struck until then.'),
  })
  .describe('Outlets that broke together; the rest of it is at `GET /incidents/:id`.');

/** What each type carries as `data`. */
export const WEBHOOK_DATA = {
  'outlet.status.changed': StatusChange,
  'outlet.removed': StatusRemoval,
  'incident.opened': IncidentTold,
  'incident.closed': IncidentTold,
  'blast.finished': z.object({
    blastId: z.uuid(),
    status: z.enum(BLAST_STATUSES),
    finishedAt: Instant,
    outletIds: z.array(z.uuid()),
    counts: z.object(
      Object.fromEntries(RECIPIENT_STATUSES.map((status) => [status, z.int()])) as Record<
        (typeof RECIPIENT_STATUSES)[number],
        z.ZodInt
      >,
    ),
  }),
  'blast.replied': z
    .object({ blastId: z.uuid(), recipientId: z.string(), outletId: z.uuid(), at: Instant })
    .describe('Somebody answered this blast within 72 hours; told once per recipient.'),
  'blast.reply': z
    .object({
      blastId: z.uuid(),
      recipientId: z.string(),
      outletId: z.uuid(),
      messageId: z.string().describe('Of what they wrote, as WhatsApp names it.'),
      at: Instant,
      phone: z.string().nullable(),
      name: z.string().nullable(),
      text: z.string().nullable(),
    })
    .describe(
      'What somebody answered, each message, only where `keepReplies` of `blast-policy` is on. Who and what are looked up as it leaves: `null` where they were erased or purged meanwhile.',
    ),
  'message.updated': SentMessage.extend(MessageAccepted.shape),
} as const satisfies Record<WebhookEventType, z.ZodType>;

/** The body of a delivery. */
export const WebhookBody = z.object({
  type: z.string().describe('One of the subscribed types, or `webhook.test`.'),
  timestamp: Instant.describe('When it happened.'),
  data: z.record(z.string(), z.unknown()),
});
export type WebhookBody = z.infer<typeof WebhookBody>;
