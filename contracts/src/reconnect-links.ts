import * as z from 'zod';
import { STATUS_NAMES } from './outlet-status.ts';
import { Reason } from './outlet-status-schema.ts';
import { ConnectRequest } from './outlets.ts';
import { Next } from './paging.ts';
import { PairingCodeChange, QrChange, Refusal } from './realtime.ts';

const Instant = z.iso.datetime();

const WEEK_MINUTES = 7 * 24 * 60;
/** What a link is good for unless it is asked for longer. */
export const DAY_MINUTES = 24 * 60;

/** The body of `POST /outlets/:id/reconnect-links`; without one the link is good for a day. */
export const CreateReconnectLink = z
  .strictObject({
    expiresInMinutes: z.int().min(1).max(WEEK_MINUTES).default(DAY_MINUTES).describe('At most a week.'),
  })
  .prefault({});
export type CreateReconnectLink = z.infer<typeof CreateReconnectLink>;

export const CreatedReconnectLink = z.object({
  id: z.uuid(),
  url: z.url().describe('For whoever holds the phone of the outlet; it is shown this once.'),
  expiresAt: Instant,
});
export type CreatedReconnectLink = z.infer<typeof CreatedReconnectLink>;

export const ReconnectLink = z.object({
  id: z.uuid(),
  createdAt: Instant,
  createdBy: z.object({ id: z.uuid(), name: z.string().describe('As it was then.') }),
  expiresAt: Instant,
  openedAt: Instant.nullable().describe('When somebody opened it first.'),
});
export type ReconnectLink = z.infer<typeof ReconnectLink>;

export const ReconnectLinkList = z.object({
  links: z.array(ReconnectLink).describe('Those that still open, newest first.'),
  next: Next,
});
export type ReconnectLinkList = z.infer<typeof ReconnectLinkList>;

/** The Socket.IO namespace for whoever has a link and no account: nothing of `/` reaches it. */
export const LINK_NAMESPACE = '/reconnect';

export const LinkedOutlet = z
  .object({
    outlet: z.object({
      name: z.string(),
      numberEnd: z.string().describe('The last four digits, by which staff know their phone.'),
    }),
    liveStatus: z.object({ status: z.enum(STATUS_NAMES) }),
    reason: Reason.pick({ code: true }).nullable(),
    revision: z.int().nonnegative(),
    at: Instant.describe('When this was told, by the clock of the server.'),
    nextRetryAt: Instant.nullable(),
  })
  .describe('All that a link tells of its outlet, on connect and whenever that changes.');
export type LinkedOutlet = z.infer<typeof LinkedOutlet>;

export const LINK_SERVER_EVENTS = {
  'reconnect-link:changed': LinkedOutlet,
  'outlet-qr:changed': QrChange,
  'outlet-pairing-code:changed': PairingCodeChange,
} as const;

export const LinkConnectAnswer = z
  .union([z.object({ success: z.literal(true) }), Refusal])
  .describe('That WhatsApp is asked; QR and code are pushed, and so is why there is none.');
export type LinkConnectAnswer = z.infer<typeof LinkConnectAnswer>;

export const LINK_CLIENT_EVENTS = {
  'reconnect-link:connect': { request: ConnectRequest, answer: LinkConnectAnswer },
} as const;

export type LinkServerEvents = {
  [Name in keyof typeof LINK_SERVER_EVENTS]: (fact: z.infer<(typeof LINK_SERVER_EVENTS)[Name]>) => void;
};

export type LinkClientEvents = {
  [Name in keyof typeof LINK_CLIENT_EVENTS]: (
    request: z.input<(typeof LINK_CLIENT_EVENTS)[Name]['request']>,
    answer: (answer: z.infer<(typeof LINK_CLIENT_EVENTS)[Name]['answer']>) => void,
  ) => void;
};
