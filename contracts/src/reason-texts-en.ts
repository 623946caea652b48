import { PHONE_NOT_TOLD, turnedAway, type ReasonCatalogue, type ReasonSentences } from './reason-catalogue.ts';
import type { ReasonParams } from './outlet-status-schema.ts';

/** What WhatsApp refuses without a word to us, so that only the phone can tell. */
const silentRefusals = (client: string, pinned?: string): string =>
  `look at what the phone says: it may have 4 linked devices already, its WhatsApp may be too old, or the WhatsApp Web version of Koneksi may be${pinned ? `, which the server fixes (WA_VERSION ${pinned})` : client && `, which is of ${client}`}.`;

/** Why an account is banned for a while, by WhatsApp's code. */
const BAN_CAUSES: Record<string, string> = {
  '101': ', for writing to too many people who do not know it',
  '102': ', as many recipients blocked it',
  '103': ', for making too many groups',
  '104': ', for sending the same message to too many people',
  '106': ', for sending too much by broadcast lists',
};

const RELINK = "Press Connect, then scan the QR or type the code with the outlet's phone; the old link is replaced.";

const REFUSALS: Record<string, ReasonSentences> = {
  '409': {
    message: 'WhatsApp refuses the kind of client Koneksi is.',
    action: 'Ask the system administrator to update Koneksi, then press Connect.',
  },
  '411': {
    message: 'This account cannot have linked devices yet.',
    action: "Update WhatsApp on the outlet's phone, then press Connect.",
  },
  '413': { message: 'WhatsApp says that the proof of this link has expired.', action: RELINK },
  '414': { message: 'WhatsApp says that the proof of this link is not valid.', action: RELINK },
  '415': { message: 'WhatsApp does not know this link.', action: RELINK },
};

const trying = (retries: boolean): string =>
  retries ? 'Koneksi keeps trying by itself.' : 'Koneksi is trying right now.';

/** The internet is blamed where no outlet gets to WhatsApp, and only guessed at where nobody can tell. */
function unreachable(params: ReasonParams, retries: boolean): ReasonSentences {
  const tries = trying(retries);
  const sent = turnedAway(params);
  switch (params.reach) {
    case 'alone':
      return {
        message: 'WhatsApp does not answer this outlet, while others are connected.',
        action: `The server's internet is fine. ${tries} If it stays so, press Connect or tell the system administrator.`,
      };
    case 'server':
      return {
        message: 'WhatsApp cannot be reached from this server, nor by any other outlet.',
        action: sent ? `WhatsApp turns us away for now. ${tries}` : `Check the server's internet connection. ${tries}`,
      };
    default:
      return {
        message: 'WhatsApp cannot be reached.',
        action: sent ? tries : `${tries} If it stays so, check the server's internet connection.`,
      };
  }
}

