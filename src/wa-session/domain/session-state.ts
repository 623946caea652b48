import type { ErrorCode } from '@koneksi/contracts/errors';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { PasskeyOptions } from '@koneksi/contracts/passkey';
import type { LinkFacts } from './link-facts.js';
import type { OwedLeave } from './owed-leaves.js';
import type { Others } from './reach.js';

/** What people set for an outlet; the session obeys it, and tells what it does not need along with its status. */
export interface OutletSettings {
  name: string;
  /** Digits with country code. */
  number: string;
  isActive: boolean;
  autoReconnect: boolean;
  city: string | null;
  tags: readonly string[];
}

export type LinkMethod = 'qr' | 'pairing-code';

/** How the last link, or a try at one, ended. */
export interface Ending {
  code: ParkCode | 'UNLINKED';
  params: ReasonParams;
  /** When. Wall time, milliseconds. */
  at: number;
  /** The account it happened to: digits with country code. */
  number: string;
  /** What it left of the link: credentials that are still good, none any more, or there were none. */
  link: 'kept' | 'gone' | 'none';
  /** Until when it keeps Koneksi from logging in by itself; `null` where only a person ends that. Wall time. */
  retryAt: number | null;
}

/** What came of trying to link since the last link was made: facts, each for as long as it says something of the outlet. */
export interface LinkTries {
  /** What WhatsApp refused the last of them with. */
  readonly refusal: Ending | null;
  /** Codes that ran out without a word of a phone, and for which number they were. */
  readonly ranOut: { readonly method: LinkMethod; readonly number: string } | null;
  readonly codeLimit: CodeLimit | null;
}

/** WhatsApp gives this number no pairing code before `until`. Wall time, milliseconds. */
export interface CodeLimit {
  readonly number: string;
  /** When it said so. */
  readonly at: number;
  readonly until: number;
  /** Where it did not say for how long: the time is ours, by experience. */
  readonly guessed?: true;
}

export type RestCode = 'NEVER_LINKED' | 'UNLINKED' | 'AUTO_RECONNECT_OFF' | 'INACTIVE';

export type ParkCode =
  | 'LOGGED_OUT'
  | 'REMOVED_BY_WHATSAPP'
  | 'PHONE_AWAY'
  | 'PASSKEY_REQUIRED'
  | 'REPLACED'
  | 'BLOCKED'
  | 'BANNED'
  | 'RESTRICTED'
  | 'OUTDATED'
  | 'CONFIG_ERROR'
  | 'WRONG_NUMBER';

/** Why a socket is being opened, shown while it is. */
export type OpeningCode = 'PAIRING' | 'LINKING' | 'RECONNECTING' | 'DEGRADED' | 'WHATSAPP_UNREACHABLE' | 'STORE_DOWN';

export type WaitingCode = 'RECONNECTING' | 'WHATSAPP_UNREACHABLE' | 'STORE_DOWN' | 'WAITING_TURN';

/** Who goes first where not all can at once: a person's wish, a link that just dropped, everything else. */
export type Urgency = 'person' | 'first' | 'later';

/** What an outlet has used up of its allowance of sockets, as of a moment of the monotonic clock. */
export interface Opens {
  readonly spent: number;
  readonly at: number;
  /** What it may use at once, and again each minute. */
  readonly allowance: number;
}

