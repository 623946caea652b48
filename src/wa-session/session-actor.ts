import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { PasskeyChange } from '@koneksi/contracts/passkey';
import type { PairingCodeChange } from '@koneksi/contracts/realtime';
import type { Disturbance } from '../cluster/domain/fair-share.js';
import { withDeadline } from '../common/deadline.js';
import { messageOf } from '../common/message-of.js';
import { FencedWrite, STORE_DEADLINE_MS } from './credentials/credential-store.js';
import type { NewChats } from './domain/new-chats.js';
import { LEAVE_TOLD_AFTER_MS } from './domain/owed-leaves.js';
import { codeChangeOf, codeOutcome, codeOverdue, shownQr, type CodeOutcome } from './domain/code-outcome.js';
import { healthCriteria, isHealthy, isHeard, type LiveProof } from './domain/live-proof.js';
import { isLeftBehind } from './domain/left-behind.js';
import { wakeAt } from './domain/on-tick.js';
import { inStep } from './domain/in-step.js';
import { ceremonyOf, passkeyOutcome, toPasskeyChange, type PasskeyOutcome } from './domain/passkey.js';
import type {
  ConnectionEvent,
  Effect,
  RefusalCode,
  SessionCommand,
  SessionEvent,
  Transition,
} from './domain/session-event.js';
import { toRecord, type SessionRecord } from './domain/session-record.js';
import type { Ceremony, OutletSettings, SessionState, ShownQr } from './domain/session-state.js';
import { transition } from './domain/transition.js';
import type { PhoneSigns } from './domain/warnings.js';
import type { Messenger } from './messenger.js';
import type { Ownership } from './fence.js';
import type { SessionContext } from './session-context.js';
import { SessionSocket } from './session-socket.js';
import { SessionTelling, type Seen, type Written } from './session-telling.js';

/** Whoever asks what WhatsApp allows has messages to send, and goes on without. */
const ASK_WITHIN_MS = 3_000;
/** How long a session counts as sending after it was asked to. */
const SENDING_FOR_MS = 10_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Why a command was not obeyed: what the session decided, or that there is none any more that could. */
export type AskRefusal = RefusalCode | 'NOT_RUNNING';

interface Queued {
  event: SessionEvent;
  done: (refusal?: AskRefusal) => void;
}

/**
 * One outlet's session. Commands, Baileys' events and time enter one queue; the state machine decides; the journal
 * tells; effects follow one after the other. Whatever arrives, and how often, there is one socket at most.
 */
export class SessionActor {
  private readonly queue: Queued[] = [];
  private readonly socket: SessionSocket;
  private draining: Promise<void> = Promise.resolve();
  /** Falls in the same turn that finds the queue empty: an event that comes a turn later starts anew instead of waiting. */
  private isDraining = false;
  /** A session outlives the request that woke it, so it runs in nobody's context. */
  private readonly outside = AsyncLocalStorage.snapshot();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  /** When it was last asked for something to send by, by the monotonic clock. */
  private sentAt = Number.NEGATIVE_INFINITY;
  private readonly listeners = new Set<() => void>();
  readonly telling: SessionTelling;

  constructor(
    private readonly context: SessionContext,
    private state: SessionState,
    readonly owner: Ownership,
    written: Written,
    private readonly onFenced: (actor: SessionActor) => void,
  ) {
    const whenSettled = { look: () => this.look(), fenced: () => this.onFenced(this) };
    this.telling = new SessionTelling(context, owner, state, written, whenSettled);
    this.socket = new SessionSocket(context, owner, (event) => this.post(this.inCompany(event)));
  }

  get outletId(): string {
    return this.state.outletId;
  }

  get outlet(): OutletSettings {
    return this.state.outlet;
  }

  /** Whether credentials of a finished pairing exist. */
  get linked(): boolean {
    return this.state.linkedNumber !== null;
  }

  /** Whether a link that ended could not be set aside so far. */
  get hasLeftBehind(): boolean {
    return isLeftBehind(this.state);
  }

