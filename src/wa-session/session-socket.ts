import type { Place } from './connect-gate.js';
import { messageOf } from '../common/message-of.js';
import { UnreadableSecret } from '../common/sealing.js';
import { answeredWell } from './domain/connect-pace.js';
import { LEAVE_OWED_IN_S } from './domain/moves.js';
import type { ConnectionEvent, Effect } from './domain/session-event.js';
import type { Messenger } from './messenger.js';
import type { Ownership } from './fence.js';
import type { SessionContext } from './session-context.js';
import { whenRecorded } from './when-recorded.js';
import { BaileysConnection } from './whatsapp/baileys-connection.js';
import type { InboundText } from './whatsapp/inbound-text.js';
import { SessionAuth } from './whatsapp/session-auth.js';

type SocketEffect = Exclude<Effect, { type: 'rewrite' | 'refresh-version' | 'note-stall' | 'unlink' }>;
type Opening = Extract<Effect, { type: 'open' }>;

/** The first stall may have been a store or a download that hung. */
const STALLS_BORNE = 2;

/** The one socket of a session, with its credentials. Opening happens beside the queue; ending is waited for. */
export class SessionSocket {
  private connection: BaileysConnection | null = null;
  private auth: SessionAuth | null = null;
  private attempt: AbortController | null = null;
  private opened: Promise<void> = Promise.resolve();
  /** The leave that the link set aside last owes WhatsApp, by its id, until its connection takes it. */
  private owed: string | null = null;
  private readonly leaving = new Map<BaileysConnection, Promise<boolean>>();
  /** How often each stanza was found to hold up all others, by its id. */
  private readonly stalls = new Map<string, number>();
  private readonly setAside = new Set<string>();
  /** What is being recorded of each message: one that is handed over again meanwhile is the same. */
  private readonly recording = new Map<string, Promise<unknown>>();

  constructor(
    private readonly context: SessionContext,
    private readonly owner: Ownership,
    private readonly emit: (event: ConnectionEvent) => void,
  ) {}

  /** The link that is in use, by the id of its credentials. */
  get link(): string | null {
    return this.auth?.id ?? null;
  }

  get inMemory(): boolean {
    return this.connection !== null;
  }

  get websocketOpen(): boolean {
    return this.connection?.websocketOpen ?? false;
  }

  get userPresent(): boolean {
    return this.connection?.userPresent ?? false;
  }

  get lastInboundAt(): number | null {
    return this.connection?.lastInboundAt ?? null;
  }

  get messenger(): Messenger | null {
    return this.connection?.messenger ?? null;
  }

  /** For how long nothing of what WhatsApp handed over was processed. Milliseconds. */
  get stalledMs(): number {
    return this.connection?.stalledMs ?? 0;
  }

  /** What holds everything up a second time is read no more; WhatsApp would hand it over for ever. Answers how much that is. */
  noteStall(): number {
    const before = this.setAside.size;
    for (const id of this.connection?.stalledBy ?? []) {
      const times = (this.stalls.get(id) ?? 0) + 1;
      this.stalls.set(id, times);
      if (times >= STALLS_BORNE) this.setAside.add(id);
    }
    return this.setAside.size - before;
  }

  /** @throws where WhatsApp does not answer */
  async askNewChats(): Promise<void> {
    await this.connection?.askNewChats();
  }

  async sayPresence(type: 'available' | 'unavailable'): Promise<void> {
    await this.connection?.sayPresence(type);
  }

  async askPhone(): Promise<void> {
    await this.connection?.askPhone();
  }

  async answers(withinMs: number): Promise<boolean> {
    return (await this.connection?.answers(withinMs)) ?? false;
  }

