import * as z from 'zod';
import { OUTLET_ZONES, type OutletZone } from './blast-states.ts';
import { Instant } from './instant.ts';
import { Count, keysOf, problem } from './schema-parts.ts';

export const Zone = z.enum(keysOf(OUTLET_ZONES)) satisfies z.ZodType<OutletZone>;

export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** Hours of every day as people give them: from one time to another, over midnight where `from` is later. */
export const HoursOfDay = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  // Nobody can tell whether no hour is meant or every one.
  .refine(({ from, to }) => from !== to, { ...problem('HOURS_ALIKE'), path: ['to'] });

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
    quietHours: HoursOfDay.nullable().describe('As above; the two differ. `null`: send at any hour.'),
    confirmStop: ConfirmStop,
  })
  .partial()
  .superRefine(({ paceMinMs, paceMaxMs }, context) => {
    if (paceMinMs !== undefined && paceMaxMs !== undefined && paceMinMs > paceMaxMs)
      context.addIssue({ ...problem('PACE_ORDER'), path: ['paceMaxMs'] });
  });
export type UpdateBlastSettings = z.infer<typeof UpdateBlastSettings>;
