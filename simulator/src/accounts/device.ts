import { Mailbox } from './mailbox.js';
import { PreKeyPool } from './pre-key-pool.js';

export interface SignedPreKey {
  id: number;
  public: Buffer;
  signature: Buffer;
}

/** What a companion registers with; the noise key is what it later logs in by. */
export interface DeviceKeys {
  noise: Buffer;
  identity: Buffer;
  registrationId: number;
  signedPreKey: SignedPreKey;
}

/** What a companion says of itself at its registration, for people to read on the phone. */
export interface DeviceProps {
  name: string;
  platform: string;
}

/** A companion linked to an account, as the service knows it. Device 0, the phone, is not one of these. */
export class Device {
  readonly preKeys: PreKeyPool;
  readonly mailbox: Mailbox;
  /** The phone shares history once, at the first login. */
  historyShared = false;
  /** It has said so on the line it has now, or sent a presence without a type. */
  isAvailable = false;
  /** When it last began or ceased to be available; null for never. Milliseconds since the epoch. */
  lastAvailableAt: number | null = null;
  /** Set while a low-keys notification waits for its upload. */
  askedForKeys = false;

  constructor(
    readonly id: number,
    readonly keyIndex: number,
    readonly keys: DeviceKeys,
    readonly linkedAt: number,
    readonly props: DeviceProps,
    stored: { preKeys?: PreKeyPool; mailbox?: Mailbox } = {},
  ) {
    this.preKeys = stored.preKeys ?? new PreKeyPool();
    this.mailbox = stored.mailbox ?? new Mailbox();
  }

  /** Whether that says anything that is worth saving. */
  becomeAvailable(isAvailable: boolean, now: number): boolean {
    if (!this.isAvailable && !isAvailable) return false;
    this.isAvailable = isAvailable;
    this.lastAvailableAt = now;
    return true;
  }
}