export const ENGLISH_REASONS: ReasonCatalogue = {
  PAIRING: () => ({
    message: 'Waiting for the device to be linked.',
    action: "On the outlet's phone open WhatsApp, Linked devices, then scan the QR or type the code.",
  }),
  LINKING: () => ({ message: 'The phone agreed; the device is being linked.', action: 'Wait a few seconds.' }),
  RECONNECTING: ({ attempt }, _, retries) => ({
    message: attempt ? `Reconnecting, attempt ${attempt}.` : 'Reconnecting.',
    action: retries ? 'Nothing to do; Koneksi tries again by itself.' : 'Nothing to do; Koneksi is trying right now.',
  }),
  DEGRADED: () => ({
    message: 'WhatsApp no longer answers on this connection.',
    action: 'Nothing to do; the connection is being replaced.',
  }),
  WAITING_TURN: (_, __, retries) => ({
    message: 'Waiting for its turn to connect.',
    action: retries ? 'Nothing to do; Koneksi connects when its turn comes.' : 'Nothing to do; it stands in line.',
  }),
  WHATSAPP_UNREACHABLE: (params, _, retries) => unreachable(params, retries),
  QR_EXPIRED: ({ method, clientSince, pinned }, when) =>
    method === 'pairing-code'
      ? {
          message: 'The code ran out, and WhatsApp said nothing.',
          action: `Press Connect for a new code. If it was typed, ${silentRefusals(when(clientSince), pinned)}`,
        }
      : {
          message: 'The QR ran out, and WhatsApp said nothing.',
          action: `Press Connect for a new QR. If it was scanned, ${silentRefusals(when(clientSince), pinned)}`,
        },
  STORE_DOWN: (_, __, retries) => ({
    message: "Koneksi's database does not answer.",
    action: `Tell the system administrator. ${retries ? 'The link returns by itself once the database is back.' : 'Koneksi is trying right now.'}`,
  }),
  LOGGED_OUT: () => ({
    message: 'The link was removed on the phone or by WhatsApp.',
    action: "Press Connect, then scan the QR or type the code with the outlet's phone.",
  }),
  REPLACED: (_, __, retries) => ({
    message: 'This session is in use somewhere else.',
    action: retries
      ? 'Make sure no other server uses this session. Koneksi tries once more by itself.'
      : 'Make sure no other server uses this session, then press Connect.',
  }),
  REMOVED_BY_WHATSAPP: () => ({
    message: 'The link was removed soon after it was made, usually by WhatsApp itself.',
    action:
      "Look in WhatsApp on the outlet's phone for a notice, wait some minutes, then press Connect and link it again.",
  }),
  PHONE_AWAY: () => ({
    message: "WhatsApp removed the link: the outlet's phone was not online for 14 days.",
    action: "Switch the outlet's phone on and bring it online, then press Connect and scan the QR or type the code.",
  }),
  PASSKEY_REQUIRED: () => ({
    message: "WhatsApp asks for this account's passkey, so it was not linked.",
    action:
      "Remove the passkey on the outlet's phone (Settings, Account, Passkeys), press Connect and link it once more. If WhatsApp then asks to create a new one, this number cannot be linked for now: tell the system administrator, and do not delete the account.",
  }),
  BLOCKED: () => ({
    message: 'WhatsApp closed this link: the account is locked or moved to a new phone.',
    action:
      'Press Connect, then scan the QR or type the code with the phone the outlet has now. If WhatsApp on it says the number is blocked, ask for a review there first.',
  }),
  BANNED: () => ({
    message: 'WhatsApp has banned this number.',
    action:
      "Open WhatsApp on the outlet's phone and ask for a review. Once the number works there again, press Connect: it connects by itself, or shows a QR to scan.",
  }),
  RESTRICTED: ({ until, detail: code = '' }, when, retries) => ({
    message: `WhatsApp restricts this number${until ? ` until ${when(until)}` : ''}${BAN_CAUSES[code] ?? ''}.`,
    action: until
      ? `Wait until the restriction ends${retries ? '; Koneksi reconnects by itself after that' : ', then press Connect'}.`
      : "WhatsApp does not say until when. Look in WhatsApp on the outlet's phone, and press Connect once it is lifted.",
  }),
  OUTDATED: ({ pinned }, _, retries) => ({
    message: 'WhatsApp refuses this version of the client.',
    action: pinned
      ? `Tell the system administrator: the version is fixed (WA_VERSION ${pinned}). Take WA_VERSION away or raise it, restart Koneksi, then press Connect.`
      : `Ask the system administrator to update Koneksi${retries ? '. Koneksi asks for a newer version and tries again by itself' : ', then press Connect'}.`,
  }),
  CONFIG_ERROR: (params) =>
    REFUSALS[params.detail ?? ''] ?? {
      message: 'The account or server settings do not suit WhatsApp.',
      action: 'Tell the system administrator, then press Connect.',
    },
  WRONG_NUMBER: ({ number, detail }) => ({
    message: number
      ? `The link belongs to +${number}, which is not this outlet's number.${detail === PHONE_NOT_TOLD ? ' WhatsApp could not be told that it has ended.' : ''}`
      : "The link belongs to another number than this outlet's.",
    action: "Press Connect, then scan the QR or type the code with the phone that has the outlet's number.",
  }),
  NEVER_LINKED: () => ({
    message: 'This outlet has never been linked.',
    action: "Press Connect, then scan the QR or type the code with the outlet's phone.",
  }),
  UNLINKED: ({ detail }) =>
    detail === PHONE_NOT_TOLD
      ? {
          message: 'The link was removed from Koneksi, but WhatsApp could not be told.',
          action: 'To link again, press Connect.',
        }
      : {
          message: 'The link was removed from Koneksi.',
          action: 'Press Connect, then scan the QR or type the code to link again.',
        },
  AUTO_RECONNECT_OFF: () => ({
    message: 'Offline, and automatic reconnecting is switched off.',
    action: 'Press Connect, or switch automatic reconnecting on.',
  }),
  INACTIVE: () => ({
    message: 'This outlet is deactivated.',
    action: 'An administrator can activate it on the Outlets page.',
  }),
  PAUSED_BY: ({ by, at }, when) => ({
    message: `Paused${by ? ` by ${by}` : ''}${at ? ` on ${when(at)}` : ''}.`,
    action: 'Press Resume to connect again.',
  }),
};