  /** The row as the session last told it, with evidence of life as of now. */
  get record(): SessionRecord {
    return { ...toRecord(this.state), lastSeen: this.lastSeen };
  }

  get lastSeen(): number | null {
    const { lastSeen } = this.state;
    // What WhatsApp says to a socket that is not logged in is no sign of life of the outlet.
    const heardAt = this.state.phase.name === 'online' ? this.socket.lastInboundAt : null;
    if (heardAt === null) return lastSeen;
    return Math.max(Math.round(heardAt + this.context.clock.skew()), lastSeen ?? 0);
  }

  /** Since when it is online, by the monotonic clock; `null` where it is not. */
  get openedAt(): number | null {
    return this.state.phase.name === 'online' ? this.state.phase.openedAt : null;
  }

  /** What is known of the phone itself. */
  get phoneSigns(): PhoneSigns {
    return this.state.facts;
  }

  /** Which connection it is on: each shows codes of its own. */
  get round(): number {
    return this.state.connection;
  }

  /** The QR on show, for those who may see this outlet. */
  get qr(): ShownQr | null {
    return shownQr(this.state);
  }

  /** The pairing code on show, and why there is none where WhatsApp refused; for those who may see this outlet. */
  get code(): PairingCodeChange {
    return codeChangeOf(this.state);
  }

  /** What WhatsApp waits for before it links, for ADMINs who may see this outlet. */
  get ceremony(): Ceremony | null {
    return ceremonyOf(this.state);
  }

  /** Where that stands, with nothing that is secret. */
  get passkeyChange(): PasskeyChange {
    return toPasskeyChange(this.state);
  }

  post(event: SessionEvent): void {
    this.enqueue({ event, done: () => undefined });
  }

  /** Resolves when the command was decided, with the reason where it was refused or nobody is left to decide. */
  ask(command: SessionCommand): Promise<AskRefusal | undefined> {
    return new Promise((done) => this.enqueue({ event: command, done }));
  }

  /** Looks at the socket itself. */
  proof(): LiveProof {
    const { phase, sessionName } = this.state;
    const record = toRecord(this.state);
    const heardAt = this.socket.lastInboundAt;
    return {
      status: record.status,
      qrShown: record.qrShown,
      name: phase.name === 'online' ? sessionName : null,
      inMemory: this.socket.inMemory,
      websocketOpen: this.socket.websocketOpen,
      userPresent: this.socket.userPresent && phase.name === 'online',
      heard: isHeard(heardAt === null ? null : this.context.clock.now() - heardAt, this.context.maxSilenceMs),
    };
  }

  get healthy(): boolean {
    return isHealthy(healthCriteria(this.record, this.proof(), this.outlet.autoReconnect));
  }

  /** For how long nothing of what WhatsApp handed over was processed. Milliseconds. */
  get stalledMs(): number {
    return this.state.phase.name === 'online' ? this.socket.stalledMs : 0;
  }

  /** What WhatsApp lets this account do with people it does not know; `null` until it said so. */
  get newChats(): NewChats | null {
    return this.state.facts.newChats;
  }

  /** Asks WhatsApp anew; what it says is in `newChats` afterwards. @throws where it does not answer */
  async askNewChats(): Promise<void> {
    if (this.state.phase.name !== 'online') return;
    const told = this.socket.askNewChats().finally(() => this.draining);
    await withDeadline(told, ASK_WITHIN_MS, 'what WhatsApp allows');
  }

  async sayPresence(type: 'available' | 'unavailable'): Promise<void> {
    if (this.state.phase.name === 'online') await this.socket.sayPresence(type);
  }

  async askPhone(): Promise<void> {
    if (this.state.phase.name === 'online') await this.socket.askPhone();
  }

  /** Whether it is online and this node may act for it. */
  get isAtWork(): boolean {
    return this.state.phase.name === 'online' && this.context.membership.mayAct();
  }

  /**
   * Sends messages; `null` unless the session is at work. Ask anew for every message: sockets come and go. Whoever asks
   * is about to send, and for a while no other node takes this outlet.
   */
  get messenger(): Messenger | null {
    if (!this.isAtWork) return null;
    this.sentAt = this.context.clock.now();
    return this.socket.messenger;
  }

