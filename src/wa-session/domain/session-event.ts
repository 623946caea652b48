import type { ErrorCode } from '@koneksi/contracts/errors';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { Pressed } from '@koneksi/contracts/outlet-status-schema';
import type { PasskeyAssertion, PasskeyOptions } from '@koneksi/contracts/passkey';
import type { CloseCause } from './close-cause.js';
import type { NewChats } from './new-chats.js';
import type {
  CodeRefusal,
  LinkMethod,
  OutletSettings,
  PasskeyRefusal,
  SessionState,
  Urgency,
} from './session-state.js';
import type { SessionRecord } from './session-record.js';

/** Who asks, as history tells it. */
export type Presser = Pick<Pressed, 'kind' | 'name'>;

/** What people and the surroundings ask of a session. */
export type SessionCommand =
  /** The process starts and found this record and these credentials. */
  | { type: 'restore'; record: SessionRecord | null }
  | { type: 'connect'; method: LinkMethod; pressedBy?: Presser }
  | { type: 'pause'; by: string; pressedBy?: Presser }
  | { type: 'resume'; pressedBy?: Presser }
  | { type: 'logout'; pressedBy?: Presser }
  /** A passkey's word on what WhatsApp asked, made elsewhere. */
  | { type: 'passkey-handed-in'; assertion: PasskeyAssertion }
  /** This code is the same on the phone, or it shows none. */
  | { type: 'passkey-compared'; code: string }
  | { type: 'passkey-given-up' }
  /** The link that was to be left is where no login finds it. */
  | { type: 'set-aside' }
  /** Nobody can wait any longer for WhatsApp to be told: it is owed. */
  | { type: 'leave-later' }
  /** WhatsApp was told after all that the link to this number has ended. */
  | { type: 'leave-taken'; number: string }
  /** WhatsApp could not be told so far: the phone of this number lists a device nobody uses. */
  | { type: 'leave-owed'; number: string }
  /** A socket beside this session's is to take a leave that is owed; refused where the outlet has used up its allowance. */
  | { type: 'leave-begins' }
  | { type: 'settings-changed'; outlet: OutletSettings }
  | { type: 'watched'; watched: boolean }
  | { type: 'tick' }
  /** Someone changed the row behind our back; it said `found`. */
  | { type: 'drift-found'; found: OutletStatusName }
  /** The socket no longer proves what the session says. */
  | { type: 'proof-failed' }
  /** WhatsApp answers, but what it hands over is not processed any more. */
  | { type: 'inbound-stalled' }
  /** What stalled it again and again is acknowledged unread from now on. */
  | { type: 'mail-given-up' }
  | { type: 'store-lost' }
  | { type: 'store-back' }
  /** When the client version in use was last known to be the newest; milliseconds since the epoch. */
  | { type: 'client-known'; at: number | null }
  | { type: 'version-refreshed'; changed: boolean }
  /** The outlet is gone or the process ends. */
  | { type: 'stop'; unlink: boolean };

/** What one connection says; `connection` is its number. */
export type ConnectionEvent = { connection: number } &
  /** No place is free for the moment. */
  (
    | { type: 'queued' }
    | { type: 'started' }
    /** `roundMs` is how long this connection goes on showing QRs. */
    | { type: 'qr'; text: string; lifetimeMs: number; roundMs: number }
    | { type: 'code'; pairingCode: string }
    /** WhatsApp gives no code, or none that was typed; `seconds` is how long from now, where it says so. */
    | { type: 'code-refused'; code: CodeRefusal['code']; seconds: number | null }
    /** The account is protected: WhatsApp wants a passkey's signature before it links anything, and is to say over what. */
    | { type: 'passkey-demanded' }
    /** Over what; `null` where nobody can read it. */
    | { type: 'passkey-asked'; options: PasskeyOptions | null }
    /** Both sides agreed on a key; this is what a person compares. */
    | { type: 'passkey-code'; code: string }
    | { type: 'passkey-refused'; code: PasskeyRefusal | 'PASSKEY_EXPIRED' }
    /** `link` is the id of the credentials the phone agreed to. */
    | { type: 'paired'; link: string; number: string; name: string | null }
    | { type: 'opened'; number: string; name: string | null }
    /** `together`: how many links of this process were lost within the last second. */
    | { type: 'closed'; cause: CloseCause; together?: number }
    /** What came of `part`: whether WhatsApp confirmed that the device is gone. */
    | { type: 'parted'; told: boolean }
    /** What WhatsApp says of starting chats, or a part of it. */
    | { type: 'new-chats'; word: Partial<NewChats> }
    /** A sign of life of the phone itself, given then. */
    | { type: 'phone-seen'; at: number }
    | { type: 'credentials-unreadable' }
    | { type: 'store-failed' }
  );

export type SessionEvent = SessionCommand | ConnectionEvent;

/** What the edges do, in this order. */
export type Effect =
  /** Ends the socket there is, waits until it is gone, then opens this one; `beside` a link that is kept meanwhile. */
  | {
      type: 'open';
      connection: number;
      purpose: 'link' | 'login';
      method: LinkMethod;
      urgency?: Urgency;
      beside?: true;
    }
  | { type: 'close' }
  | { type: 'request-code'; connection: number }
  /** Hands a passkey's word to WhatsApp. */
  | { type: 'prove-passkey'; assertion: PasskeyAssertion }
  /** Asks to be linked under the key both agreed on by this code. */
  | { type: 'confirm-passkey'; code: string }
  /** Asks WhatsApp to remove this device, as far as a socket is open. */
  | { type: 'unlink'; number: string | null }
  /** The same without waiting; what came of it is told by `parted`. */
  | { type: 'part' }
  /** Sets the credentials aside for 24 hours; they are never deleted on the spot. WhatsApp is told by them after `owedInS`. */
  | { type: 'quarantine'; owedInS?: number }
  | { type: 'stock-pre-keys' }
  /** Remembers what held up all mail, before its connection is replaced. */
  | { type: 'note-stall' }
  | { type: 'refresh-version' }
  /** Writes the row even though the session did not change. */
  | { type: 'rewrite'; found: OutletStatusName };

/** Why a command was not obeyed. */
export type RefusalCode = Extract<
  ErrorCode,
  | 'OUTLET_PAUSED'
  | 'OUTLET_INACTIVE'
  | 'ALREADY_LINKED'
  | 'PASSKEY_NOT_ASKED'
  | 'PASSKEY_BUSY'
  | 'PASSKEY_OUTDATED'
  | 'PASSKEY_NOT_COMPARED'
  | 'PASSKEY_CODE_REPLACED'
  | 'TOO_MANY_ATTEMPTS'
>;

export interface Transition {
  state: SessionState;
  effects: Effect[];
  refusal?: RefusalCode;
}
