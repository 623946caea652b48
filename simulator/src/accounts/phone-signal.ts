import { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord } from '../crypto/signal-library.js';
import { signalKey } from '../crypto/curve.js';
import type { KeyBundle, PhoneKeys } from './phone-keys.js';

export type CiphertextType = 'pkmsg' | 'msg';

export interface Ciphertext {
  type: CiphertextType;
  bytes: Buffer;
}

/** Who a session is with. The number alone, never the LID: one person, one session per device. */
export interface Peer {
  number: string;
  device: number;
}

const PRE_KEY_MESSAGE = 3;
const MAX_PADDING = 16;

/** What libsignal's typings leave out of a record of sessions. */
interface Sessions {
  sessions: Record<string, Session>;
  getSessions(): Session[];
  setSession(session: Session): void;
}

interface Session {
  indexInfo: {
    /** When it last read a message, newest first in trials. Milliseconds since the epoch. */
    used: number;
    /** Since when it is not written with any more; -1 while it is. Milliseconds since the epoch. */
    closed: number;
  };
}

/** As every message is before it is encrypted: 1 to 16 bytes more, each of that value. */
export function padded(plain: Uint8Array): Buffer {
  const padding = 1 + Math.floor(Math.random() * MAX_PADDING);
  return Buffer.concat([plain, Buffer.alloc(padding, padding)]);
}

/** The Signal protocol as one phone speaks it, done by libsignal on the phone's own keys. */
export class PhoneSignal {
  private readonly store;

  constructor(
    private readonly owner: string,
    private readonly keys: PhoneKeys,
    private readonly changed: () => void,
  ) {
    const pair = (key: { public: Buffer; private: Buffer }) => ({
      pubKey: signalKey(key.public),
      privKey: key.private,
    });
    const { sessions } = keys;
    this.store = {
      loadSession: (id: string) => {
        const record = sessions.get(id);
        return Promise.resolve(record && SessionRecord.deserialize(record));
      },
      storeSession: (id: string, record: InstanceType<typeof SessionRecord>) => {
        sessions.set(id, record.serialize());
        changed();
        return Promise.resolve();
      },
      isTrustedIdentity: () => true,
      loadPreKey: (id: number | string) => {
        const key = keys.preKey(Number(id));
        return Promise.resolve(key && pair(key));
      },
      removePreKey: (id: number) => keys.usedPreKey(id),
      loadSignedPreKey: () => pair(keys.signedPreKey),
      getOurRegistrationId: () => keys.registrationId,
      getOurIdentity: () => pair(keys.identity),
    };
  }

  /** Decrypts and unpads. Throws when no session, or not this one, produced the ciphertext. */
  async decrypt(peer: Peer, { type, bytes }: Ciphertext): Promise<Buffer> {
    const address = this.address(peer);
    const found =
      type === 'pkmsg'
        ? await new SessionCipher(this.store, address).decryptPreKeyWhisperMessage(bytes)
        : await new SessionCipher(this.trialStore, address).decryptWhisperMessage(bytes);
    const padding = found.at(-1) ?? 0;
    if (padding === 0 || padding > found.length) throw new Error('bad padding');
    return found.subarray(0, found.length - padding);
  }

  /**
   * A phone tries a message on copies of its sessions, and writes from then on with the one that fits. libsignal for
   * Node.js changes each session it tries, and goes on writing with the one begun last: two who write to each other
   * first at once would not understand each other for long.
   */
  private get trialStore() {
    const { sessions } = this.keys;
    return {
      ...this.store,
      loadSession: async (id: string) => {
        const record = await this.store.loadSession(id);
        // In the same order, and all of them before any that fits.
        asSessions(record)
          ?.getSessions()
          .forEach(({ indexInfo }, index) => (indexInfo.used = -index));
        return record;
      },
      storeSession: (id: string, tried: InstanceType<typeof SessionRecord>) => {
        const fitting = Object.values(asSessions(tried).sessions).find(({ indexInfo }) => indexInfo.used > 0);
        const stored = sessions.get(id);
        if (!fitting || !stored) return this.store.storeSession(id, tried);
        const record = SessionRecord.deserialize(stored);
        for (const { indexInfo } of asSessions(record).getSessions())
          if (indexInfo.closed === -1) indexInfo.closed = Date.now();
        fitting.indexInfo.closed = -1;
        asSessions(record).setSession(fitting);
        return this.store.storeSession(id, record);
      },
    };
  }

  /** Opens a session from the peer's bundle when there is none. Throws when there is no bundle either. */
  async encrypt(peer: Peer, plain: Uint8Array, bundle: () => KeyBundle | undefined): Promise<Ciphertext> {
    if (!this.hasSession(peer)) {
      const keys = bundle();
      if (!keys) throw new Error(`no keys of ${peer.number}:${peer.device}`);
      await this.open(peer, keys);
    }
    const { type, body } = await new SessionCipher(this.store, this.address(peer)).encrypt(padded(plain));
    // libsignal says string and returns a Buffer
    return { type: type === PRE_KEY_MESSAGE ? 'pkmsg' : 'msg', bytes: Buffer.from(body as unknown as Uint8Array) };
  }

  hasSession(peer: Peer): boolean {
    const record = this.keys.sessions.get(this.address(peer).toString());
    return record !== undefined && SessionRecord.deserialize(record).haveOpenSession();
  }

  /** The phone forgets a conversation's keys, as after a broken backup: the next `msg` cannot be read. */
  forget(peer: Peer): void {
    this.keys.sessions.delete(this.address(peer).toString());
    this.changed();
  }

  private async open(peer: Peer, bundle: KeyBundle): Promise<void> {
    const { preKey, signedPreKey } = bundle;
    await new SessionBuilder(this.store, this.address(peer)).initOutgoing({
      registrationId: bundle.registrationId,
      identityKey: signalKey(bundle.identity),
      signedPreKey: {
        keyId: signedPreKey.id,
        publicKey: signalKey(signedPreKey.public),
        signature: signedPreKey.signature,
      },
      // libsignal accepts a bundle without a one-time key; its typings do not
      preKey: (preKey && { keyId: preKey.id, publicKey: signalKey(preKey.public) }) as {
        keyId: number;
        publicKey: Buffer;
      },
    });
  }

  /** libsignal queues jobs process-wide by address, so the owner is part of it: no phone waits for another. */
  private address({ number, device }: Peer): InstanceType<typeof ProtocolAddress> {
    return new ProtocolAddress(`${this.owner}>${number}`, device);
  }
}

function asSessions(record: InstanceType<typeof SessionRecord>): Sessions;
function asSessions(record: InstanceType<typeof SessionRecord> | undefined): Sessions | undefined;
function asSessions(record: InstanceType<typeof SessionRecord> | undefined): Sessions | undefined {
  return record as unknown as Sessions | undefined;
}
