import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { CredentialStore, STORE_DEADLINE_MS } from './credentials/credential-store.js';
import { withDeadline } from '../common/deadline.js';
import { messageOf } from '../common/message-of.js';
import { liveStatus } from './domain/live-proof.js';
import { planReconcile, type Compared, type Correction } from './domain/reconcile-plan.js';
import { OutletRows } from './outlet-rows.js';
import { SessionOwnership } from './ownership.js';
import { SessionActor } from './session-actor.js';
import { SessionContext } from './session-context.js';
import { SessionRegistry } from './session-registry.js';

const SCHEDULE = 'reconcile-sessions';
const WATCH_SCHEDULE = 'watch-silence';
/** How long mail may lie unread while WhatsApp answers. Looked at every few seconds, so it is found within a minute. */
const STALL_BORNE_MS = 30_000;
const PURGE_EVERY_MS = 60 * 60_000;

/** Compares every row with its socket on schedule, takes live as the truth, and counts what differed. */
@Injectable()
export class SessionReconciler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Baileys');
  private running: Promise<number> | null = null;
  private purgedAt = 0;
  private watchedAt = 0;
  private wasLate = false;
  /** Rows and sockets found to differ since the start. */
  driftFound = 0;
  /** Connections replaced because they answered but read no mail. */
  stallsFound = 0;

  constructor(
    private readonly registry: SessionRegistry,
    private readonly context: SessionContext,
    private readonly rows: OutletRows,
    private readonly ownership: SessionOwnership,
    private readonly store: CredentialStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    const every = this.context.config.reconcileIntervalMs;
    this.schedule.addInterval(
      SCHEDULE,
      setInterval(() => void this.reconcile(), every),
    );
    // Looking at a socket costs nothing; a quarter of the keep-alive finds a dead one well before the next full round.
    const watchEvery = Math.max(250, Math.min(5_000, this.context.config.whatsapp.keepAliveMs / 4));
    this.schedule.addInterval(
      WATCH_SCHEDULE,
      setInterval(() => this.watch(watchEvery), watchEvery),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.schedule.deleteInterval(SCHEDULE);
    this.schedule.deleteInterval(WATCH_SCHEDULE);
    await this.running;
  }

  /** One round for all outlets of this node; a round under way is joined, not doubled. Answers how many differed. */
  reconcile(): Promise<number> {
    this.running ??= this.round()
      .catch((error: unknown) => {
        this.logger.warn(`Reconciling was skipped: ${messageOf(error)}`);
        this.context.journal.suspect(error);
        return 0;
      })
      .finally(() => (this.running = null));
    return this.running;
  }

  private async round(): Promise<number> {
    const stamps = new Map([...this.registry.all()].map((actor) => [actor, actor.telling.stamp]));
    if (!this.context.membership.mayAct()) return 0;
    await withDeadline(this.ownership.provide(), STORE_DEADLINE_MS, 'looking for new outlets');
    const own = this.rows.ownedBy(this.ownership.owner);
    const rows = await withDeadline(own, STORE_DEADLINE_MS, 'reconcile read');
    this.tellStoreIsBack();
    await this.followOutlets(new Set(rows.map((row) => row.outletId)), stamps.keys());
    const compared = rows.flatMap(({ outletId, outlet, record }): Compared[] => {
      const actor = this.registry.find(outletId);
      // What is being written right now differs by nature; the next round sees it settled.
      if (!actor || actor.telling.writing || actor.telling.stamp !== stamps.get(actor)) return [];
      this.logLiveCheck(actor);
      return [
        {
          outletId,
          outlet: { stored: outlet, live: actor.outlet },
          record: { stored: record, live: actor.record },
          proof: actor.proof(),
        },
      ];
    });
    const corrections = planReconcile(compared);
    for (const correction of corrections) this.correct(correction);
    await this.writeLastSeen();
    await this.purgeQuarantine();
    return corrections.length;
  }

  /** An outage too short to be told may still have cost a session a write that it owes. */
  private tellStoreIsBack(): void {
    for (const actor of this.registry.all()) if (actor.hasLeftBehind) actor.post({ type: 'store-back' });
  }

  /**
   * Outlets that are ours and have no session, and those that are ours no more: deleted behind our back, or another's.
   * @param known the sessions there were before `stored` was read: one made meanwhile is missing there by nature.
   */
  private async followOutlets(stored: ReadonlySet<string>, known: Iterable<SessionActor>): Promise<void> {
    if ([...stored].some((outletId) => !this.registry.find(outletId))) await this.registry.adoptOwn();
    for (const actor of known) {
      if (!stored.has(actor.outletId)) await this.registry.lose(actor);
    }
  }

  private correct(correction: Correction): void {
    const actor = this.registry.find(correction.outletId);
    if (!actor) return;
    if (correction.type !== 'settings-changed') {
      this.driftFound++;
      const status = correction.type === 'drift-found' ? actor.record.status : 'CONNECTING';
      this.logger.log(`[Baileys] syncing to ${status}: outlet=${correction.outletId}`);
    }
    actor.post(correction);
  }

  /** After a stall of ours what WhatsApp said is still unread, and silence proves nothing: that look is left out. */
  private watch(every: number): void {
    const now = this.clock.now();
    const late = now - this.watchedAt - every;
    const { maxSilenceMs, config } = this.context;
    // Once only: a process that is always late still looks.
    this.wasLate = !this.wasLate && late > (maxSilenceMs - config.whatsapp.keepAliveMs) / 2;
    this.watchedAt = now;
    if (!this.wasLate) this.watchSilence();
  }

  private watchSilence(): void {
    const bearMs = Math.min(STALL_BORNE_MS, this.context.maxSilenceMs);
    for (const actor of this.registry.all()) {
      if (actor.stalledMs > bearMs) {
        this.stallsFound++;
        this.logger.log(`[Baileys] syncing to CONNECTING: outlet=${actor.outletId}, its mail is not read any more`);
        actor.post({ type: 'inbound-stalled' });
        continue;
      }
      const proof = actor.proof();
      if (proof.status !== liveStatus(proof)) this.correct({ outletId: actor.outletId, type: 'proof-failed' });
    }
  }

  private async writeLastSeen(): Promise<void> {
    const seen = [...this.registry.all()].flatMap((actor) => {
      const { lastSeen, owner, phoneSigns } = actor;
      if (!actor.proof().websocketOpen || lastSeen === null) return [];
      const { phoneSeenAt } = phoneSigns;
      const phoneAt = phoneSeenAt === null ? null : new Date(phoneSeenAt).toISOString();
      return [{ owner, at: new Date(lastSeen).toISOString(), phoneAt }];
    });
    if (seen.length === 0) return;
    await this.context.journal.writeLastSeen(seen);
    this.bus.publish('outlet-status.seen', {
      at: new Date(this.clock.wall()).toISOString(),
      lastSeen: Object.fromEntries(seen.map(({ owner, at }) => [owner.outletId, at])),
    });
  }

  private async purgeQuarantine(): Promise<void> {
    if (this.clock.now() - this.purgedAt < PURGE_EVERY_MS) return;
    this.purgedAt = this.clock.now();
    await this.store.purgeQuarantine();
  }

  private logLiveCheck(actor: SessionActor): void {
    const { status, websocketOpen, userPresent } = actor.proof();
    const verified = status === 'CONNECTED' && websocketOpen && userPresent;
    this.logger.debug(
      `[Baileys] getSessionStatus live check: outlet=${actor.outletId} status=${status} verified=${verified}`,
    );
  }
}
