import * as z from 'zod';
import { checkContent, content } from './blast-content.ts';
import { Zone } from './blast-settings.ts';
import { TagCount } from './contacts.ts';
import { FOLLOW_UPS } from './follow-ups.ts';
import { Id } from './id.ts';
import { TimeAhead } from './instant.ts';
import { NoNumbers } from './no-numbers.ts';
import { PhoneNumber } from './phone-number-schema.ts';
import { Count } from './schema-parts.ts';
import { shortText } from './short-text.ts';

const Phones = z
  .array(z.string().max(200))
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
    'Every contact of those outlets, those with any of the tags, all but those with any of `exceptTags` at whichever outlet you may see, these contacts, these numbers, or whom an earlier blast met and who has not got, read or answered it.',
  );
export type Audience = z.infer<typeof Audience>;

export const OutletChoice = z.union([z.literal('all'), z.array(Id).min(1).max(1_000)]);

const blast = {
  outletIds: OutletChoice,
  ...content,
  audience: Audience.default('all'),
};

/** An instant with its offset; or a local time, which is that time of day in each outlet's own zone. */
const ScheduledAt = TimeAhead.nullable().default(null);

/** The same, or `null` for no end: what has not left by then is skipped as `TOO_LATE`. */
const NotAfter = TimeAhead.nullable()
  .default(null)
  .describe('What has not left by then is skipped as TOO_LATE: for offers that end.');

const Replaces = Id.nullable()
  .default(null)
  .describe('A blast that has not begun and that this one stands for: it is canceled in the same moment.');

/** Of a blast, and of one that comes again. */
export const UnknownTagsAcknowledged = z
  .boolean()
  .default(false)
  .describe('Without it a tag that nobody carries, to include or to leave out, is refused: `TAG_UNKNOWN`.');

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
    unknownTagsAcknowledged: UnknownTagsAcknowledged,
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

export const CountAudience = z.strictObject({
  outletIds: blast.outletIds,
  audience: blast.audience,
  scheduledAt: ScheduledAt,
});
export type CountAudience = z.infer<typeof CountAudience>;

export const AudienceCount = z.object({
  recipients: Count.describe(
    'Who would get a message, each once: now, or at `scheduledAt` as far as that is known now.',
  ),
  outlets: z.array(z.object({ outletId: z.uuid(), recipients: Count })),
  noNumbers: NoNumbers,
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
  zones: z
    .array(z.object({ outletId: z.uuid(), zone: Zone }))
    .describe('By which clock each outlet reads a time of day.'),
});
export type BlastVocabulary = z.infer<typeof BlastVocabulary>;

export const TestBlastAnswer = z.object({
  success: z.literal(true),
  messageId: z.string(),
  text: z.string().describe('As it was sent.'),
});
export type TestBlastAnswer = z.infer<typeof TestBlastAnswer>;

export const BlastCreated = z.object({ id: z.uuid(), noNumbers: NoNumbers });
export type BlastCreated = z.infer<typeof BlastCreated>;
