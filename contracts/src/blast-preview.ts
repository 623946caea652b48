import * as z from 'zod';
import { WayOut } from './blast-content.ts';
import { Zone } from './blast-settings.ts';
import { SKIP_REASONS, type SkipReason } from './blast-states.ts';
import { Instant } from './instant.ts';
import { NoNumbers } from './no-numbers.ts';
import { Reason } from './outlet-status-schema.ts';
import { Limits } from './outlet-warnings.ts';
import { Count, keysOf } from './schema-parts.ts';

export const Skipped = z
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

export const Estimate = z
  .object({
    startsAt: Instant.nullable().describe(
      '`null` where caps of 0 let nothing out, nothing leaves before `notAfter`, or nobody knows when the outlet sends again.',
    ),
    finishesAt: Instant.nullable().describe(
      '`null` where a cap of 0 leaves somebody out, or nobody knows when the outlet sends again.',
    ),
    zone: Zone,
    waitsFor: z
      .enum(['QUIET_HOURS', 'DAILY_CAP', 'ZERO_CAP', 'WHATSAPP_LIMIT', 'OTHER_BLASTS', 'OUTLET_UNHEALTHY', 'STOPPED'])
      .nullable()
      .describe(
        'What puts the start off beyond the time that was asked for; `ZERO_CAP`: the end too, for ever; `OTHER_BLASTS`: what the outlet was to send before; `STOPPED`: after refusals, until a person resumes it.',
      ),
    slowest: Slowest.nullable().describe('What takes most of the time; `null` where it takes next to none.'),
    tooLate: Count.describe('Who will not have been written to by `notAfter`, and gets nothing; 0 without one.'),
  })
  .describe(
    'With pauses, caps, quiet hours, WhatsApp\u2019s limits and what the outlet sends before, as far as they are known now.',
  );
export type Estimate = z.infer<typeof Estimate>;

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
    waiting: Count.describe('Of these people, to whom the words were not sent yet.'),
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

export const Waiting = z
  .object({
    people: Count.describe('How many recipients another blast is still to reach, each once.'),
    of: Count,
    blasts: z.array(
      z.object({
        id: z.uuid(),
        title: z.string().nullable(),
        status: z.enum(['scheduled', 'running', 'paused']),
        createdAt: Instant,
        createdBy: z.string(),
        people: Count,
      }),
    ),
  })
  .describe('Other blasts of yours that have not reached them yet, whatever they say; those of most people first.');
export type Waiting = z.infer<typeof Waiting>;

export const UnknownTag = z.object({
  tag: z.string(),
  use: z.enum(['include', 'except']),
  meant: z.string().nullable().describe('A tag that is written nearly so.'),
});
export type UnknownTag = z.infer<typeof UnknownTag>;

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
  noNumbers: NoNumbers,
  missing: z
    .array(z.object({ variable: z.string(), count: Count }))
    .describe('Recipients without a value for a variable: they read its fallback, or nothing.'),
  worst: WorstSample.nullable().describe('Who lacks most of what the message names; `null` where nobody lacks any.'),
  repeat: Repeat.nullable().describe('Who of them had the same words lately; `null` where nobody did.'),
  waiting: Waiting.nullable().describe('Who of them waits for another blast already; `null` where nobody does.'),
  tooLate: Count.describe('Of the recipients, who will not have been written to by `notAfter`; 0 without one.'),
  unknownTags: z
    .array(UnknownTag)
    .describe('Asked for and carried by nobody: such a tag reaches nobody, and leaves nobody out.'),
  previewId: z
    .string()
    .describe('For `POST /blasts`: it then sends what this preview says, or nothing. Lasts an hour.'),
  finishesAt: Instant.nullable().describe('`null` where an outlet never finishes, or nobody gets it.'),
  wayOut: WayOut,
});
export type BlastPreview = z.infer<typeof BlastPreview>;
