import * as z from 'zod';
import { BlastMedia, WayOut } from './blast-content.ts';
import { Estimate, Skipped } from './blast-preview.ts';
import { Zone } from './blast-settings.ts';
import { BLAST_STATUSES, HOLD_CODES, RECIPIENT_STATUSES, type HoldCode } from './blast-states.ts';
import { FOLLOW_UPS } from './follow-ups.ts';
import { Instant } from './instant.ts';
import { oneOrSeveral } from './one-or-several.ts';
import { After, Next, pages } from './paging.ts';
import { Count, keysOf } from './schema-parts.ts';

export const RecipientCounts = z
  .object(
    Object.fromEntries(RECIPIENT_STATUSES.map((status) => [status, Count])) as Record<
      (typeof RECIPIENT_STATUSES)[number],
      typeof Count
    >,
  )
  .describe('Each recipient counts once, under where it stands now.');
export type RecipientCounts = z.infer<typeof RecipientCounts>;

export const Hold = z.object({
  code: z.enum(keysOf(HOLD_CODES)) satisfies z.ZodType<HoldCode>,
  until: Instant.nullable(),
});
export type Hold = z.infer<typeof Hold>;

const Replied = Count.describe('How many wrote to the outlet within 72 hours of it, wherever they stand.');

const TooOften = Count.describe(
  'Who was left out as TOO_OFTEN by an outlet that still exists: `retry` asks anew whether they may get it.',
);

export const BlastOutlet = z.object({
  outletId: z.uuid(),
  outletName: z.string(),
  zone: Zone,
  counts: RecipientCounts,
  replied: Replied,
  tooOften: TooOften,
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
  purgedAt: Instant.nullable().describe(
    'When message and file were removed, some time after the end, and who a canceled blast was never sent to; totals stay.',
  ),
  skippedAtStart: Skipped.describe('Who got no row: named twice, or no number.'),
  tooOften: TooOften,
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

export const BlastQuery = z.strictObject({
  status: oneOrSeveral(BLAST_STATUSES).optional().describe('One or several: `scheduled,running`.'),
  before: After.describe('As `after`, its name since.'),
  ...pages(100, 20),
});
export type BlastQuery = z.infer<typeof BlastQuery>;

export const BlastPage = z.object({ blasts: z.array(BlastSummary), next: Next });
export type BlastPage = z.infer<typeof BlastPage>;

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

/** Pushed at most four times a second for each blast. */
export const BlastProgress = z
  .object({
    blastId: z.uuid(),
    revision: z.int(),
    at: Instant,
    status: z.enum(BLAST_STATUSES),
    counts: RecipientCounts,
    replied: Replied,
    tooOften: TooOften,
    outlets: z.array(
      z.object({
        outletId: z.uuid(),
        counts: RecipientCounts,
        replied: Replied,
        tooOften: TooOften,
        hold: Hold.nullable(),
      }),
    ),
  })
  .describe('Where a blast stands now, as far as your outlets go: a whole, not a difference. Higher revisions win.');
export type BlastProgress = z.infer<typeof BlastProgress>;
