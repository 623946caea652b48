import * as z from 'zod';
import { HoursOfDay, TimeOfDay, Zone } from './blast-settings.ts';
import type { FieldTextCode } from './field-texts.ts';
import { Id } from './id.ts';
import { RequestInstant } from './instant.ts';
import { Next, pages } from './paging.ts';
import { PhoneNumber } from './phone-number-schema.ts';
import { shortText } from './short-text.ts';
import { DisplayName, Email, Language, OutletIds } from './users.ts';

const Instant = z.iso.datetime();

/** The roads by which an alert reaches somebody. */
export const ALERT_CHANNELS = ['email', 'whatsapp', 'push', 'webhook'] as const;
export type AlertChannel = (typeof ALERT_CHANNELS)[number];

const EmailRecipient = z.strictObject({
  channel: z.literal('email'),
  to: Email,
  language: Language.default('id').describe('The language it is written in.'),
});

const WhatsappRecipient = z.strictObject({
  channel: z.literal('whatsapp'),
  phone: PhoneNumber,
  language: Language.default('id'),
});

const PushRecipient = z.strictObject({
  channel: z.literal('push'),
  userId: Id.describe('One of `GET /push-people`; called in each of their browsers, of outlets that exist for them.'),
  language: Language.default('id'),
});

const WebhookRecipient = z.strictObject({
  channel: z.literal('webhook'),
  webhookId: Id.describe('One of `GET /webhooks`; it gets the type `alert`, whatever it subscribed to.'),
});

export const AlertRecipient = z.discriminatedUnion('channel', [
  EmailRecipient,
  WhatsappRecipient,
  PushRecipient,
  WebhookRecipient,
]);
export type AlertRecipient = z.infer<typeof AlertRecipient>;

export const AlertScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('city'), city: shortText(80) }),
  z.strictObject({ kind: z.literal('outlets'), outletIds: OutletIds.min(1) }),
]);
export type AlertScope = z.infer<typeof AlertScope>;

export const QuietHours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .describe(
    'Times of day in the zone of the rule, over midnight where `from` is later. What is due waits for the end.',
  );
export type QuietHours = z.infer<typeof QuietHours>;

const notAfterStart = { path: ['to'], params: { text: 'NOT_AFTER_START' satisfies FieldTextCode } };

export const MaintenanceWindow = z
  .strictObject({ from: RequestInstant, to: RequestInstant })
  .refine(({ from, to }) => Date.parse(to) > Date.parse(from), notAfterStart)
  .describe('Planned work: what is down meanwhile counts from its end.');
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

const Recipients = z.array(AlertRecipient).min(1).max(20);

export const AlertEscalation = z.strictObject({
  afterMinutes: z.int().min(1).max(1_440).describe('After the alert, while nobody takes care of the incident.'),
  recipients: Recipients,
});
export type AlertEscalation = z.infer<typeof AlertEscalation>;

const Rule = {
  name: DisplayName,
  scope: AlertScope,
  graceMinutes: z.int().min(0).max(1_440).describe('How long an outlet is down before anybody is told.'),
  minOutlets: z.int().min(1).max(1_000).describe('How many of one incident must be down for that long.'),
  recipients: Recipients,
  zone: Zone,
  quietHours: QuietHours.nullable(),
  maintenance: z.array(MaintenanceWindow).max(20),
  escalation: AlertEscalation.nullable(),
  tellRecovery: z.boolean(),
  reconnectLink: z
    .boolean()
    .describe(
      'Whether mails that tell of one outlet carry a reconnect link, while a person who is ADMIN answers for the rule.',
    ),
};

/** What is given now; rules of before may have hours that are none. */
const GivenHours = HoursOfDay.nullable();

export const CreateAlertRule = z.strictObject({
  ...Rule,
  scope: Rule.scope.default({ kind: 'all' }),
  graceMinutes: Rule.graceMinutes.default(5),
  minOutlets: Rule.minOutlets.default(1),
  zone: Rule.zone.default('Asia/Jakarta'),
  quietHours: GivenHours.default(null),
  maintenance: Rule.maintenance.default([]),
  escalation: Rule.escalation.default(null),
  tellRecovery: Rule.tellRecovery.default(true),
  reconnectLink: Rule.reconnectLink.default(false),
});
export type CreateAlertRule = z.infer<typeof CreateAlertRule>;

export const UpdateAlertRule = z
  .strictObject({
    ...Rule,
    quietHours: GivenHours,
    enabled: z.boolean().describe('`true` also takes a rule over that waits for an ADMIN.'),
  })
  .partial();
export type UpdateAlertRule = z.infer<typeof UpdateAlertRule>;

