import * as z from 'zod';
import {
  BLAST_STATUSES,
  HOLD_CODES,
  OUTLET_ZONES,
  RECIPIENT_REASONS,
  RECIPIENT_STATUSES,
  SKIP_REASONS,
  type HoldCode,
  type OutletZone,
  type RecipientReason,
  type SkipReason,
} from './blast-states.ts';
import { CAPTION_MAX, MEDIA_TYPES, MESSAGE_MAX } from './blast-limits.ts';
import { TagCount } from './contacts.ts';
import type { FieldTextCode } from './field-texts.ts';
import { Id } from './id.ts';
import { LocalTime, RequestInstant } from './instant.ts';
import { oneOrSeveral } from './one-or-several.ts';
import { Reason } from './outlet-status-schema.ts';
import { After, Next, pages } from './paging.ts';
import { FOLLOW_UPS } from './follow-ups.ts';
import { Limits } from './outlet-warnings.ts';
import { PhoneNumber } from './phone-number-schema.ts';
import { isBlank } from './plain-text.ts';
import { shortText } from './short-text.ts';
import { TEXT_LANGUAGES } from './text-language.ts';
import type { WayOut as WayOutOffered } from './way-out.ts';

const Instant = z.iso.datetime();
const Count = z.int().nonnegative();
const keysOf = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];
const problem = (text: FieldTextCode): { code: 'custom'; message: string; params: { text: FieldTextCode } } => ({
  code: 'custom',
  message: text,
  params: { text },
});

/** Line breaks and tabs belong in a message; other control characters nowhere. */
export const Message = z.string().regex(/^[^\p{Cc}\n\r\t]*(?:[\n\r\t][^\p{Cc}\n\r\t]*)*$/u);

const Phones = z
  .array(z.string().max(40))
  .min(1)
  .max(10_000)
  .describe('As people write them; what is no number is skipped as INVALID.');

const Tags = z.array(shortText(30)).min(1).max(50);

export const Audience = z
  .union([
    z.literal('all'),
    z.strictObject({ tags: Tags, exceptTags: Tags.optional() }),
    z.strictObject({ exceptTags: Tags }),
    z.strictObject({ contactIds: z.array(Id).min(1).max(5_000) }),
    z.strictObject({ phones: Phones }),
    z.strictObject({ ofBlast: z.strictObject({ blastId: Id, who: z.enum(FOLLOW_UPS) }) }),
  ])
  .describe(
    'Every contact of those outlets, those with any of the tags, all but those with any of `exceptTags`, these contacts, these numbers, or whom an earlier blast met and who has not got, read or answered it.',
  );
export type Audience = z.infer<typeof Audience>;

/** What a blast says, whenever it is said. */
export const content = {
  message: Message.max(MESSAGE_MAX).describe('With `{{nama}}`, `{{outlet}}` and fields of the contacts.'),
  mediaId: Id.nullable().default(null).describe('From `POST /blasts/media`; the message is its caption.'),
  wayOutLanguage: z
    .enum(TEXT_LANGUAGES)
    .nullable()
    .default(null)
    .describe('Of the line below the message that says how to hear no more; `null`: the language of the message.'),
  noWayOut: shortText(200)
    .nullable()
    .default(null)
    .describe('Why there is no such line; kept with the blast. A message that says it by itself needs none.'),
};

export function checkContent(
  { message, mediaId }: { message: string; mediaId: string | null },
  context: z.core.$RefinementCtx,
): void {
  if (isBlank(message) && mediaId === null) context.addIssue({ ...problem('REQUIRED'), path: ['message'] });
  if (mediaId !== null && message.length > CAPTION_MAX)
    context.addIssue({ ...problem('CAPTION_TOO_LONG'), path: ['message'] });
}

export const WayOut = z
  .object({
    how: z.enum(['APPENDED', 'TYPED', 'OFF']),
    line: z.string().nullable().describe('What stands below the message, where it is appended.'),
    reason: z.string().nullable().describe('Why there is none, where it was switched off.'),
  })
  .describe('How recipients are told to hear no more.') satisfies z.ZodType<WayOutOffered>;

export const OutletChoice = z.union([z.literal('all'), z.array(Id).min(1).max(1_000)]);

const blast = {
  outletIds: OutletChoice,
  ...content,
  audience: Audience.default('all'),
};

/** An instant with its offset; or a local time, which is that time of day in each outlet's own zone. */
const ScheduledAt = z.union([RequestInstant, LocalTime]).nullable().default(null);

