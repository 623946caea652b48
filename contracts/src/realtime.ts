import * as z from 'zod';
import type { ActKind } from './activity.ts';
import { RecipientChanges } from './blast-recipients.ts';
import { Blast, BlastProgress } from './blasts.ts';
import { Id } from './id.ts';
import { STATUS_NAMES } from './outlet-status.ts';
import { OutletStatus } from './outlet-status-schema.ts';
import { PasskeyChange } from './passkey.ts';

const Cursor = z.int().nonnegative();
const Instant = z.iso.datetime();

export const StatusSnapshot = z
  .object({ cursor: Cursor, at: Instant, statuses: z.array(OutletStatus) })
  .describe('The whole truth a client may see, as of `cursor`.');
export type StatusSnapshot = z.infer<typeof StatusSnapshot>;

export const StatusChange = z
  .object({ cursor: Cursor, at: Instant, status: OutletStatus, previous: z.enum(STATUS_NAMES) })
  .describe('One change. Cursors number changes across all outlets; `status.revision` grows per outlet.');
export type StatusChange = z.infer<typeof StatusChange>;

export const StatusRemoval = z.object({ cursor: Cursor, outletId: z.uuid() }).describe('The outlet no longer exists.');
export type StatusRemoval = z.infer<typeof StatusRemoval>;

export const StatusSeen = z
  .object({ at: Instant, lastSeen: z.record(z.uuid(), Instant) })
  .describe('Last evidence of life by outlet, once per reconcile interval; it changes nothing else.');
export type StatusSeen = z.infer<typeof StatusSeen>;

export const StoreChange = z
  .object({ available: z.boolean(), at: Instant })
  .describe(
    'Whether our database takes writes, told on connect and whenever that changes. While it does not, no change can be told: statuses are as of `at`.',
  );
export type StoreChange = z.infer<typeof StoreChange>;

export const QrChange = z
  .object({ outletId: z.uuid(), qr: z.string().nullable(), expiresAt: Instant.nullable() })
  .describe('To watchers of this outlet only; `qr` is null when it is gone.');
export type QrChange = z.infer<typeof QrChange>;

export const PairingCodeChange = z
  .object({
    outletId: z.uuid(),
    pairingCode: z.string().nullable(),
    expiresAt: Instant.nullable(),
    refusal: z
      .object({
        code: z.enum(['PAIRING_CODE_REFUSED', 'PAIRING_CODE_LIMITED', 'WHATSAPP_UNREACHABLE']),
        retryAt: Instant.nullable().describe('Before that WhatsApp gives none, where WhatsApp said so.'),
      })
      .nullable()
      .describe('Why there is no code, where WhatsApp was asked for one and gave none; the QR links all the same.'),
  })
  .describe('To watchers of this outlet\u2019s QR only; `pairingCode` is null when it is gone.');
export type PairingCodeChange = z.infer<typeof PairingCodeChange>;

export const ResumeRequest = z.strictObject({ cursor: Cursor });
export type ResumeRequest = z.infer<typeof ResumeRequest>;

export const WatchQrRequest = z.strictObject({ outletId: Id });
export type WatchQrRequest = z.infer<typeof WatchQrRequest>;

export const Refusal = z.object({
  success: z.literal(false),
  error: z.object({ code: z.string(), message: z.string() }),
});
export type Refusal = z.infer<typeof Refusal>;

export const ResumeAnswer = z
  .union([
    z.object({ success: z.literal(true), cursor: Cursor, changes: z.array(z.union([StatusChange, StatusRemoval])) }),
    z.object({ success: z.literal(true), cursor: Cursor, snapshot: StatusSnapshot }),
    Refusal,
  ])
  .describe('Every change missed since the cursor, or a snapshot where that is too old.');
export type ResumeAnswer = z.infer<typeof ResumeAnswer>;

export const WatchQrAnswer = z.union([
  QrChange.extend({
    success: z.literal(true),
    pairingCode: PairingCodeChange.shape.pairingCode.optional().describe('Where a code was asked for.'),
    pairingCodeExpiresAt: PairingCodeChange.shape.expiresAt.optional(),
    pairingCodeRefusal: PairingCodeChange.shape.refusal.optional(),
  }),
  Refusal,
]);
export type WatchQrAnswer = z.infer<typeof WatchQrAnswer>;

