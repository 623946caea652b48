import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { Candidate } from '../cluster/domain/fair-share.js';
import { Membership } from '../cluster/membership.js';
import { EventBus } from '../common/event-bus.js';
import { OutletBin } from '../outlets/bin/outlet-bin.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { CredentialStore, type StoredLink } from './credentials/credential-store.js';
import { NO_TRIES } from './domain/link-tries.js';
import { fromKept } from './domain/new-chats.js';
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

/** How long removing an outlet waits for WhatsApp to take its device off the phone. */
const LEAVE_WITHIN_MS = 5_000;

/** How long whoever saves an outlet waits until its session told of it. */
const KNOWN_WITHIN_MS = 5_000;

/** The live sessions of this process: one actor for each outlet that it owns. */
@Injectable()
export class SessionRegistry {
  private readonly logger = new Logger('WaSession');
  private readonly actors = new Map<string, SessionActor>();
  /** Adding and removing outlets happens one after the other. */
  private changing: Promise<void> = Promise.resolve();
  private readonly wanted = new Set<string>();
  private stopping = false;
  /** Let go, but not free for others yet. */
  private readonly departing = new Set<string>();
  /** Sessions of removed outlets that are still taking leave. */
  private readonly parting = new Set<Promise<void>>();
  /** Sessions are made outside the request that asked for one; a request's context would live as long as they. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly context: SessionContext,
    private readonly rows: OutletRows,
    private readonly ownership: SessionOwnership,
    private readonly store: CredentialStore,
    private readonly membership: Membership,
    outlets: OutletsService,
    bin: OutletBin,
    private readonly bus: EventBus,
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
    bus.on('store.back', () => this.backInAction());
    bus.on('node.suspended', () => this.forEach((actor) => actor.post({ type: 'store-lost' })));
    bus.on('node.resumed', () => this.backInAction());
    bus.on('node.lost', () => this.dropAll());
  }

  /** What sessions need before there is the first. */
  async prepare(): Promise<void> {
    await this.context.version.ready();
  }

  /** Ends everything that is left, and writes what it has to say. */
  async stop(): Promise<void> {
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

  /** Sessions for those of these outlets that have none and that nobody owns; resolves when they exist. */
  add(outletIds: readonly string[]): Promise<void> {
    for (const outletId of outletIds) this.wanted.add(outletId);
    return this.change(async () => {
      // Whoever was made meanwhile comes along; their own turn then finds nothing to do.
      const missing = [...this.wanted].filter((outletId) => !this.actors.has(outletId));
      this.wanted.clear();
      if (missing.length === 0) return;
      await this.ownership.provide(missing);
      await this.adopt(await this.ownership.claim(missing.length, missing));
    });
  }

  /** Claims so many of the outlets that nobody owns; answers how many it got, once their sessions exist. */
  async claim(atMost: number): Promise<number> {
    let claimed: Ownership[] = [];
    await this.change(async () => {
      claimed = await this.ownership.claim(atMost);
      await this.adopt(claimed);
    });
    return claimed.length;
  }

  /** Sessions for what this node owns and has none of: claimed, and then the database went away. */
  adoptOwn(): Promise<void> {
    return this.change(async () => {
      const own = await this.rows.ownedBy(this.ownership.owner);
      const owned = own.flatMap(({ outletId, epoch }) =>
        epoch === null || this.actors.has(outletId) || this.departing.has(outletId)
          ? []
          : [{ outletId, owner: this.ownership.owner, epoch }],
      );
      await this.adopt(owned);
    });
  }

  /** What could be let go, and what that would disturb. */
  candidates(): Candidate[] {
    return [...this.actors.values()].map(({ outletId, disturbance }) => ({ outletId, disturbance }));
  }

  /** Ends these sessions, then lets whoever has room go on with them. What cannot be written stays this node's. */
  async letGo(outletIds: readonly string[]): Promise<void> {
    const actors = outletIds.map((outletId) => this.actors.get(outletId)).filter((actor) => actor !== undefined);
    for (const { outletId } of actors) {
      this.departing.add(outletId);
      this.actors.delete(outletId);
    }
    try {
      await Promise.all(actors.map((actor) => actor.letGo()));
      await this.ownership.letGo(actors.map(({ owner }) => owner));
      this.bus.publish('outlets.let-go', { nodeId: this.ownership.owner });
    } finally {
      for (const { outletId } of actors) this.departing.delete(outletId);
    }
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

  /** Read after they were claimed: everything that their owners before had to write is there. */
  private async adopt(owned: readonly Ownership[]): Promise<void> {
    if (owned.length === 0) return;
    const owners = new Map(owned.map((owner) => [owner.outletId, owner]));
    const [rows, linked, owed] = await Promise.all([
      this.rows.some([...owners.keys()]),
      this.store.links(),
      this.context.farewells.owed(),
    ]);
    for (const row of rows) {
      const owner = owners.get(row.outletId)!;
      // Nobody would end a session that is born while all others are ended, or under an incarnation that is over.
      if (this.stopping || owner.owner !== this.ownership.owner) continue;
      this.start(row, owner, linked.get(row.outletId), owed.get(row.outletId) ?? []);
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
        newChats: fromKept(record?.limits ?? null),
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
      () => new SessionActor(this.context, state, owner, written, (lost) => void this.lose(lost)),
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

  /** Its claim is not the newest any more, or its row is gone. Whoever has it now goes on. */
  async lose(outletId: string): Promise<void> {
    const lost = this.actors.get(outletId);
    if (!lost || this.stopping) return;
    // A deleted outlet takes its lease along, which looks the same.
    if (!(await this.exists(outletId))) return this.remove(outletId);
    if (this.actors.get(outletId) !== lost) return;
    this.actors.delete(outletId);
    this.logger.warn(`Outlet ${outletId} was claimed by another process; its session here ends`);
    await lost.stop(false);
  }

  /** Of the incarnation that is over: nobody finds them from here on, and nothing else is claimed before they ended. */
  private dropAll(): void {
    const lost = [...this.actors.values()];
    this.actors.clear();
    const ended = Promise.all(lost.map((actor) => actor.stop(false)));
    void this.change(async () => void (await ended));
  }

  private backInAction(): void {
    if (this.membership.mayAct()) this.forEach((actor) => actor.post({ type: 'store-back' }));
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