/** The same, or `null` for no end: what has not left by then is skipped as `TOO_LATE`. */
const NotAfter = z
  .union([RequestInstant, LocalTime])
  .nullable()
  .default(null)
  .describe('What has not left by then is skipped as TOO_LATE: for offers that end.');

const Replaces = Id.nullable()
  .default(null)
  .describe('A blast that has not begun and that this one stands for: it is canceled in the same moment.');

export const PreviewBlast = z
  .strictObject({ ...blast, scheduledAt: ScheduledAt, notAfter: NotAfter, replaces: Replaces })
  .superRefine((body, context) => checkContent(body, context));
export type PreviewBlast = z.infer<typeof PreviewBlast>;

export const CreateBlast = z
  .strictObject({
    ...blast,
    scheduledAt: ScheduledAt,
    notAfter: NotAfter,
    title: shortText(80).nullable().default(null),
    previewId: z
      .string()
      .regex(/^[\w-]{1,100}$/)
      .nullable()
      .default(null)
      .describe('Of the preview that a person agreed to: what differs from it is refused with `PREVIEW_OUTDATED`.'),
    repeatAcknowledged: z
      .boolean()
      .default(false)
      .describe('Without it the same words to largely the same people within a week are refused: `BLAST_REPEATED`.'),
    undoSeconds: z
      .int()
      .min(0)
      .max(60)
      .default(0)
      .describe('How long nothing leaves yet, so that cancelling takes it all back; for a blast that starts now.'),
    replaces: Replaces,
  })
  .superRefine((body, context) => checkContent(body, context));
export type CreateBlast = z.infer<typeof CreateBlast>;

export const CountAudience = z.strictObject({ outletIds: blast.outletIds, audience: blast.audience });
export type CountAudience = z.infer<typeof CountAudience>;

export const AudienceCount = z.object({
  recipients: Count.describe('Who would get a message now, each once.'),
  outlets: z.array(z.object({ outletId: z.uuid(), recipients: Count })),
});
export type AudienceCount = z.infer<typeof AudienceCount>;

export const TestBlast = z
  .strictObject({ outletId: Id, phone: PhoneNumber, ...content })
  .superRefine((body, context) => checkContent(body, context));
export type TestBlast = z.infer<typeof TestBlast>;

export const BlastVocabulary = z.object({
  fields: z.array(z.string()).describe('What messages may name beside `nama` and `outlet`: `kota` for `{{kota}}`.'),
  tags: z.array(TagCount).describe('Most used first.'),
  contacts: z.array(z.object({ outletId: z.uuid(), count: Count })).describe('Of each outlet that has any.'),
});
export type BlastVocabulary = z.infer<typeof BlastVocabulary>;

export const TestBlastAnswer = z.object({
  success: z.literal(true),
  messageId: z.string(),
  text: z.string().describe('As it was sent.'),
});
export type TestBlastAnswer = z.infer<typeof TestBlastAnswer>;

export const BlastMedia = z.object({
  id: z.uuid(),
  kind: z.enum(['image', 'video', 'document']),
  mimeType: z.enum(keysOf(MEDIA_TYPES)),
  fileName: z.string(),
  bytes: z.int(),
});
export type BlastMedia = z.infer<typeof BlastMedia>;

export const UploadMediaQuery = z.strictObject({ fileName: shortText(120) });
export type UploadMediaQuery = z.infer<typeof UploadMediaQuery>;

export const RecipientCounts = z
  .object(
    Object.fromEntries(RECIPIENT_STATUSES.map((status) => [status, Count])) as Record<
      (typeof RECIPIENT_STATUSES)[number],
      typeof Count
    >,
  )
  .describe('Each recipient counts once, under where it stands now.');
export type RecipientCounts = z.infer<typeof RecipientCounts>;

export const Zone = z.enum(keysOf(OUTLET_ZONES)) satisfies z.ZodType<OutletZone>;

export const Hold = z.object({
  code: z.enum(keysOf(HOLD_CODES)) satisfies z.ZodType<HoldCode>,
  until: Instant.nullable(),
});
export type Hold = z.infer<typeof Hold>;

const Skipped = z
  .partialRecord(z.enum(keysOf(SKIP_REASONS)) satisfies z.ZodType<SkipReason>, Count)
  .describe('How many of the audience get no message, by reason.');

