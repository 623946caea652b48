import type { LeftBehind, NewChatRules, PresenceSeen } from '../accounts/account.js';
import type { HistoryFile, HistoryOptions } from '../accounts/history.js';
import type { Faults } from '../faults/faults.js';

export type { HistoryFile, HistoryOptions, NewChatRules, PresenceSeen };

/** A companion linked to a phone. */
export interface LinkedDevice {
  /** 1 to 255; 0 is the phone itself. */
  id: number;
  /** E.g. `628123:5@s.whatsapp.net`. */
  jid: string;
  /** What the phone lists it as under linked devices: `DeviceProps` of its registration (WhiskeySockets/Baileys#2409). */
  name: string;
  /** The kind of client it registered as, by the same: `CHROME`, `DESKTOP`. */
  platform: string;
  /** Milliseconds since the epoch. */
  linkedAt: number;
  /** Logged in right now, as far as the service knows. */
  online: boolean;
  /** Counts as available: the phone shows no notifications meanwhile. */
  available: boolean;
  /** When it last began or ceased to be available; null for never. Milliseconds since the epoch, by the simulator's clock. */
  lastAvailableAt: number | null;
  /** How much mail it has not acknowledged yet: it comes again at the next login. */
  unacknowledged: number;
}

/** A file that came with a message, downloaded and decrypted. */
export interface ReceivedFile {
  kind: 'image' | 'video' | 'document';
  mimeType: string;
  /** Documents have one. */
  fileName: string | null;
  content: Buffer;
  /** What is shown of a film before it is downloaded. */
  film: Film | null;
}

/** Seconds and pixels; 0 where the sender says nothing. */
export interface Film {
  seconds: number;
  width: number;
  height: number;
  thumbnail: Buffer | null;
}

/** What is shown above the words, as the sender made it (`ExtendedTextMessage` of the `WAProto` that Baileys brings). */
export interface Preview {
  matchedText: string;
  title: string;
  description: string;
}

/** A message a phone decrypted with libsignal. */
export interface ReceivedMessage {
  id: string;
  /** The sender's number. */
  from: string;
  /** Text or caption; empty for anything without. */
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** How often the phone had to ask for it again. */
  retries: number;
  /** Of a link in the text. */
  preview: Preview | null;
  /** The picture or document; `null` where there is none, or it could not be downloaded. */
  file: ReceivedFile | null;
}

/** A message one of the phone's own companions sent, as the phone got its copy. */
export interface SentCopy {
  id: string;
  /** The number written to, or the jid as addressed when that is nobody's number. */
  to: string;
  text: string;
  at: number;
}

/** What a phone did about messages that others sent it while it was on. */
export interface Notifications {
  rung: number;
  silenced: number;
}

/** What a phone sends back by itself for messages it received. `read` includes delivery. */
export type ReceiptMode = 'none' | 'delivered' | 'read';

/** Which jid a phone's messages come from: the phone number, or the LID, as WhatsApp does more and more. */
export type Addressing = 'pn' | 'lid';

export type UndecryptableKind = 'person' | 'bot' | 'bot-answer' | 'group' | 'unknown';

