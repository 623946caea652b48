import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBus } from '../common/event-bus.js';
import { OutletBin } from '../outlets/bin/outlet-bin.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { CredentialStore, type StoredLink } from './credentials/credential-store.js';
import { NO_TRIES } from './domain/link-tries.js';
import { fromLimits } from './domain/new-chats.js';
import type { OwedLeave } from './domain/owed-leaves.js';
import { allowanceOf, PROVED_MS, usedBefore, type OpensTold } from './domain/open-limit.js';
import { toRecord, type SessionRecord } from './domain/session-record.js';
import type { Opens } from './domain/session-state.js';
import { beginning } from './domain/transition.js';
import { lossesTold, unreadTold } from './domain/warnings.js';
import { COMES_BACK } from './comes-back.js';
import { OutletRows, type OutletRow } from './outlet-rows.js';
import type { Ownership } from './fence.js';
import { SessionOwnership } from './ownership.js';
import { SessionActor } from './session-actor.js';
import { SessionContext } from './session-context.js';

/** Before an outlet lost to another claim is claimed again, so that two processes cannot spin. */
const RECLAIM_AFTER_MS = 1_000;

/** How long removing an outlet waits for WhatsApp to take its device off the phone. */
const LEAVE_WITHIN_MS = 5_000;

/** How long whoever saves an outlet waits until its session told of it. */
const KNOWN_WITHIN_MS = 5_000;