const Slowest = z.object({
  code: z
    .enum(['NEW_CHATS', 'KNOWN_CHATS', 'QUIET_HOURS', 'PACE', 'WHATSAPP_LIMIT'])
    .describe('`WHATSAPP_LIMIT`: its lock, or its own count, of new chats.'),
  perDay: Count.nullable().describe('Today’s cap, with the warm-up, for caps.'),
  days: Count.describe('Days of sending, at least one.'),
  warmingUp: z.boolean().describe('Whether the cap still grows.'),
});

const Estimate = z
  .object({
    startsAt: Instant.nullable().describe('`null` where caps of 0 let nothing out.'),
    finishesAt: Instant.nullable().describe('`null` where a cap of 0 leaves somebody out.'),
    zone: Zone,
    waitsFor: z
      .enum(['QUIET_HOURS', 'DAILY_CAP', 'ZERO_CAP', 'WHATSAPP_LIMIT'])
      .nullable()
      .describe('What puts the start off beyond the time that was asked for; `ZERO_CAP`: the end too, for ever.'),
    slowest: Slowest.nullable().describe('What takes most of the time; `null` where it takes next to none.'),
  })
  .describe('With pauses, caps, quiet hours and WhatsApp\u2019s limits, as far as they are known now.');

export const OutletPreview = z.object({
  outletId: z.uuid(),
  outletName: z.string(),
  healthy: z.boolean(),
  reason: Reason.nullable().describe('Why it is not healthy.'),
  recipients: Count,
  newChats: Count.describe(
    'Recipients who never wrote to this outlet, however often it wrote to them; their daily cap is the smaller one.',
  ),
  restrictedUntil: Instant.nullable().describe('WhatsApp lets this outlet start no new chats before.'),
  limits: Limits.nullable().describe('What WhatsApp allows the outlet; `null` until it said so.'),
  skipped: Skipped,
  sample: z.object({ phone: z.string(), name: z.string().nullable(), text: z.string() }).nullable(),
  estimate: Estimate.nullable(),
});
export type OutletPreview = z.infer<typeof OutletPreview>;

export const Repeat = z
  .object({
    people: Count.describe('How many recipients had the same words, or will get them.'),
    of: Count,
    blasts: z.array(
      z.object({
        id: z.uuid(),
        title: z.string().nullable(),
        createdAt: Instant,
        createdBy: z.string(),
        people: Count,
      }),
    ),
  })
  .describe('The same words within seven days, newest blast first.');
export type Repeat = z.infer<typeof Repeat>;

const WorstSample = z.object({
  outletId: z.uuid(),
  outletName: z.string(),
  phone: z.string(),
  name: z.string().nullable(),
  text: z.string(),
  missing: z.array(z.string()),
});

export const BlastPreview = z.object({
  success: z.literal(true),
  outlets: z.array(OutletPreview),
  recipients: Count,
  skipped: Skipped,
  missing: z
    .array(z.object({ variable: z.string(), count: Count }))
    .describe('Recipients without a value for a variable: they read its fallback, or nothing.'),
  worst: WorstSample.nullable().describe('Who lacks most of what the message names; `null` where nobody lacks any.'),
  repeat: Repeat.nullable().describe('Who of them had the same words lately; `null` where nobody did.'),
  previewId: z
    .string()
    .describe('For `POST /blasts`: it then sends what this preview says, or nothing. Lasts an hour.'),
  finishesAt: Instant.nullable().describe('`null` where an outlet never finishes, or nobody gets it.'),
  wayOut: WayOut,
});
export type BlastPreview = z.infer<typeof BlastPreview>;

const Replied = Count.describe('How many wrote to the outlet within 72 hours of it, wherever they stand.');

export const BlastOutlet = z.object({
  outletId: z.uuid(),
  outletName: z.string(),
  zone: Zone,
  counts: RecipientCounts,
  replied: Replied,
  hold: Hold.nullable().describe('Why this part waits; `null` while it may send.'),
});
export type BlastOutlet = z.infer<typeof BlastOutlet>;

