import { randomBytes } from 'node:crypto';
import { formatJid } from '../wire/jid.js';
import type { HistoryFile, HistoryOptions } from './history.js';
import type { Device } from './device.js';
import type { Passkey } from './passkey.js';
import { PhoneKeys } from './phone-keys.js';

export interface Profile {
  name: string;
  /** The handset's model, for people to read. */
  device: string;
  platform: 'android' | 'iphone';
  business: boolean;
}

/** What WhatsApp says of starting chats when the account asks. */
export interface NewChatRules {
  /** No new chats before. Milliseconds since the epoch, told in whole seconds; `null` where there is no lock. */
  lockedUntil: number | null;
  /** How many messages to strangers are allowed, how many were sent, and when counting begins anew; `null` where none are counted. */
  quota: { used: number; total: number; endsAt: number } | null;
  /** Why, in WhatsApp's own words; default 'DEFAULT'. */
  enforcementType?: string;
  /** Whether the end of a lock is told; default true. WhatsApp Web takes one without for now and 60 s. */
  tellsEnd?: boolean;
  /** Whether the companions are told when they ask; default true. A lock can hold that the query knows nothing of (devlikeapro/waha#2219). */
  isAnswered?: boolean;
  /** Each is a query of its own: what becomes of the answers to one of them, where it is not simply told. */
  answers?: Partial<Record<'lock' | 'quota', 'refused' | 'held'>>;
}

/** A `<presence>` a companion sent. */
export interface PresenceSeen {
  device: number;
  /** As on the wire; null where it had none, which WhatsApp takes for available. */
  type: string | null;
  name: string | null;
  /** Milliseconds since the epoch, by the simulator's clock. */
  at: number;
}

/** One app state collection: how often it was written, and by what. */
export interface AppStateCollection {
  version: number;
  patches: Buffer[];
}

/** Device ids are one byte on the wire; 99 means "hosted" and Baileys refuses it for anyone else. */
const MAX_DEVICE_ID = 255;
const HOSTED_DEVICE_ID = 99;

/**
 * 403 where the account moved to a new phone, 406 where it was banned and then registered anew (tulir/whatsmeow
 * `types/events`, `IsLoggedOut`).
 */
export type LeftBehind = '403' | '406';

/** A registered number: its phone's keys, its linked devices, its app state. Data only; it sends nothing. */
export class Account {
  readonly devices = new Map<number, Device>();
  /** Answers that are held, as they were when they were asked for. */
  readonly heldAnswers: (() => void)[] = [];
  newChats: NewChatRules = { lockedUntil: null, quota: null };
  /** Numbers that wrote to this one: nobody who has not is anything but a stranger, however often written to. */
  readonly heardFrom = new Set<string>();
  /** Since when its phone is switched off, by the simulator's clock; null while it is on. */
  awaySince: number | null = null;
  /** What its phone shares with a companion that links (rmyndharis/OpenWA#456); null for a new account without a past. */
  history: HistoryOptions | null = null;
  /** What it shared last. */
  historyFiles: HistoryFile[] = [];
  /** Messages to it and from it need a token. */
  demandsTokens = false;
  /** Its messages name no number (tulir/whatsmeow 4f8f64e0). */
  hidesNumber = false;
  /** By number: what lets somebody write to this account, and since when in seconds. */
  readonly tokensIssued = new Map<string, { token: Buffer; t: number }>();
  private salt: Buffer | undefined;
  /** Without it nobody is linked; null where a scan is enough. */
  passkey: Passkey | null = null;
  /** Noise keys, in base64, of companions it had before, and with what each is turned away for good. */
  readonly leftBehind = new Map<string, LeftBehind>();
  readonly presences: PresenceSeen[] = [];
  readonly appState = new Map<string, AppStateCollection>();
  private lastKeyIndex = 0;
  private lastDeviceId = 0;
  private phoneKeys: PhoneKeys | undefined;

  constructor(
    readonly number: string,
    readonly lid: string,
    public profile: Profile,
    private readonly now: () => number,
  ) {}

  get jid(): string {
    return formatJid(this.number, 's.whatsapp.net');
  }

  get lidJid(): string {
    return formatJid(this.lid, 'lid');
  }

  /** Created at first use: a number that is only looked up costs no key generation. */
  get keys(): PhoneKeys {
    this.phoneKeys ??= PhoneKeys.generate(this.now());
    return this.phoneKeys;
  }

  /** What tokens for people who issued none are made with. */
  get nctSalt(): Buffer {
    this.salt ??= randomBytes(32);
    return this.salt;
  }

  set nctSalt(salt: Buffer) {
    this.salt = salt;
  }

  get hasSalt(): boolean {
    return this.salt !== undefined;
  }

  get hasKeys(): boolean {
    return this.phoneKeys !== undefined;
  }

  restoreKeys(keys: PhoneKeys): void {
    this.phoneKeys = keys;
  }

  deviceJid(device: number): string {
    return formatJid(this.number, 's.whatsapp.net', device);
  }

  deviceLidJid(device: number): string {
    return formatJid(this.lid, 'lid', device);
  }

  /** The id for the next linked device, never given twice in a row; undefined when all are taken. */
  takeDeviceId(): number | undefined {
    for (let step = 1; step <= MAX_DEVICE_ID; step++) {
      const id = ((this.lastDeviceId + step - 1) % MAX_DEVICE_ID) + 1;
      if (id === HOSTED_DEVICE_ID || this.devices.has(id)) continue;
      this.lastDeviceId = id;
      return id;
    }
    return undefined;
  }

  /** Key indices only ever grow, also over unlinked devices. */
  takeKeyIndex(): number {
    return ++this.lastKeyIndex;
  }

  link(device: Device): void {
    this.devices.set(device.id, device);
  }

  /** What takeDeviceId and takeKeyIndex go on from. */
  get lastIds(): { device: number; keyIndex: number } {
    return { device: this.lastDeviceId, keyIndex: this.lastKeyIndex };
  }

  set lastIds({ device, keyIndex }) {
    this.lastDeviceId = device;
    this.lastKeyIndex = keyIndex;
  }

  /** The account is on another phone, or registered anew: other keys, no companions, and those it had cannot come back. */
  moveToNewPhone(refusal: LeftBehind): void {
    for (const { keys } of this.devices.values()) this.leftBehind.set(keys.noise.toString('base64'), refusal);
    this.devices.clear();
    this.appState.clear();
    this.phoneKeys = undefined;
  }

  /** Whether a companion is available, so that the phone itself keeps quiet. */
  get hasAvailableCompanion(): boolean {
    for (const { isAvailable } of this.devices.values()) if (isAvailable) return true;
    return false;
  }

  deviceByNoiseKey(noiseKey: Buffer): Device | undefined {
    for (const device of this.devices.values()) if (device.keys.noise.equals(noiseKey)) return device;
    return undefined;
  }
}
