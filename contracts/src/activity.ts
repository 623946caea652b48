import * as z from 'zod';
import { Id } from './id.ts';
import { RequestInstant } from './instant.ts';
import { Next, pages } from './paging.ts';

/** What people, keys and links do that changes something: by what it is done to, then the act. */
export const ACTS = {
  'sign-in': ['started', 'ended', 'codes-guessed'],
  profile: [
    'changed',
    'password-changed',
    'password-reset',
    'second-factor-on',
    'second-factor-off',
    'recovery-codes-renewed',
  ],
  user: ['created', 'changed', 'removed', 'second-factor-off'],
  'api-key': ['created', 'removed'],
  outlet: [
    'created',
    'changed',
    'removed',
    'restored',
    'purged',
    'connected',
    'paused',
    'resumed',
    'unlinked',
    'passkey-handed-in',
    'passkey-confirmed',
    'passkey-given-up',
    'blast-settings-changed',
  ],
  outlets: ['imported'],
  'reconnect-link': ['created', 'revoked', 'started', 'used'],
  contact: ['created', 'changed', 'removed'],
  contacts: ['removed', 'restored', 'purged', 'imported', 'uploaded', 'discarded'],
  'opt-out': ['recorded', 'revoked', 'imported'],
  'held-wish': ['decided'],
  customer: ['erased'],
  incident: ['acknowledged'],
  blast: ['created', 'tested', 'started', 'paused', 'resumed', 'cancelled', 'retried', 'resolved', 'file-uploaded'],
  'blast-policy': ['changed'],
  'repeating-blast': ['created', 'paused', 'resumed', 'stopped'],
  'saved-message': ['created', 'changed', 'removed'],
  message: ['sent'],
  webhook: ['created', 'changed', 'removed', 'secret-rotated', 'tested', 'redriven'],
  'alert-rule': ['created', 'changed', 'removed', 'tested'],
  'alert-channel': ['tested'],
  'push-subscription': ['created', 'removed', 'tested'],
  'client-version': ['refreshed'],
  node: ['drained', 'returned'],
  demo: ['played'],
} as const;

export type ActKind = keyof typeof ACTS;
export const ACT_KINDS = Object.keys(ACTS) as ActKind[];
export type ActName = { [Kind in ActKind]: `${Kind}.${(typeof ACTS)[Kind][number]}` }[ActKind];
export const ACT_NAMES = ACT_KINDS.flatMap((kind) => ACTS[kind].map((act) => `${kind}.${act}` as ActName));

/** Of a name such as `outlet.paused`. */
export const actKindOf = (name: ActName): ActKind => name.slice(0, name.lastIndexOf('.')) as ActKind;

export const ActChange = z.object({
  field: z.string(),
  before: z.unknown().describe('`null` where there was nothing, or where it is hidden; long ones are cut.'),
  after: z.unknown(),
  hidden: z.boolean().describe('It was changed, and what it holds is never written down: passwords, texts, secrets.'),
});
export type ActChange = z.infer<typeof ActChange>;

const Actor = z.object({
  id: z.uuid(),
  kind: z.enum(['user', 'api-key', 'reconnect-link']),
  name: z.string().describe('As it was then; of a reconnect link, who made it.'),
});

export const Activity = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  action: z.enum(ACT_NAMES),
  outcome: z
    .enum(['done', 'unknown'])
    .describe('`unknown`: it was begun, and nobody has told yet how it ended; Koneksi may have died over it.'),
  actor: Actor.nullable().describe('`null` where nobody knows who, as at the end of a sign-in that was over.'),
  address: z.string().nullable().describe('The IP address it came from.'),
  agent: z.string().nullable().describe('The browser or program, in short.'),
  subject: z.object({
    kind: z.enum(ACT_KINDS),
    id: z.string().nullable(),
    name: z.string().nullable().describe('As it was then; it outlives what it names, but not an erased customer.'),
  }),
  outletIds: z.array(z.uuid()).describe('The outlets it was about.'),
  changes: z.array(ActChange),
  times: z
    .int()
    .optional()
    .describe(
      'Of a line for several: how many. Of what an actor does beyond 500 times a day there is one line an hour.',
    ),
  until: z.iso.datetime().optional().describe('Of a line for several: when the last was done.'),
});
export type Activity = z.infer<typeof Activity>;

const filters = {
  actor: z.string().trim().min(1).max(200).optional().describe('The id of a user or key, or a part of a name.'),
  outletId: Id.optional(),
  kind: z.enum(ACT_KINDS).optional().describe('What it was done to.'),
  action: z.enum(ACT_NAMES).optional(),
  search: z.string().trim().min(1).max(200).optional().describe('A part of the name of what it was done to.'),
  from: RequestInstant.optional(),
  to: RequestInstant.optional().describe('Before this.'),
};

export const ActivityFileQuery = z.strictObject(filters);
export type ActivityFileQuery = z.infer<typeof ActivityFileQuery>;

export const ActivityQuery = z.strictObject({ ...filters, ...pages(200, 50) });
export type ActivityQuery = z.infer<typeof ActivityQuery>;

export const ActivityPage = z.object({ items: z.array(Activity).describe('Newest first.'), next: Next });
export type ActivityPage = z.infer<typeof ActivityPage>;