export const BlastSummary = z.object({
  id: z.uuid(),
  title: z.string().nullable(),
  excerpt: z
    .string()
    .describe('The first words of the message, on one line, as `Halo [nama]`: what to call a blast without a title.'),
  status: z.enum(BLAST_STATUSES),
  revision: z.int().describe('Grows with everything that changes; what is older than what you have may be dropped.'),
  createdAt: Instant,
  createdBy: z.string(),
  awaitsAdmin: z
    .boolean()
    .describe(
      'Who made it, or sent it on last, may not send it any more: it is paused until an ADMIN starts or resumes it.',
    ),
  scheduledAt: z.string().nullable().describe('As it was given.'),
  notAfter: z.string().nullable().describe('As it was given.'),
  undoUntil: Instant.nullable().describe('Nothing leaves before: until then cancelling takes the press back.'),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  recipients: Count,
  counts: RecipientCounts,
  replied: Replied,
  outletCount: Count,
});
export type BlastSummary = z.infer<typeof BlastSummary>;

export const Blast = BlastSummary.extend({
  message: z.string().describe('As typed, with its variables; empty once it was purged.'),
  wayOut: WayOut.nullable().describe('`null` for blasts from before it was offered.'),
  media: BlastMedia.nullable(),
  purgedAt: Instant.nullable().describe('When message and file were removed, some time after the end; totals stay.'),
  skippedAtStart: Skipped.describe('Who got no row: named twice, or no number.'),
  audience: z
    .object({
      kind: z.enum(['all', 'tags', 'contacts', 'phones', 'ofBlast']),
      tags: z.array(z.string()).optional(),
      exceptTags: z.array(z.string()).optional(),
      ofBlast: z.object({ blastId: z.uuid(), who: z.enum(FOLLOW_UPS) }).optional(),
      outletIds: z.array(z.uuid()),
    })
    .nullable()
    .describe('Who was meant; `null` for blasts from before this was kept.'),
  outlets: z.array(BlastOutlet),
  mayChange: z.boolean().describe('Whether you may pause, resume, cancel or retry: all its outlets are yours.'),
});
export type Blast = z.infer<typeof Blast>;

export const BlastCreated = z.object({ id: z.uuid() });
export type BlastCreated = z.infer<typeof BlastCreated>;

export const BlastQuery = z.strictObject({
  status: oneOrSeveral(BLAST_STATUSES).optional().describe('One or several: `scheduled,running`.'),
  before: After.describe('As `after`, its name since.'),
  ...pages(100, 20),
});
export type BlastQuery = z.infer<typeof BlastQuery>;

export const BlastPage = z.object({ blasts: z.array(BlastSummary), next: Next });
export type BlastPage = z.infer<typeof BlastPage>;

export const BlastRecipient = z.object({
  id: z.string(),
  outletId: z.uuid(),
  phone: z.string().describe('Digits with country code, no `+`.'),
  name: z.string().nullable(),
  status: z.enum(RECIPIENT_STATUSES),
  reason: (z.enum(keysOf(RECIPIENT_REASONS)) satisfies z.ZodType<RecipientReason>).nullable(),
  code: z.string().nullable().describe('What WhatsApp answered, such as `463`.'),
  messageId: z.string().nullable(),
  sentAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
  readAt: Instant.nullable(),
  repliedAt: Instant.nullable().describe('When they first wrote to the outlet after it, within 72 hours.'),
});
export type BlastRecipient = z.infer<typeof BlastRecipient>;

/** Their place in the blast: within what the database counts places with. */
const RecipientId = z.string().regex(/^\d{1,9}$/);

export const RecipientQuery = z.strictObject({
  status: z.enum(RECIPIENT_STATUSES).optional(),
  replied: z.enum(['true', 'false']).optional().describe('Only those who answered, or only those who did not.'),
  outletId: Id.optional(),
  ...pages(500, 50),
  after: RecipientId.optional().describe('`next` of the page before.'),
});
export type RecipientQuery = z.infer<typeof RecipientQuery>;

export const KeptReply = z.object({ at: Instant, text: z.string().describe('At most 1,000 characters; cut by `…`.') });
export type KeptReply = z.infer<typeof KeptReply>;

export const ListedRecipient = BlastRecipient.extend({
  replies: z
    .array(KeptReply)
    .describe(
      'What they wrote, oldest first, where `blast-policy` keeps that. It is answered here alone, never pushed.',
    ),
});
export type ListedRecipient = z.infer<typeof ListedRecipient>;

export const RecipientPage = z.object({
  recipients: z.array(ListedRecipient),
  keepsReplies: z
    .boolean()
    .describe('Whether what people write now is kept, so that news of a reply is worth reading again.'),
  next: Next,
});
export type RecipientPage = z.infer<typeof RecipientPage>;