export interface ShownQr {
  text: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Why WhatsApp gave no pairing code; the QR is shown all the same. */
export interface CodeRefusal {
  code: Extract<ErrorCode, 'PAIRING_CODE_REFUSED' | 'PAIRING_CODE_LIMITED' | 'WHATSAPP_UNREACHABLE'>;
  /** Before that WhatsApp gives none; milliseconds since the epoch, `null` where there is no such time. */
  retryAt: number | null;
  /** Where that time is ours, by experience, and WhatsApp said none. */
  guessed?: true;
}

/** Why an assertion, or what followed it, was not taken. */
export type PasskeyRefusal = Extract<ErrorCode, 'PASSKEY_REFUSED' | 'PASSKEY_UNANSWERED'>;

/** WhatsApp wants a passkey's word before it links, and waits for it on the connection that is open. */
export interface Ceremony {
  /** `null` until WhatsApp has said over what. */
  readonly options: PasskeyOptions | null;
  /** When WhatsApp waits no longer; waited for. */
  readonly endsAt: number;
  /** Assertions that were refused. */
  readonly refusals: number;
  /** Before that none is handed on; monotonic. */
  readonly nextTryAt: number;
  readonly step: CeremonyStep;
}

export type CeremonyStep =
  | { name: 'asked'; refused: PasskeyRefusal | null }
  /** WhatsApp has the assertion, then the phone goes on. */
  | { name: 'proving'; answerBy: number }
  /** Until a person says that both codes are the same, or that the phone shows none. */
  | { name: 'comparing'; code: string }
  /** WhatsApp has what we want to be linked as. */
  | { name: 'confirming'; answerBy: number };

/** Instants are milliseconds since the epoch: by the monotonic clock where they are waited for, by the wall where they are told. */
export type Phase =
  /** No socket and none wanted. */
  | { name: 'resting'; code: RestCode; params?: ReasonParams }
  /** `at` by the wall. */
  | { name: 'paused'; by: string; at: number }
  /** Needs a person, or a moment far away (`retryAt`, by the wall). */
  | {
      name: 'parked';
      code: ParkCode;
      params: ReasonParams;
      retryAt: number | null;
      /** While WhatsApp waits for a passkey's word the connection stays. */
      ceremony?: Ceremony;
    }
  /** Nothing was heard of a phone until the codes ran out. */
  | { name: 'expired'; method: LinkMethod }
  /** Between two attempts. */
  | {
      name: 'waiting';
      purpose: 'link' | 'login';
      method: LinkMethod;
      code: WaitingCode;
      detail: string | null;
      retryAt: number;
      /** What is opened then, and how urgently, where the outlet waits for its turn. */
      then?: OpeningCode;
      urgency?: Urgency;
    }
  /** A socket is queued (`openBy` null) or on its way to QR or open. */
  | {
      name: 'opening';
      purpose: 'link' | 'login';
      method: LinkMethod;
      code: OpeningCode;
      detail: string | null;
      openBy: number | null;
      /** Whether it waits for a place among all outlets. */
      inQueue?: boolean;
    }
  /** WhatsApp waits for the phone. */
  | {
      name: 'pairing';
      method: LinkMethod;
      qr: ShownQr | null;
      /** Whether WhatsApp is being asked for a code. */
      asked: boolean;
      pairingCode: ShownQr | null;
      /** When WhatsApp ends the connection, and with it the last QR and every code; waited for. */
      endsAt: number;
    }
  /** Logged out by a person; WhatsApp is being told, so that the phone lists the device no longer. */
  | { name: 'parting'; until: number }
  /** The phone accepted; WhatsApp will ask for a restart. */
  | { name: 'linking'; until: number }
  | { name: 'online'; openedAt: number };

export interface SessionState {
  readonly outletId: string;
  readonly outlet: OutletSettings;
  readonly phase: Phase;
  /** Number of the newest connection; what older ones still say is dropped. */
  readonly connection: number;
  /** The phone number the stored credentials belong to; `null` where there are none. */
  readonly linkedNumber: string | null;
  /** When the phone agreed to that link; `null` where it is not known. */
  readonly linkedAt: number | null;
  readonly sessionName: string | null;
  /** Wall time; it never moves back. */
  readonly lastSeen: number | null;
  /** How the last link ended: a fact until a login succeeds. */
  readonly lastEnding: Ending | null;
  readonly tries: LinkTries;
  /** Whether a link that is to be left may still be found where links are kept: its row is written before it is set aside. */
  readonly leaving: boolean;
  /** Links we ended that WhatsApp could not be told of so far; their phones go on listing them. */
  readonly owed: readonly OwedLeave[];
  /** Whether a login ever succeeded; this is never forgotten. */
  readonly everLinked: boolean;
  /** When what is told now, status and reason, began. Wall time. */
  readonly since: number;
  /** Wall time minus monotonic time, in milliseconds: it changes when the machine slept or its clock was set. */
  readonly skew: number;
  readonly opens: Opens;
  /** As of the last event. */
  readonly others: Others;
  /** Attempts since the last stable open. */
  readonly failures: number;
  /** When WhatsApp last said "replaced", to whichever process had the session. */
  readonly lastConflictAt: number | null;
  /** QR rounds since a person asked. */
  readonly qrRounds: number;
  /** What became of the last wish for a code, where it was refused. */
  readonly codeRefused: CodeRefusal | null;
  /** Whether someone looks at the QR right now. */
  readonly watched: boolean;
  readonly facts: LinkFacts;
  /** Source of jitter, so that the machine stays pure. */
  readonly seed: number;
}
