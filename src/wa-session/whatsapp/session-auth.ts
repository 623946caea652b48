import { AsyncLocalStorage } from 'node:async_hooks';
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
import type { Ownership } from '../fence.js';
import { nameOf, RecentKeys } from './recent-keys.js';
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

type KeyWrite = CredentialWrite['keys'][number];

/** What leaves in one statement. */
interface Batch {
  creds?: CredentialWrite['creds'];
  keys: Map<string, KeyWrite>;
}

/** How long what nobody waits for waits for company. */
const LINGER_MS = 20;

const unhurried = new AsyncLocalStorage<true>();

/**
 * Keys written in here are not waited for: reads see them at once, and whatever is written later is durable no earlier.
 * Only for what may be lost without harm.
 */
export const withoutWaiting = <T>(work: () => T): T => unhurried.run(true, work);

/**
 * One outlet's Baileys credentials over the store. Writes leave in order, one statement at a time; what is asked
 * for in one turn, or while one is under way, leaves together in the next. The few Signal keys used last are kept in
 * memory too; the database is the truth of them all.
 */
export class SessionAuth {
  private pending: Batch | null = null;
  private underWay: Batch | null = null;
  private readonly recent = new RecentKeys();
  private writing: Promise<void> = Promise.resolve();
  private scheduled: Promise<void> | null = null;
  private lingering: NodeJS.Timeout | null = null;

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

  /**
   * New credentials for a first pairing; only ever called because a person asked to link.
   * @param beside whether there is a link, which they replace once a phone agrees to them
   */
  static async create(store: CredentialStore, owner: Ownership, beside = false): Promise<SessionAuth> {
    const creds = initAuthCreds();
    const credential = await store.create(owner, encodeCreds(creds), beside);
    return new SessionAuth(store, owner, credential, creds);
  }

  /** By which a link is told from the one before it. */
  get id(): string {
    return this.credential.id;
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
    return this.enqueue({ creds: this.currentCreds(), keys: [] });
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
    await this.enqueue({ creds: this.currentCreds(), keys });
  }

  private currentCreds(): CredentialWrite['creds'] & object {
    return { bytes: encodeCreds(this.creds), linkedNumber: linkedNumberOf(this.creds) };
  }

  private async readKeys<Kind extends keyof SignalDataTypeMap>(
    kind: Kind,
    ids: string[],
  ): Promise<Record<string, SignalDataTypeMap[Kind]>> {
    const found = new Map<string, Buffer | null>();
    const missing: string[] = [];
    for (const id of ids) {
      const known = this.inMemory(kind, id);
      if (known === undefined) missing.push(id);
      else found.set(id, known);
    }
    if (missing.length > 0) {
      const read = (): Promise<Map<string, Buffer>> => this.store.readKeys(this.credential, kind, missing);
      for (const [id, bytes] of await this.recent.read(kind, missing, read)) found.set(id, bytes);
    }
    return Object.fromEntries(
      [...found].flatMap(([id, bytes]) => (bytes ? [[id, decodeSignalValue(kind, bytes)]] : [])),
    );
  }

  /** What is being written counts before what was stored. */
  private inMemory(kind: string, id: string): Buffer | null | undefined {
    const name = nameOf(kind, id);
    const write = this.pending?.keys.get(name) ?? this.underWay?.keys.get(name);
    return write ? write.value : this.recent.get(kind, id);
  }

  private async writeKeys(data: SignalDataSet): Promise<void> {
    const keys = Object.entries(data).flatMap(([kind, entries]) =>
      Object.entries(entries ?? {}).map(([id, value]) => ({
        kind,
        id,
        value: value === null || value === undefined ? null : encodeSignalValue(value),
      })),
    );
    if (keys.length === 0) return;
    if (unhurried.getStore()) this.writeLater({ keys });
    else await this.enqueue({ keys });
  }

  private writeLater(write: CredentialWrite): void {
    this.gather(write);
    if (this.scheduled || this.lingering) return;
    this.lingering = setTimeout(() => {
      this.lingering = null;
      if (this.pending) this.schedule().catch(() => undefined);
    }, LINGER_MS);
  }

  private enqueue(write: CredentialWrite): Promise<void> {
    this.gather(write);
    return this.schedule();
  }

  private gather({ creds, keys }: CredentialWrite): void {
    for (const { kind, id } of keys) this.recent.forget(kind, id);
    const batch = { ...(creds && { creds }), keys: new Map(keys.map((key) => [nameOf(key.kind, key.id), key])) };
    this.pending = this.pending ? merge(this.pending, batch) : batch;
  }

  private schedule(): Promise<void> {
    // Both copies of a message are encrypted in one turn, and leave in one statement.
    this.scheduled ??= this.writing.then(() => nextTurn()).then(() => this.writePending());
    return this.scheduled;
  }

  private writePending(): Promise<void> {
    const write = this.pending;
    this.pending = null;
    this.scheduled = null;
    if (!write) return Promise.resolve();
    this.underWay = write;
    const done = this.store
      .write(this.owner, this.credential, { ...write, keys: [...write.keys.values()] })
      .finally(() => (this.underWay = null));
    this.writing = done.then(
      () => this.rememberStored(write),
      () => {
        // Keys belong to whoever asked and is told; credentials are ours to bring home later.
        if (write.creds)
          this.pending = merge({ creds: write.creds, keys: new Map() }, this.pending ?? { keys: new Map() });
      },
    );
    return done;
  }

  private rememberStored(write: Batch): void {
    for (const [name, { kind, id, value }] of write.keys)
      if (!this.pending?.keys.has(name)) this.recent.stored(kind, id, value);
  }
}

function merge(earlier: Batch, later: Batch): Batch {
  const creds = later.creds ?? earlier.creds;
  return { keys: new Map([...earlier.keys, ...later.keys]), ...(creds && { creds }) };
}
