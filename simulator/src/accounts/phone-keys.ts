import { randomBytes, randomInt } from 'node:crypto';
import { generateKeyPair, type KeyPair, signalKey } from '../crypto/curve.js';
import { sign } from '../crypto/xeddsa.js';

/** What one device needs to open a Signal session with another (X3DH). Keys are 32 bytes. */
export interface KeyBundle {
  registrationId: number;
  identity: Buffer;
  signedPreKey: { id: number; public: Buffer; signature: Buffer };
  preKey?: { id: number; public: Buffer };
}

interface SignedPair extends KeyPair {
  id: number;
  signature: Buffer;
}

/** Serialized libsignal session records by `peer number . device`. */
export type SessionRecords = Map<string, Uint8Array>;

export interface StoredPhoneKeys {
  identity: KeyPair;
  registrationId: number;
  signedPreKey?: SignedPair;
  nextPreKeyId: number;
  preKeys: Map<number, KeyPair>;
  sessions: SessionRecords;
  appStateKey: { id: Buffer; data: Buffer; timestamp: number };
}

const PRE_KEY_IDS = 0xff_ff_ff;

/**
 * The private keys and Signal sessions of one phone. Most phones only ever receive a scan or a single
 * message, so the signed pre-key and one-time keys come into being when somebody asks for them.
 */
export class PhoneKeys {
  private constructor(private readonly stored: StoredPhoneKeys) {}

  static generate(now: number): PhoneKeys {
    return new PhoneKeys({
      identity: generateKeyPair(),
      registrationId: randomInt(1, 16_380),
      nextPreKeyId: 1,
      preKeys: new Map(),
      sessions: new Map(),
      appStateKey: { id: randomBytes(6), data: randomBytes(32), timestamp: now },
    });
  }

  static restore(stored: StoredPhoneKeys): PhoneKeys {
    return new PhoneKeys(stored);
  }

  get state(): Readonly<StoredPhoneKeys> {
    return this.stored;
  }

  get identity(): KeyPair {
    return this.stored.identity;
  }

  get registrationId(): number {
    return this.stored.registrationId;
  }

  /** The key every companion of the account gets to read and write app state with. */
  get appStateKey(): StoredPhoneKeys['appStateKey'] {
    return this.stored.appStateKey;
  }

  get signedPreKey(): SignedPair {
    if (!this.stored.signedPreKey) {
      const pair = generateKeyPair();
      this.stored.signedPreKey = { ...pair, id: 1, signature: sign(this.identity.private, signalKey(pair.public)) };
    }
    return this.stored.signedPreKey;
  }

  get sessions(): SessionRecords {
    return this.stored.sessions;
  }

  preKey(id: number): KeyPair | undefined {
    return this.stored.preKeys.get(id);
  }

  usedPreKey(id: number): void {
    this.stored.preKeys.delete(id);
  }

  /** A fresh one-time key for every asker: a phone never runs out. */
  bundle(): KeyBundle {
    const id = this.stored.nextPreKeyId;
    this.stored.nextPreKeyId = (id % PRE_KEY_IDS) + 1;
    const pair = generateKeyPair();
    this.stored.preKeys.set(id, pair);
    const { id: signedId, public: signedPublic, signature } = this.signedPreKey;
    return {
      registrationId: this.registrationId,
      identity: this.identity.public,
      signedPreKey: { id: signedId, public: signedPublic, signature },
      preKey: { id, public: pair.public },
    };
  }
}