  async perform(effect: SocketEffect, outletNumber: string): Promise<void> {
    switch (effect.type) {
      case 'open':
        await this.close();
        this.attempt = new AbortController();
        // What a link before this one owes is not paid by the leave of another.
        this.owed = null;
        this.opened = this.open(effect, this.attempt.signal);
        return;
      case 'close':
        return this.close();
      case 'request-code':
        void this.connection?.requestCode(outletNumber);
        return;
      case 'prove-passkey':
        void this.connection?.provePasskey(effect.assertion);
        return;
      case 'confirm-passkey':
        void this.connection?.confirmPasskey(effect.code);
        return;
      case 'part':
        this.part();
        return;
      case 'quarantine':
        // Whose phone said yes in this moment must stand in the row that is set aside, or nobody tells it.
        if (effect.owedInS !== undefined) await this.flush();
        this.auth = null;
        this.owed = await this.context.store.quarantine(this.owner, effect.owedInS);
        return;
      case 'stock-pre-keys':
        this.stockPreKeys();
    }
  }

  /** Brings home what is not yet stored; a failure is told by the next start's read. */
  async flush(): Promise<void> {
    await this.auth
      ?.flushed()
      .catch(() => this.context.logger.warn(`Credentials of outlet ${this.owner.outletId} were not flushed`));
  }

  private async close(): Promise<void> {
    this.attempt?.abort();
    this.attempt = null;
    await this.opened;
    const { connection } = this;
    this.connection = null;
    await connection?.close();
  }

  private async open(effect: Opening, signal: AbortSignal): Promise<void> {
    const { connection: number, urgency = 'later' } = effect;
    // Whoever waits for an answer holds no place meanwhile that others could use.
    if (effect.purpose === 'link') await this.context.version.forLinking(signal);
    const place = await this.context.gate.acquire({
      outletId: this.owner.outletId,
      urgency,
      signal,
      onWaiting: () => this.emit({ connection: number, type: 'queued' }),
    });
    if (!place) return;
    signal.addEventListener('abort', () => place.leave(), { once: true });
    try {
      const auth = await this.credentialsFor(effect);
      if (signal.aborted) return;
      // Others may have the outlet, and a socket of it.
      if (!this.context.membership.mayAct()) return this.emit({ connection: number, type: 'store-failed' });
      if (auth) this.connect(number, auth, place);
    } catch (error) {
      const unreadable = error instanceof UnreadableSecret;
      this.emit({ connection: effect.connection, type: unreadable ? 'credentials-unreadable' : 'store-failed' });
    } finally {
      if (!this.connection) place.leave();
    }
  }

  /** What is in memory counts before what is stored, once it is safely stored: a login must not follow unsaved keys. */
  private async credentialsFor({ purpose, connection, beside }: Opening): Promise<SessionAuth | null> {
    if (this.auth) await this.auth.flushed();
    // No login by what a try to link left behind, and no new link by the keys of another.
    if (this.auth?.linked !== (purpose === 'login')) this.auth = beside ? null : await this.stored(purpose);
    if (!this.auth && purpose === 'link') this.auth = await SessionAuth.create(this.context.store, this.owner, beside);
    if (!this.auth) {
      this.emit({ connection, type: 'closed', cause: { kind: 'logged-out' } });
      return null;
    }
    if (purpose === 'link') this.auth.forgetAbandonedPairing();
    return this.auth;
  }

  /**
   * Whoever asks for a new link gets new keys. Those that are stored pair no second time: a pairing that died with its
   * process may have been finished on the phone, and an ended link may be here only since setting it aside failed.
   */
  private async stored(purpose: Opening['purpose']): Promise<SessionAuth | null> {
    const auth = await SessionAuth.load(this.context.store, this.owner);
    if (auth === null || purpose !== 'link') return auth;
    await this.context.store.quarantine(this.owner, LEAVE_OWED_IN_S);
    return null;
  }