  /** What it would disturb if another node took this outlet now. */
  get disturbance(): Disturbance {
    const { name } = this.state.phase;
    const isSending = this.context.clock.now() - this.sentAt < SENDING_FOR_MS;
    if (name === 'pairing' || name === 'parting' || isSending || ceremonyOf(this.state)) return 'busy';
    return this.socket.inMemory ? 'idle' : 'no-socket';
  }

  /** A round trip to WhatsApp over the link there is now, which is replaced where no answer comes. Milliseconds. */
  async verify(withinMs: number): Promise<void> {
    const { connection } = this.state;
    const isAlive = await this.socket.answers(withinMs);
    // One that was replaced meanwhile says nothing of the next.
    if (!isAlive && this.state.connection === connection) this.post({ type: 'proof-failed' });
  }

  /** What comes of the wish for a pairing code, as soon as that is known. Milliseconds. */
  async pairingCode(withinMs: number): Promise<CodeOutcome> {
    return (await this.until(codeOutcome, withinMs)) ?? codeOverdue(this.state);
  }

  /** What comes of the step of linking by a passkey that is under way; `undefined` where that is not known in time. */
  passkeyOutcome(withinMs: number): Promise<PasskeyOutcome | undefined> {
    return this.until(passkeyOutcome, withinMs);
  }

  /** Whether the row says all the session told so far, now or within this time. Milliseconds. */
  async recorded(withinMs: number): Promise<boolean> {
    return (await this.until(this.telling.whetherKept(), withinMs)) ?? false;
  }

  /** Logs out and waits until WhatsApp knows, or as long as it may take. Milliseconds. */
  async takeLeave(withinMs: number): Promise<void> {
    await this.ask({ type: 'logout' });
    await this.until(({ phase }) => phase.name !== 'parting' || undefined, withinMs);
    await this.ask({ type: 'leave-later' });
    // What is still being written of this outlet would wait for its deletion, and that for it.
    await Promise.race([this.settled(), pause(withinMs, undefined, { ref: false })]);
  }

  private get seen(): Seen {
    return { state: this.state, record: this.record, proof: () => this.proof() };
  }

  private look(): void {
    for (const listener of this.listeners) listener();
  }

  /** What `look` first answers of the state, now or after a later event; `undefined` where it does not in time. */
  private until<T>(look: (state: SessionState) => T | undefined, withinMs: number): Promise<T | undefined> {
    return new Promise((resolve) => {
      const settle = (found: T | undefined): void => {
        clearTimeout(timer);
        this.listeners.delete(listener);
        resolve(found);
      };
      const listener = (): void => {
        const found = look(this.state);
        if (found !== undefined) settle(found);
      };
      const timer = setTimeout(() => settle(undefined), withinMs);
      this.listeners.add(listener);
      listener();
    });
  }

  private async settled(): Promise<void> {
    await this.draining;
    await this.context.journal.flushed();
  }

  /** Ends the socket and everything that waits; whatever comes after it is not heard any more. */
  async stop(unlink: boolean): Promise<void> {
    await this.ask({ type: 'stop', unlink });
    await this.draining;
    await this.socket.left(unlink);
    await this.socket.flush();
  }

  /** Ends here so that another node can go on: resolves when everything it knew is written. @throws where it is not */
  async letGo(): Promise<void> {
    await this.stop(false);
    await withDeadline(this.context.journal.flushed(), STORE_DEADLINE_MS, 'writing what an outlet last told');
  }

  /** Links that are lost together come back spread out. */
  private inCompany(event: ConnectionEvent): ConnectionEvent {
    if (event.type !== 'closed' || this.state.phase.name !== 'online') return event;
    return { ...event, together: this.context.losses.note() };
  }

  private enqueue(item: Queued): void {
    if (this.stopped) return item.done('NOT_RUNNING');
    this.queue.push(item);
    if (this.isDraining) return;
    this.isDraining = true;
    this.draining = this.outside(() => this.drain());
  }

