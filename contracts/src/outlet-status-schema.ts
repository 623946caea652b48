import * as z from 'zod';
import { REASON_STATUS, STATUS_NAMES, type ReasonCode } from './outlet-status.ts';
import { Limits, Warning } from './outlet-warnings.ts';
import { Next } from './paging.ts';
import { MARKS, TIME_MARKS } from './uptime-mark.ts';

const StatusName = z.enum(STATUS_NAMES);
const Code = z.enum(Object.keys(REASON_STATUS) as ReasonCode[]);
const Instant = z.iso.datetime();

export const ReasonParams = z.object({
  by: z.string().optional().describe('Who paused.'),
  at: Instant.optional().describe('When it happened.'),
  until: Instant.optional().describe('When a restriction ends.'),
  attempt: z.int().optional().describe('Attempts made since the last stable connection.'),
  number: z.string().optional().describe('The number that scanned instead of the outlet\u2019s own.'),
  method: z.enum(['qr', 'pairing-code']).optional().describe('How it was to be linked, where not by QR.'),
  ranOut: z
    .enum(['qr', 'pairing-code'])
    .optional()
    .describe('A QR or code was shown since, and nothing was heard of a phone until it ran out.'),
  reach: z
    .enum(['server', 'alone'])
    .optional()
    .describe(
      'Of `WHATSAPP_UNREACHABLE`: `server` where no other outlet gets to WhatsApp either, `alone` where others do; ' +
        'missing where nobody can tell.',
    ),
  clientSince: Instant.optional().describe(
    'When WhatsApp last told of the client version in use, where it could not be asked anew before the attempt: phones may refuse it.',
  ),
  pinned: z
    .string()
    .optional()
    .describe(
      'The client version that `WA_VERSION` fixes, so that nobody asks for another: of `OUTDATED`, and where codes ran out, as phones may refuse it.',
    ),
  detail: z.string().optional().describe('What the other side said, as a code: `403`, `HTTP 503`, `ECONNREFUSED`.'),
});
export type ReasonParams = z.infer<typeof ReasonParams>;

export const Reason = z.object({
  code: Code.describe('Stable; clients that translate use it with `params`.'),
  message: z.string().describe('What happened, for people.'),
  action: z.string().describe('Who must do what.'),
  params: ReasonParams,
});
export type Reason = z.infer<typeof Reason>;

export const HealthCriteria = z
  .object({
    databaseConnected: z.boolean(),
    liveConnected: z.boolean(),
    websocketOpen: z.boolean(),
    userPresent: z.boolean(),
    autoReconnect: z.boolean(),
  })
  .describe('The five criteria; an outlet is healthy only if all hold.');
export type HealthCriteria = z.infer<typeof HealthCriteria>;

const QrPresence = z.literal('Present').nullable().describe('Whether a QR is shown; never the code itself.');

export const OutletStatus = z
  .object({
    outletId: z.uuid(),
    outlet: z.object({
      name: z.string(),
      whatsappNumber: z.string(),
      isActive: z.boolean(),
      city: z.string().nullable(),
      tags: z.array(z.string()),
    }),
    session: z
      .object({
        status: StatusName,
        sessionName: z
          .string()
          .nullable()
          .describe('The linked account\u2019s name, or its kind of phone where it has none.'),
        connectedAt: Instant.nullable(),
        lastSeen: Instant.nullable().describe('Last evidence of life from WhatsApp.'),
        qrCode: QrPresence,
        autoReconnect: z.boolean(),
        retryCount: z.int(),
      })
      .describe('What the database says.'),
    liveStatus: z
      .object({ status: StatusName, qrCode: QrPresence, name: z.string().nullable() })
      .describe('What the socket says.'),
    healthy: z.boolean(),
    criteria: HealthCriteria,
    revision: z.int().describe('Grows with every change of this outlet.'),
    reason: Reason.nullable(),
    nextRetryAt: Instant.nullable(),
    limits: Limits.nullable().describe('What WhatsApp allows; `null` until it said so.'),
    warnings: z.array(Warning).describe('What is not in order although the outlet may be connected.'),
    since: Instant.nullable().describe('When the present status and reason began; null where nothing was written yet.'),
  })
  .describe('One outlet as both truths see it.');
export type OutletStatus = z.infer<typeof OutletStatus>;

export const OutletStatusDocument = z.object({
  success: z.literal(true),
  count: z.int(),
  healthy: z.int(),
  statuses: z.array(OutletStatus),
  cursor: z.string().optional().describe('Asked with `since`: what to ask with next.'),
  complete: z
    .boolean()
    .optional()
    .describe('Asked with `since`: whether `statuses` are all you may see, since the cursor was too old or not yours.'),
  removed: z.array(z.uuid()).optional().describe('Asked with `since`: outlets that are no more.'),
});
export type OutletStatusDocument = z.infer<typeof OutletStatusDocument>;

export const Pressed = z
  .object({
    act: z.enum(['connect', 'pause', 'resume', 'logout']),
    kind: z.enum(['user', 'api-key', 'reconnect-link']),
    name: z.string().describe('As they or it was called then; of a reconnect link, who made it.'),
  })
  .describe('Who asked for what this change shows.');
export type Pressed = z.infer<typeof Pressed>;

export const StatusHistoryEntry = z.object({
  cursor: z.int(),
  at: Instant,
  previous: StatusName,
  status: StatusName,
  revision: z.int(),
  reason: Reason.nullable(),
  pressed: Pressed.nullable().describe('null where nobody did, or it was not kept yet then.'),
});
export type StatusHistoryEntry = z.infer<typeof StatusHistoryEntry>;

export const StatusHistoryAnswer = z.object({
  success: z.literal(true),
  outletId: z.uuid(),
  entries: z.array(StatusHistoryEntry).describe('Newest first.'),
  next: Next,
});
export type StatusHistoryAnswer = z.infer<typeof StatusHistoryAnswer>;

export const StatusSegment = z.object({
  from: Instant.describe('It lasts until the next one begins, the last one until `to`.'),
  status: StatusName,
  mark: z
    .enum(TIME_MARKS)
    .describe(
      'How this time counts: as `/outlets/:id/uptime` counts it. `unknown`: Koneksi did not run, and `status` is what was told before.',
    ),
});
export type StatusSegment = z.infer<typeof StatusSegment>;

export const OutletTimeline = z.object({
  outletId: z.uuid(),
  connectedMs: z
    .int()
    .describe('For how long the outlet is known to have been CONNECTED within the window, before any shortening.'),
  segments: z
    .array(StatusSegment)
    .describe('Oldest first, neighbours differ in status or mark; at most 120: beyond that the shortest are left out.'),
  settled: z
    .enum(MARKS)
    .nullable()
    .describe(
      'How the last status counts but for planned work and the time in which Koneksi did not run: what follows them is counted by it. `null` without segments.',
    ),
  planned: z
    .array(z.object({ from: Instant, to: Instant }))
    .describe('Planned work in the window and after it: what is down meanwhile counts as `paused`.'),
});
export type OutletTimeline = z.infer<typeof OutletTimeline>;

export const TimelineAnswer = z.object({
  success: z.literal(true),
  from: Instant,
  to: Instant,
  outlets: z.array(OutletTimeline),
});
export type TimelineAnswer = z.infer<typeof TimelineAnswer>;