  private connect(number: number, auth: SessionAuth, place: Place): void {
    const { bus, book, config, clock, logger, sentMessages, version } = this.context;
    const { outletId } = this.owner;
    this.connection = new BaileysConnection({
      outletId,
      number,
      auth,
      webSocketUrl: config.whatsapp.webSocketUrl,
      keepAliveMs: config.whatsapp.keepAliveMs,
      version,
      groups: config.whatsapp.groups,
      setAside: this.setAside,
      clock,
      logger,
      emit: (event) => {
        if (event.type === 'qr' || event.type === 'opened') place.answered(true);
        if (event.type === 'closed') {
          place.answered(answeredWell(event.cause));
          place.leave();
        }
        this.emit(event);
      },
      onText: (inbound) => this.recorded(inbound),
      findNumber: (alias) => book.find(alias),
      onLearned: (learned) => book.learn(learned),
      // A login may wait for its answer, and a QR for its phone: neither keeps others from connecting.
      onGreeted: () => place.leave(),
      onLateAnswer: (messageId, answer) =>
        bus.publish('message.answered', { outletId, messageId, code: answer.kind === 'refused' ? answer.code : null }),
      onReceipt: (receipt) =>
        whenRecorded((waitFor) => bus.publish('message.receipted', { outletId, ...receipt, waitFor })),
      onHistoriesGivenUp: (count) => {
        this.context.givenUp.histories += count;
        logger.warn(`Outlet ${outletId}: ${count} parts of its history cannot be read, and are tried no more`);
      },
      findSent: (messageId) => sentMessages.find(outletId, messageId),
    });
    this.emit({ connection: number, type: 'started' });
  }

  private recorded(inbound: InboundText): Promise<unknown> {
    const name = `${inbound.alias} ${inbound.messageId}`;
    const recording = this.recording.get(name) ?? this.onText(inbound).finally(() => this.recording.delete(name));
    this.recording.set(name, recording);
    return recording;
  }

  private async onText({ messageId, number, alias, text, quotes, at }: InboundText): Promise<void> {
    const { bus, book } = this.context;
    const { outletId } = this.owner;
    if (number === null) {
      await whenRecorded((waitFor) =>
        bus.publish('message.unattributed', { outletId, messageId, alias, text, quotes, at, waitFor }),
      );
      return;
    }
    // Whom we know by another writing of their number answers by WhatsApp's.
    const other = await book.find(`${number}@s.whatsapp.net`);
    for (const each of other === null ? [number] : [number, other])
      await whenRecorded((waitFor) =>
        bus.publish('message.received', { outletId, messageId, number: each, text, quotes, at, waitFor }),
      );
  }

  /**
   * The connection there is takes leave of this phone and ends, beside whatever comes next. Whether WhatsApp confirmed,
   * and the phone lists no earlier link of this outlet either.
   */
  takeLeave(number: string | null): Promise<boolean> {
    const { connection, owed } = this;
    this.owed = null;
    if (!connection) return Promise.resolve(false);
    this.connection = null;
    const leave = this.leave(connection, number, owed).finally(() => this.leaving.delete(connection));
    this.leaving.set(connection, leave);
    return leave;
  }

  /** What was owed before it was asked for is owed no more once WhatsApp knows. */
  private async leave(connection: BaileysConnection, number: string | null, owed: string | null): Promise<boolean> {
    try {
      if (!(await connection.unlink())) return false;
      return number === null || (await this.context.farewells.taken(owed, this.owner.outletId, number));
    } catch (error) {
      const reason = messageOf(error);
      this.context.logger.warn(`A leave of outlet ${this.owner.outletId} is not recorded: ${reason}`);
      return false;
    } finally {
      await connection.close();
    }
  }

  /** Resolves when no connection takes leave any more: waited for, or cut off, since what is owed outlives it. */
  async left(inPeace: boolean): Promise<void> {
    const leaving = [...this.leaving];
    if (!inPeace) await Promise.all(leaving.map(([connection]) => connection.close()));
    await Promise.all(leaving.map(([, left]) => left));
  }

  private part(): void {
    const { connection } = this;
    if (!connection) return;
    void connection.unlink().then((told) => this.emit({ connection: connection.number, type: 'parted', told }));
  }

  private stockPreKeys(): void {
    const { auth, connection } = this;
    if (!auth) return;
    auth
      .stockPreKeys(() => this.connection === connection && !auth.linked)
      .catch(() => this.context.logger.debug('Pre-keys could not be stored ahead; Baileys makes them at login'));
  }
}
