import * as z from 'zod';
import { Next } from './paging.ts';
import { BlastMedia, checkContent, content, WayOut } from './blast-content.ts';
import { OutletChoice, UnknownTagsAcknowledged } from './blast-requests.ts';
import { TimeOfDay } from './blast-settings.ts';
import { Id } from './id.ts';
import { shortText } from './short-text.ts';

const Tags = z.array(shortText(30)).min(1).max(50);

/** Whoever is meant is asked anew each time; numbers and people by name would be those of long ago. */
const Audience = z
  .union([
    z.literal('all'),
    z.strictObject({ tags: Tags, exceptTags: Tags.optional() }),
    z.strictObject({ exceptTags: Tags }),
  ])
  .default('all');

const Holidays = z
  .array(z.iso.date())
  .max(200)
  .default([])
  .describe('Days on which it does not come, such as `2027-03-10`.');
const time = TimeOfDay.describe('By each outlet’s own clock.');

export const RepeatRule = z.discriminatedUnion('every', [
  z.strictObject({
    every: z.literal('month'),
    day: z.int().min(1).max(31).describe('The last of a month that has fewer.'),
    time,
    holidays: Holidays,
    onHoliday: z
      .enum(['skip', 'earlier', 'later'])
      .default('skip')
      .describe('Not that month, or on the nearest day before or after that is none.'),
  }),
  z.strictObject({
    every: z.literal('birthday'),
    field: shortText(40).describe(
      'The contacts’ field with their date of birth, as `1990-05-17`, `17/05/1990` or `17 Mei 1990`; whoever was born on 29 February has it on the 28th of other years.',
    ),
    time,
    holidays: Holidays,
    onHoliday: z.literal('skip').default('skip'),
  }),
]);
export type RepeatRule = z.infer<typeof RepeatRule>;

export const CreateRepeatingBlast = z
  .strictObject({
    outletIds: OutletChoice,
    ...content,
    audience: Audience,
    title: shortText(80),
    rule: RepeatRule,
    unknownTagsAcknowledged: UnknownTagsAcknowledged,
  })
  .superRefine((body, context) => checkContent(body, context));
export type CreateRepeatingBlast = z.infer<typeof CreateRepeatingBlast>;

/** What became of one repetition. */
export const REPETITION_OUTCOMES = ['made', 'nobody', 'missed', 'skipped', 'failed'] as const;

const Repetition = z.object({
  on: z.iso.date(),
  outcome: z
    .enum(REPETITION_OUTCOMES)
    .describe(
      '`nobody`: no recipient; `missed`: Koneksi did not run that day; `skipped`: it was paused that day; `failed`: it could not be made.',
    ),
  blastId: z.uuid().nullable(),
  reason: z
    .string()
    .nullable()
    .describe(
      'Why it failed, as the code of an error, or was skipped: `PAUSED`, or `AWAITS_ADMIN` where it paused by itself.',
    ),
  at: z.iso.datetime(),
});

export const RepeatingBlast = z.object({
  id: z.uuid(),
  title: z.string(),
  message: z.string().describe('As typed; empty once it was purged, some time after it was stopped.'),
  wayOut: WayOut,
  media: BlastMedia.nullable(),
  outletIds: z.union([z.literal('all'), z.array(z.uuid())]).describe('Of those you may see.'),
  audience: z.object({ tags: z.array(z.string()).optional(), exceptTags: z.array(z.string()).optional() }),
  rule: RepeatRule,
  status: z.enum(['active', 'paused', 'stopped']),
  nextOn: z.iso.date().nullable().describe('The day it comes next; `null` once it was stopped.'),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  by: z.string().describe('By whose right it is sent: who made it, or sent it on since.'),
  awaitsAdmin: z.boolean().describe('That right has ended: it is paused until an ADMIN resumes it.'),
  mayChange: z.boolean(),
  repetitions: z.array(Repetition).describe('The latest twelve, newest first.'),
});
export type RepeatingBlast = z.infer<typeof RepeatingBlast>;

export const RepeatingBlastList = z.object({ items: z.array(RepeatingBlast), next: Next });
export type RepeatingBlastList = z.infer<typeof RepeatingBlastList>;

export const RepeatingBlastCreated = z.object({ id: Id, nextOn: z.iso.date() });
export type RepeatingBlastCreated = z.infer<typeof RepeatingBlastCreated>;