/** Why a rule tells nobody: a person switched it off, or who made it may not any more. */
export const ALERT_RULE_PAUSES = ['SWITCHED_OFF', 'AWAITS_ADMIN'] as const;
export type AlertRulePause = (typeof ALERT_RULE_PAUSES)[number];

export const AlertRule = z.object({
  ...Rule,
  id: z.uuid(),
  enabled: z.boolean(),
  paused: z.object({ code: z.enum(ALERT_RULE_PAUSES), at: Instant }).nullable(),
  createdAt: Instant,
  createdBy: z.object({ id: z.uuid(), name: z.string() }).describe('Who answers for it.'),
});
export type AlertRule = z.infer<typeof AlertRule>;

export const AlertRuleList = z.object({ items: z.array(AlertRule), next: Next });
export type AlertRuleList = z.infer<typeof AlertRuleList>;

/** What a message tells: outlets are down; still, and nobody takes care; over; nothing but that the road is open. */
export const ALERT_KINDS = ['down', 'escalated', 'recovered', 'test'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** `dead`: given up after all tries. `dropped`: its rule was switched off or removed before it got out. */
export const ALERT_STATUSES = ['pending', 'sent', 'dead', 'dropped'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** Why a try came to nothing; of `WAITING_TURN`, that an outlet has the message and has not sent it yet. */
export const ALERT_FAULTS = [
  'NOT_CONFIGURED',
  'REFUSED',
  'SIGN_IN_REFUSED',
  'UNREACHABLE',
  'TLS_FAILED',
  'TIMEOUT',
  'CUT_OFF',
  'NO_OUTLET_FREE',
  'WAITING_TURN',
  'NOT_TAKEN',
  'OPTED_OUT',
  'WEBHOOK_OFF',
  'NO_BROWSER',
  'BROWSER_GONE',
  'PUSH_REFUSED',
  'PUSH_UNREACHABLE',
] as const;
export type AlertFault = (typeof ALERT_FAULTS)[number];

export const AlertTry = z.object({
  at: Instant,
  fault: z.enum(ALERT_FAULTS).nullable(),
  code: z.int().nullable().describe('What the other side answered, where it did: of SMTP or HTTP.'),
});
export type AlertTry = z.infer<typeof AlertTry>;

export const AlertDelivery = z.object({
  id: z.uuid().describe('Of e-mail also in its `Message-ID`, the same on each try.'),
  ruleId: z.uuid().nullable().describe('`null`: a test of a channel alone.'),
  ruleName: z.string(),
  kind: z.enum(ALERT_KINDS),
  channel: z.enum(ALERT_CHANNELS),
  to: z.string().describe('An address, a number, or the id of a person or webhook.'),
  outlets: z.int().describe('How many it tells of.'),
  names: z.array(z.string()).describe('The first of them.'),
  at: Instant.describe('When it was due.'),
  status: z.enum(ALERT_STATUSES),
  tries: z.int(),
  lastTries: z.array(AlertTry).describe('The last ten, newest first.'),
  nextTryAt: Instant.nullable(),
  sentAt: Instant.nullable(),
});
export type AlertDelivery = z.infer<typeof AlertDelivery>;

export const AlertDeliveryQuery = z.strictObject({
  ruleId: Id.optional(),
  status: z.enum(ALERT_STATUSES).optional(),
  ...pages(100, 50),
});
export type AlertDeliveryQuery = z.infer<typeof AlertDeliveryQuery>;

export const AlertDeliveryPage = z.object({
  items: z.array(AlertDelivery).describe('Newest first.'),
  next: Next,
});
export type AlertDeliveryPage = z.infer<typeof AlertDeliveryPage>;

export const AlertTestAnswer = z.object({ items: z.array(AlertDelivery).describe('What came of each.') });
export type AlertTestAnswer = z.infer<typeof AlertTestAnswer>;

export const TestAlertChannel = z.strictObject({ recipient: AlertRecipient });
export type TestAlertChannel = z.infer<typeof TestAlertChannel>;

export const AlertChannelState = z.object({
  channel: z.enum(ALERT_CHANNELS),
  ready: z.boolean().describe('Whether anything can be sent by it.'),
  from: z.string().nullable().describe('Whom its messages come from.'),
  pending: z.int().describe('How many messages wait.'),
  lastSentAt: Instant.nullable(),
  lastFault: AlertTry.nullable().describe(
    'Of the newest try, where it failed; what waits its turn at an outlet did not.',
  ),
});
export type AlertChannelState = z.infer<typeof AlertChannelState>;

export const AlertChannelList = z.object({ items: z.array(AlertChannelState), next: Next });
export type AlertChannelList = z.infer<typeof AlertChannelList>;