  private async drain(): Promise<void> {
    try {
      for (let item = this.queue.shift(); item; item = this.queue.shift()) {
        if (this.stopped) item.done('NOT_RUNNING');
        else await this.handle(item);
      }
    } finally {
      this.isDraining = false;
    }
  }

  private async handle(item: Queued): Promise<void> {
    const decided = this.decide(item.event);
    if (!decided) return item.done('NOT_RUNNING');
    const { state, effects, refusal } = decided;
    const before = this.state;
    this.state = state;
    if (item.event.type === 'paired' && item.event.connection === before.connection)
      this.telling.link = item.event.link;
    // From here on, or what is queued behind it would open another socket that nobody ends.
    if (item.event.type === 'stop') this.stopped = true;
    this.noteReach();
    this.telling.tell(this.seen, item.event);
    this.armTimer();
    item.done(refusal);
    this.look();
    for (const effect of effects) await this.perform(effect);
  }

  private noteReach(): void {
    const { reach } = this.context;
    if (this.stopped) reach.forget(this.outletId);
    else reach.note(this.outletId, this.state.phase);
  }

  /** A fault of the machine costs one event, not the session and whoever waits for an answer. */
  private decide(event: SessionEvent): Transition | null {
    try {
      const { clock, reach } = this.context;
      const others = reach.others(this.outletId);
      const state = { ...inStep(this.state, clock.skew()), lastSeen: this.lastSeen, others };
      return transition(state, event, clock.now());
    } catch (error) {
      const reason = messageOf(error);
      this.context.logger.error(`Outlet ${this.outletId} could not decide on ${event.type}: ${reason}`);
      return null;
    }
  }

  private async perform(effect: Effect): Promise<void> {
    try {
      if (effect.type === 'rewrite') return this.telling.write(this.seen, effect.found);
      if (effect.type === 'refresh-version') {
        void this.context.version.refresh().then((changed) => this.post({ type: 'version-refreshed', changed }));
        return;
      }
      if (effect.type === 'note-stall') return this.noteStall();
      if (effect.type === 'unlink') return this.unlink(effect.number);
      if (effect.type === 'quarantine') return await this.setAside(effect);
      await this.socket.perform(effect, this.state.outlet.number);
    } catch (error) {
      if (error instanceof FencedWrite) return this.onFenced(this);
      this.context.logger.error(`${effect.type} failed for outlet ${this.outletId}: ${messageOf(error)}`);
    }
  }

  private noteStall(): void {
    const givenUp = this.socket.noteStall();
    if (givenUp === 0) return;
    this.context.givenUp.mail += givenUp;
    this.context.logger.warn(
      `Outlet ${this.outletId}: ${givenUp} incoming stanzas held up all others twice, and are acknowledged unread`,
    );
    this.post({ type: 'mail-given-up' });
  }

  /** The row says so before the link is gone, or a kill in between would take the reason along; for as long as a write may take. */
  private async setAside(effect: Effect & { type: 'quarantine' }): Promise<void> {
    await this.recorded(STORE_DEADLINE_MS);
    await this.socket.perform(effect, this.state.outlet.number);
    this.post({ type: 'set-aside' });
  }

  /** Nobody waits for it: the socket is nobody's from here on. */
  private unlink(number: string | null): void {
    const owed = (): void => (number === null ? undefined : this.post({ type: 'leave-owed', number }));
    const late = setTimeout(owed, LEAVE_TOLD_AFTER_MS);
    void this.socket.takeLeave(number).then((told) => {
      clearTimeout(late);
      if (!told) owed();
      else if (number !== null) this.post({ type: 'leave-taken', number });
    });
  }

  private armTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    const at = this.stopped ? null : wakeAt(this.state);
    const wait = at === null ? null : Math.min(LONGEST_TIMER_MS, Math.max(0, at - this.context.clock.now()));
    this.timer = wait === null ? null : setTimeout(() => this.post({ type: 'tick' }), Math.ceil(wait));
  }
}