/** Somebody's phone: it scans, writes, reads, and can be switched off. */
export interface Phone {
  readonly number: string;
  readonly lid: string;
  /** The name messages carry (`notify`). */
  name: string;
  readonly device: string;
  readonly platform: 'android' | 'iphone';
  readonly business: boolean;
  readonly online: boolean;
  readonly devices: LinkedDevice[];
  /**
   * Scans the QR a companion shows (`connection.update` `qr`). Resolves when the companion's
   * countersignature was verified; it is then sent away with 515 and logs in.
   * Rejects with a SimulatorError: QR_MALFORMED, QR_EXPIRED, QR_MISMATCH, PHONE_OFFLINE, TOO_MANY_DEVICES, LINKING_REFUSED,
   * PASSKEY_EXPIRED or DEVICE_REFUSED.
   */
  scan(qr: string): Promise<LinkedDevice>;
  /**
   * Types the 8-character code a companion shows (`requestPairingCode`); dashes and case do not matter.
   * Rejects with CODE_NOT_EXPECTED, CODE_EXPIRED, CODE_WRONG, PHONE_OFFLINE, TOO_MANY_DEVICES, LINKING_REFUSED,
   * PASSKEY_EXPIRED or DEVICE_REFUSED.
   */
  enterCode(code: string): Promise<LinkedDevice>;
  /**
   * "Log out this device", or all: a connected one gets `<stream:error code="401"><conflict type="device_removed"/>`,
   * a later login `<failure reason="401"/>`; Baileys shows 401 for both. Throws DEVICE_UNKNOWN.
   */
  unlink(deviceId?: number): void;
  /**
   * The account moves to another phone, with keys of its own: the companions' lines end, and their logins get 403 for
   * ever (tulir/whatsmeow types/events: "primary device was logged out"). The new phone links them anew. With `406`, the
   * account was banned, and its number registered anew since (the same, `IsLoggedOut`).
   */
  moveToNewPhone(refusal?: LeftBehind): void;
  /** When it was last on, by the simulator's clock: now while it is. Milliseconds since the epoch. */
  readonly lastSeenAt: number;
  /**
   * An offline phone scans nothing and receives nothing; what came meanwhile is delivered when it is back. After 14 days
   * its companions are unlinked (faq.whatsapp.com/378279804439436).
   */
  setOnline(online: boolean): void;
  /**
   * Writes to the account with number `companion`: encrypted for each of its linked devices, for its
   * phone, and as copies for this phone's own companions. Resolves when it was handed over, which for
   * a device that is not connected means: queued. An empty text is a sticker; `quotes` is the id of the message it
   * answers. Rejects with NOT_REGISTERED or PHONE_OFFLINE.
   */
  send(companion: string, text: string, options?: { quotes?: string }): Promise<{ id: string }>;
  /**
   * Posts a status that the companions of the account with number `companion` cannot decrypt. Until each acknowledges it
   * plainly, what comes after waits: an ack with an error leaves it first in the queue (WhiskeySockets/Baileys#2779).
   * Throws NOT_REGISTERED or PHONE_OFFLINE.
   */
  postUnreadableStatus(companion: string): { id: string };
  /**
   * Writes in a group that the account with number `companion` is in: once for all readers, under a sender key of this
   * phone's (`skmsg`), which goes along with the first message to each device. Rejects with NOT_REGISTERED or PHONE_OFFLINE.
   */
  sendToGroup(group: string, companion: string, text: string): Promise<{ id: string }>;
  /**
   * Mail that rc14 acknowledges without decrypting it, or cannot decrypt: `bot` comes from a bot, `bot-answer` is
   * encrypted under a secret of the question (`msmsg`), `group` under a key nobody was sent, `unknown` in a way nobody
   * knows (rc14 `Utils/decode-wa-message.js`, `Socket/messages-recv.js` `handleMessage`). Throws NOT_REGISTERED or
   * PHONE_OFFLINE.
   */
  postUndecryptable(companion: string, kind: UndecryptableKind): { id: string };
  /** What this phone decrypted, oldest first; the last 10,000. */
  readonly inbox: readonly ReceivedMessage[];
  /** What its companions sent, as its copies told it; the last 10,000. */
  readonly sent: readonly SentCopy[];
  /**
   * Every `<presence>` its companions sent, oldest first; the last 10,000. One without a type counts as available
   * (WhiskeySockets/Baileys#893, #2553, #2740).
   */
  readonly presences: readonly PresenceSeen[];
  /**
   * How often it rang for a message, and how often it kept quiet because a companion was available
   * (evolution-foundation/evolution-api#2469, rmyndharis/OpenWA#1057).
   */
  readonly notifications: Readonly<Notifications>;
  /** Faults of this account only. */
  readonly faults: Faults;
  /**
   * What the account's companions are told when they ask whether it may start chats. Default: no limits. While it is
   * locked, a first message to a stranger is answered 463. Setting this pushes nothing.
   */
  newChats: NewChatRules;
  /** Changes them and tells the companions at once, as WhatsApp does (WhiskeySockets/Baileys#2442, #2445). */
  pushNewChats(rules: Partial<NewChatRules>): void;
  /** How many answers about them are held (`newChats.answers`). */
  readonly heldAnswers: number;
  /** Lets those go, as they were when they were asked for. */
  releaseAnswers(): void;
  /**
   * Whether a scan or code is not enough: the companion is then asked for a passkey of the account, and the scan resolves
   * when that was used (tulir/whatsmeow pair-passkey.go, WhiskeySockets/Baileys#2672). Default false.
   */
  demandsPasskey: boolean;
  /**
   * What a browser yields for the `<passkey_request_options>` a companion was sent, on a page of `origin` (default
   * https://web.whatsapp.com). Throws PASSKEY_REFUSED for a page of another site, or where the account has none.
   */
  assertPasskey(options: string, origin?: string): string;
  /**
   * What it shares with a companion that links from now on (rmyndharis/OpenWA#456, devlikeapro/waha#1826); null, the
   * default, for a new account without a past.
   */
  history: HistoryOptions | null;
  /** What it shared last, and how often each file was downloaded. */
  readonly historyFiles: readonly (HistoryFile & { downloads: number })[];
  /**
   * Whether messages to or from the account need a `<tctoken>` its receiver issued, or a right `<cstoken>`; those without
   * are answered 463 (evolution-foundation/evolution-go#50, tulir/whatsmeow cstoken.go). Default false.
   */
  demandsTokens: boolean;
  /**
   * Lets an account write to this one: its companions get a token by `<notification type="privacy_token">`. A phone does
   * so by itself when it writes, once a week for each person. Throws NOT_REGISTERED.
   */
  issueToken(companion: string): void;
  /** The salt of `<cstoken>`, as the first login's history brings it. */
  readonly nctSalt: Uint8Array;
  /** Takes another salt; companions learn it by app state (`nct_salt_sync`, tulir/whatsmeow cstoken.go). */
  renewNctSalt(): void;
  /**
   * Known by LID alone: messages come from the LID and name no number, as those of people with a username do since June
   * 2026 (tulir/whatsmeow 4f8f64e0). That the next message tells the number once it is set back is chosen here. Default
   * false.
   */
  hidesNumber: boolean;
  /** Default 'delivered'. */
  receipts: ReceiptMode;
  /** Default 'pn'. */
  addressing: Addressing;
  /**
   * Whether it answers its copy of what a companion sent with a `sender` receipt (tulir/whatsmeow receipt.go). Default
   * true, as real phones do, though rc14 lets one that follows a delivery in the same moment take the place of that.
   */
  confirmsCopies: boolean;
}