/** The live sessions of this process: one actor per outlet, from start to shutdown. */
@Injectable()
export class SessionRegistry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('WaSession');
  private readonly actors = new Map<string, SessionActor>();
  /** Adding and removing outlets happens one after the other. */
  private changing: Promise<void> = Promise.resolve();
  private readonly wanted = new Set<string>();
  private stopping = false;
  /** Sessions of removed outlets that are still taking leave. */
  private readonly parting = new Set<Promise<void>>();
  /** Sessions are made outside the request that asked for one; a request's context would live as long as they. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly context: SessionContext,
    private readonly rows: OutletRows,
    private readonly ownership: SessionOwnership,
    private readonly store: CredentialStore,
    outlets: OutletsService,
    bin: OutletBin,
    bus: EventBus,
  ) {
    for (const table of COMES_BACK) bin.keep(table);
    outlets.beforeRemoving(async (outletId) => this.actors.get(outletId)?.takeLeave(LEAVE_WITHIN_MS));
    outlets.afterSaving((outletId) => this.follow(outletId));
    bus.on('outlet.removed', ({ outletId }) => void this.remove(outletId));
    // Whatever waits for an instant is armed anew.
    bus.on('clock.stepped', () => this.forEach((actor) => actor.post({ type: 'tick' })));
    bus.on('client-version.known', ({ knownAt: at, isNew }) =>
      this.forEach((actor) => {
        actor.post({ type: 'client-known', at });
        // Whoever was refused for the old one need not wait.
        if (isNew) actor.post({ type: 'version-refreshed', changed: true });
      }),
    );
    bus.on('store.lost', () => this.forEach((actor) => actor.post({ type: 'store-lost' })));
    bus.on('store.back', () => this.forEach((actor) => actor.post({ type: 'store-back' })));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.context.version.ready();
    const rows = await this.rows.all();
    await this.adopt(rows);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.changing;
    await Promise.all([...this.parting, ...[...this.actors.values()].map((actor) => actor.stop(false))]);
    await this.context.journal.finish();
  }

  find(outletId: string): SessionActor | undefined {
    return this.actors.get(outletId);
  }

  all(): Iterable<SessionActor> {
    return this.actors.values();
  }

  /** Sessions for outlets that have none yet; resolves when they exist. */
  add(outletIds: readonly string[]): Promise<void> {
    for (const outletId of outletIds) this.wanted.add(outletId);
    return this.change(async () => {
      // Whoever was made meanwhile comes along; their own turn then finds nothing to do.
      const missing = [...this.wanted].filter((outletId) => !this.actors.has(outletId));
      this.wanted.clear();
      if (missing.length > 0) await this.adopt(await this.rows.some(missing));
    });
  }

  /** Tells that an outlet is gone, then ends its session and the device with it; no other outlet waits for that. */
  remove(outletId: string): Promise<void> {
    return this.change(async () => {
      const actor = this.actors.get(outletId);
      if (!actor) return;
      this.actors.delete(outletId);
      this.context.journal.recordRemoval(outletId);
      this.part(actor);
    });
  }

  private part(actor: SessionActor): void {
    const parting = actor.stop(true).catch((error: unknown) => {
      this.logger.warn(
        `A removed outlet's session did not end: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
    });
    this.parting.add(parting);
    void parting.finally(() => this.parting.delete(parting));
  }

  /** A saved outlet is known to every interface once its session told of it. */
  private async follow(outletId: string): Promise<void> {
    // One that was brought back may still be on its way out.
    await this.changing;
    if (this.actors.has(outletId)) await this.refreshSettings(outletId);
    else await this.add([outletId]);
    await this.actors.get(outletId)?.recorded(KNOWN_WITHIN_MS);
  }

  private async refreshSettings(outletId: string): Promise<void> {
    await this.change(async () => {
      const [row] = await this.rows.some([outletId]);
      if (row) await this.actors.get(outletId)?.ask({ type: 'settings-changed', outlet: row.outlet });
    });
  }

  private async adopt(rows: OutletRow[]): Promise<void> {
    const [owners, linked, owed] = await Promise.all([
      this.ownership.claim(rows.map((row) => row.outletId)),
      this.store.links(),
      this.context.farewells.owed(),
    ]);
    for (const row of rows) {
      const owner = owners.get(row.outletId);
      // Nobody would end a session that is born while all others are ended.
      if (owner && !this.stopping) this.start(row, owner, linked.get(row.outletId), owed.get(row.outletId) ?? []);
    }
  }

  private start(
    { outletId, outlet, record, leaving, opens, revision }: OutletRow,
    owner: Ownership,
    link: StoredLink | undefined,
    owed: readonly OwedLeave[],
  ): void {
    const state = beginning({
      outletId,
      outlet,
      linkedNumber: link?.number ?? null,
      linkedAt: link?.linkedAt ?? null,
      sessionName: link ? (record?.sessionName ?? null) : null,
      lastSeen: record?.lastSeen ?? null,
      facts: {
        newChats: fromLimits(record?.limits ?? null),
        phoneSeenAt: record?.phoneSeenAt ?? null,
        clientKnownAt: this.context.version.knownAt,
        lostAt: lossesTold(record?.warnings ?? []),
        unreadAt: unreadTold(record?.warnings ?? []),
      },
      lastEnding: record?.lastEnding ?? null,
      tries: record?.tries ?? NO_TRIES,
      owed,
      everLinked: record?.everLinked ?? false,
      leaving: link !== undefined && leaving === link.id,
      seed: randomInt(2 ** 32 - 1),
      skew: this.context.clock.skew(),
      opens: this.used(opens, record),
    });
    // An outlet without a row yet differs from any, so that its first status is written.
    const written = { record: record ?? { ...toRecord(state), qrShown: true }, revision, link: link?.id ?? null };
    const actor = this.outside(
      () => new SessionActor(this.context, state, owner, written, (lost) => void this.reclaim(lost)),
    );
    this.actors.set(outletId, actor);
    void actor.ask({ type: 'restore', record });
  }

  private used(told: OpensTold | null, record: SessionRecord | null): Opens {
    const { clock, config } = this.context;
    const connectedAt = record?.connectedAt ?? null;
    const held = connectedAt !== null && clock.wall() - connectedAt >= PROVED_MS;
    return usedBefore(told, allowanceOf(config.whatsapp.connectBurst), held, clock.wall(), clock.now());
  }

  private async reclaim(outletId: string): Promise<void> {
    const lost = this.actors.get(outletId);
    if (!lost || this.stopping) return;
    // A deleted outlet takes its lease along, which looks the same.
    if (!(await this.exists(outletId))) return this.remove(outletId);
    if (this.actors.get(outletId) !== lost) return;
    this.actors.delete(outletId);
    this.logger.warn(`Outlet ${outletId} was claimed by another process; its session here ends`);
    await lost.stop(false);
    await pause(RECLAIM_AFTER_MS);
    await this.add([outletId]);
  }

  /** Also where the database does not say. */
  private async exists(outletId: string): Promise<boolean> {
    const rows = await this.rows.some([outletId]).catch(() => null);
    return rows === null || rows.length > 0;
  }

  private change(work: () => Promise<void>): Promise<void> {
    this.changing = this.changing.then(work).catch((error: unknown) => {
      this.logger.error(
        `Sessions could not follow the outlets: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
    });
    return this.changing;
  }

  private forEach(visit: (actor: SessionActor) => void): void {
    for (const actor of this.actors.values()) visit(actor);
  }
}