export const UnwatchQrAnswer = z.union([z.object({ success: z.literal(true) }), Refusal]);
export type UnwatchQrAnswer = z.infer<typeof UnwatchQrAnswer>;

export const WatchBlastRequest = z.strictObject({ blastId: Id });
export type WatchBlastRequest = z.infer<typeof WatchBlastRequest>;

export const WatchBlastAnswer = z
  .union([z.object({ success: z.literal(true), blast: Blast }), Refusal])
  .describe('The blast as it stands; what follows has a higher revision.');
export type WatchBlastAnswer = z.infer<typeof WatchBlastAnswer>;

export const UnwatchBlastAnswer = z.union([z.object({ success: z.literal(true) }), Refusal]);
export type UnwatchBlastAnswer = z.infer<typeof UnwatchBlastAnswer>;

export const IncidentChange = z
  .object({ incidentId: z.uuid(), open: z.boolean() })
  .describe(
    'An incident began, struck or let go of outlets, was taken care of, or is over: read it by its id. Told to whoever may see one of its outlets.',
  );
export type IncidentChange = z.infer<typeof IncidentChange>;

export const NodesChange = z
  .object({ at: Instant })
  .describe(
    'Among the nodes one came or went, beats or is silent, leaves, or owns more or less, as the node that tells saw it: read them again. To SUPERADMINs.',
  );
export type NodesChange = z.infer<typeof NodesChange>;

export const PlannedWorkChange = z
  .object({ at: Instant })
  .describe(
    'Work is planned, by an alert rule, for outlets of the reader for which it was not, or is not any more: read their timelines and uptime again.',
  );
export type PlannedWorkChange = z.infer<typeof PlannedWorkChange>;

/** What pages list or fill in that no other event tells of. */
export const RECORD_KINDS = [
  'profile',
  'user',
  'api-key',
  'webhook',
  'alert-rule',
  'push-subscription',
  'reconnect-link',
  'saved-message',
  'repeating-blast',
  'blast-policy',
] as const satisfies ActKind[];
export type RecordKind = (typeof RECORD_KINDS)[number];

export const RecordsChange = z
  .object({ kind: z.enum(RECORD_KINDS) })
  .describe(
    'Something of this kind was made, changed, paused or removed: read them again. Told to people who may read some of the kind, never to API keys; `profile` to the person it is of.',
  );
export type RecordsChange = z.infer<typeof RecordsChange>;

/** Facts, in the past tense. */
export const SERVER_EVENTS = {
  'outlet-status:snapshot': StatusSnapshot,
  'outlet-status:changed': StatusChange,
  'outlet-status:removed': StatusRemoval,
  'outlet-status:seen': StatusSeen,
  'outlet-qr:changed': QrChange,
  'outlet-pairing-code:changed': PairingCodeChange,
  'outlet-passkey:changed': PasskeyChange,
  'store:changed': StoreChange,
  'incident:changed': IncidentChange,
  'nodes:changed': NodesChange,
  'planned-work:changed': PlannedWorkChange,
  'records:changed': RecordsChange,
  'blast:progressed': BlastProgress,
  'blast-recipients:changed': RecipientChanges,
} as const;

/** Commands, in the imperative; each is acknowledged. */
export const CLIENT_EVENTS = {
  'outlet-status:resume': { request: ResumeRequest, answer: ResumeAnswer },
  'outlet-qr:watch': { request: WatchQrRequest, answer: WatchQrAnswer },
  'outlet-qr:unwatch': { request: WatchQrRequest, answer: UnwatchQrAnswer },
  'blast:watch': { request: WatchBlastRequest, answer: WatchBlastAnswer },
  'blast:unwatch': { request: WatchBlastRequest, answer: UnwatchBlastAnswer },
} as const;

export type ServerToClientEvents = {
  [Name in keyof typeof SERVER_EVENTS]: (fact: z.infer<(typeof SERVER_EVENTS)[Name]>) => void;
};

export type ClientToServerEvents = {
  [Name in keyof typeof CLIENT_EVENTS]: (
    request: z.infer<(typeof CLIENT_EVENTS)[Name]['request']>,
    answer: (answer: z.infer<(typeof CLIENT_EVENTS)[Name]['answer']>) => void,
  ) => void;
};
