import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  BufferJSON,
  Curve,
  initAuthCreds,
  jidDecode,
  type AuthenticationCreds,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys';
import type { CredentialStore, CredentialWrite, OpenCredential } from '../credentials/credential-store.js';
import type { Ownership } from '../ownership.js';
import { decodeSignalValue, encodeSignalValue } from './signal-value.js';

/** As many as Baileys uploads at its first login. */
const PRE_KEYS_AT_LINK = 812;
const PRE_KEYS_PER_TURN = 40;

const encodeCreds = (creds: AuthenticationCreds): Buffer => Buffer.from(JSON.stringify(creds, BufferJSON.replacer));
const decodeCreds = (bytes: Buffer): AuthenticationCreds =>
  JSON.parse(bytes.toString(), BufferJSON.reviver) as AuthenticationCreds;

/** The number these credentials are linked to; `null` until the phone has signed them. */
const linkedNumberOf = (creds: AuthenticationCreds): string | null =>
  creds.account && creds.me ? (jidDecode(creds.me.id)?.user ?? null) : null;

/**
 * One outlet's Baileys credentials over the store. Writes leave in order, one statement at a time; what is asked
 * for while one is under way leaves together in the next. Signal keys are not kept in memory.
 */
export class SessionAuth {
  private pending: CredentialWrite | null = null;
  private writing: Promise<void> = Promise.resolve();
  private scheduled: Promise<void> | null = null;

  private constructor(
    private readonly store: CredentialStore,
    private readonly owner: Ownership,
    private readonly credential: OpenCredential,
    readonly creds: AuthenticationCreds,
  ) {}

  /** The stored link, or `null` where there is none. A failed or unreadable read throws. */
  static async load(store: CredentialStore, owner: Ownership): Promise<SessionAuth | null> {
    const credential = await store.find(owner.outletId);
    return credential && new SessionAuth(store, owner, credential, decodeCreds(credential.creds));
  }

  /** New credentials for a first pairing; only ever called because a person asked to link. */
  static async create(store: CredentialStore, owner: Ownership): Promise<SessionAuth> {
    const creds = initAuthCreds();
    const credential = await store.create(owner, encodeCreds(creds));
    return new SessionAuth(store, owner, credential, creds);
  }

  get linked(): boolean {
    return linkedNumberOf(this.creds) !== null;
  }

  readonly keys: SignalKeyStore = {
    get: (kind, ids) => this.readKeys(kind, ids),
    set: (keys) => this.writeKeys(keys),
  };

  /** An abandoned pairing code leaves a name without a device behind; logging in with it is refused with 401. */
  forgetAbandonedPairing(): void {
    if (this.linked) return;
    delete this.creds.me;
    this.creds.pairingCode = undefined;
  }

  /** Writes the credentials as they are now. */
  saveCreds(): Promise<void> {
    return this.enqueue({
      creds: { bytes: encodeCreds(this.creds), linkedNumber: linkedNumberOf(this.creds) },
      keys: [],
    });
  }

  /** Resolves once all that was asked for is durable; writes again what failed. */
  async flushed(): Promise<void> {
    await this.writing;
    while (this.pending) await this.schedule();
  }

  /**
   * Makes the keys of the first upload while the QR waits for its phone: they are the larger part of the time
   * between scan and open. Written together with the counter that names them, or not at all.
   */
  async stockPreKeys(stillWanted: () => boolean): Promise<void> {
    const first = this.creds.nextPreKeyId;
    const missing = PRE_KEYS_AT_LINK - (first - this.creds.firstUnuploadedPreKeyId);
    if (missing <= 0) return;
    const keys: CredentialWrite['keys'] = [];
    for (let id = first; id < first + missing; id++) {
      keys.push({ kind: 'pre-key', id: String(id), value: encodeSignalValue(Curve.generateKeyPair()) });
      if (keys.length % PRE_KEYS_PER_TURN === 0) await nextTurn();
      if (!stillWanted() || this.creds.nextPreKeyId !== first) return;
    }
    this.creds.nextPreKeyId = first + missing;
    await this.enqueue({ creds: { bytes: encodeCreds(this.creds), linkedNumber: linkedNumberOf(this.creds) }, keys });
  }

  private async readKeys<Kind extends keyof SignalDataTypeMap>(
    kind: Kind,
    ids: string[],
  ): Promise<Record<string, SignalDataTypeMap[Kind]>> {
    const found = await this.store.readKeys(this.credential, kind, ids);
    return Object.fromEntries([...found].map(([id, bytes]) => [id, decodeSignalValue(kind, bytes)]));
  }

  private async writeKeys(data: SignalDataSet): Promise<void> {
    const keys = Object.entries(data).flatMap(([kind, entries]) =>
      Object.entries(entries ?? {}).map(([id, value]) => ({
        kind,
        id,
        value: value === null || value === undefined ? null : encodeSignalValue(value),
      })),
    );
    if (keys.length > 0) await this.enqueue({ keys });
  }

  private enqueue(write: CredentialWrite): Promise<void> {
    this.pending = this.pending ? merge(this.pending, write) : write;
    return this.schedule();
  }

  private schedule(): Promise<void> {
    this.scheduled ??= this.writing.then(() => this.writePending());
    return this.scheduled;
  }

  private writePending(): Promise<void> {
    const write = this.pending;
    this.pending = null;
    this.scheduled = null;
    if (!write) return Promise.resolve();
    const done = this.store.write(this.owner, this.credential, write);
    // Keys belong to whoever asked and is told; credentials are ours to bring home later.
    this.writing = done.catch(() => {
      if (write.creds) this.pending = merge({ creds: write.creds, keys: [] }, this.pending ?? { keys: [] });
    });
    return done;
  }
}

function merge(earlier: CredentialWrite, later: CredentialWrite): CredentialWrite {
  const keys = new Map([...earlier.keys, ...later.keys].map((key) => [`${key.kind}|${key.id}`, key]));
  const creds = later.creds ?? earlier.creds;
  return { keys: [...keys.values()], ...(creds && { creds }) };
}
