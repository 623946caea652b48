import * as z from 'zod';
import { Next } from './paging.ts';
import { BlastMedia, checkContent, content, WayOut } from './blast-content.ts';
import { OutletChoice, UnknownTagsAcknowledged } from './blast-requests.ts';
import { TimeOfDay } from './blast-settings.ts';
import { Id } from './id.ts';
import { Count } from './schema-parts.ts';
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

export const CountBirthdays = z.strictObject({ outletIds: OutletChoice, audience: Audience });
export type CountBirthdays = z.infer<typeof CountBirthdays>;

const BirthdayField = z.object({
  field: z.string(),
  dates: Count.describe('People of the audience whose birthday can be read in it.'),
  unreadable: Count.describe('Those of whom it says something else, such as `32/13/1990`: they get no wish.'),
  none: Count.describe('Those of whom it says nothing.'),
});
export type BirthdayField = z.infer<typeof BirthdayField>;

export const BirthdayFields = z.object({
  fields: z
    .array(BirthdayField)
    .describe('Those in which anybody at these outlets has a birthday, most of the audience first.'),
});
export type BirthdayFields = z.infer<typeof BirthdayFields>;

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
      'Why it failed, as the code of an error, or was skipped: `PAUSED`, or `AWAITS_ADMIN` where it paused by itself. `TIME_PASSED` of one that was made: but for outlets where its time had passed when it was made or resumed.',
    ),
  at: z.iso.datetime(),
});

const NotAt = z
  .array(z.uuid())
  .describe('Outlets whose time of that day had passed when it was made or resumed: there it comes the next time.');

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
  nextNotAt: NotAt,
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

export const RepeatingBlastCreated = z.object({
  id: Id,
  nextOn: z.iso.date(),
  nextNotAt: NotAt,
  birthdays: BirthdayField.nullable().describe(
    'Who of the audience has a birthday by the field of the rule, as of now; `null` of a rule for a day of the month.',
  ),
});
export type RepeatingBlastCreated = z.infer<typeof RepeatingBlastCreated>;