/** What a person says of recipients nobody can be sure about. */
export const ResolveUnknown = z.strictObject({
  recipientId: RecipientId.optional().describe('One recipient; without it, all unknown ones.'),
  as: z
    .enum(['sent', 'failed', 'resend'])
    .describe('It arrived; it did not; or send it again, under the same message id.'),
});
export type ResolveUnknown = z.infer<typeof ResolveUnknown>;

export const ChangedRecipients = z.object({
  success: z.literal(true),
  recipients: Count.describe('How many changed.'),
  outletGone: Count.describe('How many could not be queued again because their outlet no longer exists.'),
});
export type ChangedRecipients = z.infer<typeof ChangedRecipients>;

export const BlastForecast = z.object({
  finishesAt: Instant.nullable().describe('`null` where there is no end, or nothing is left.'),
  outlets: z.array(z.object({ outletId: z.uuid(), estimate: Estimate })),
});
export type BlastForecast = z.infer<typeof BlastForecast>;

export const BlastTimeline = z.object({
  bucketSeconds: z.int().positive(),
  points: z.array(z.object({ at: Instant, sent: Count, delivered: Count, read: Count, failed: Count })),
  forecast: BlastForecast.describe('How it goes on from here, as far as that is known now.'),
});
export type BlastTimeline = z.infer<typeof BlastTimeline>;

export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const QuietHours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .nullable()
  .describe('Local times between which nothing is sent; may span midnight. `null`: send at any hour.');
const PaceMs = z.int().min(0).max(3_600_000);
const DailyCap = z.int().min(0).max(100_000);

const ConfirmStop = z
  .boolean()
  .nullable()
  .describe('Whether who writes STOP here is told once that nothing more comes; `null`: as `GET /blast-policy` says.');

export const BlastSettings = z.object({
  outletId: z.uuid(),
  zone: Zone,
  paceMinMs: PaceMs.describe('The random pause between two messages lies between the two.'),
  paceMaxMs: PaceMs,
  newChatsPerDay: DailyCap.describe('Messages a day to people who never wrote to this outlet.'),
  knownChatsPerDay: DailyCap,
  warmUpDays: z.int().min(0).max(60).describe('Over this many days of sending the caps grow to their full height.'),
  quietHours: QuietHours,
  confirmStop: ConfirmStop,
  today: z.object({
    newChats: Count,
    newChatsCap: Count.describe('With the warm-up.'),
    knownChats: Count,
    knownChatsCap: Count,
  }),
  restrictedUntil: Instant.nullable().describe('WhatsApp lets this number start no new chats before.'),
});
export type BlastSettings = z.infer<typeof BlastSettings>;

export const UpdateBlastSettings = z
  .strictObject({
    zone: Zone,
    paceMinMs: PaceMs,
    paceMaxMs: PaceMs,
    newChatsPerDay: DailyCap,
    knownChatsPerDay: DailyCap,
    warmUpDays: z.int().min(0).max(60),
    quietHours: QuietHours,
    confirmStop: ConfirmStop,
  })
  .partial()
  .superRefine(({ paceMinMs, paceMaxMs }, context) => {
    if (paceMinMs !== undefined && paceMaxMs !== undefined && paceMinMs > paceMaxMs)
      context.addIssue({ ...problem('PACE_ORDER'), path: ['paceMaxMs'] });
  });
export type UpdateBlastSettings = z.infer<typeof UpdateBlastSettings>;

/** Pushed at most four times a second for each blast. */
export const BlastProgress = z
  .object({
    blastId: z.uuid(),
    revision: z.int(),
    at: Instant,
    status: z.enum(BLAST_STATUSES),
    counts: RecipientCounts,
    replied: Replied,
    outlets: z.array(
      z.object({ outletId: z.uuid(), counts: RecipientCounts, replied: Replied, hold: Hold.nullable() }),
    ),
  })
  .describe('Where a blast stands now, as far as your outlets go: a whole, not a difference. Higher revisions win.');
export type BlastProgress = z.infer<typeof BlastProgress>;

export const RecipientChanges = z
  .object({
    blastId: z.uuid(),
    outletId: z.uuid(),
    revision: z.int(),
    recipients: z.array(BlastRecipient.omit({ name: true })),
    complete: z.boolean().describe('False where too many changed at once: read the page again.'),
  })
  .describe('Recipients that changed, to watchers of the blast only; at most four times a second.');
export type RecipientChanges = z.infer<typeof RecipientChanges>;
