import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Candidate } from '../cluster/domain/fair-share.js';
import { Membership } from '../cluster/membership.js';
import { withDeadline } from '../common/deadline.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { OutletBin } from '../outlets/bin/outlet-bin.js';
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
import { whenRecorded } from './when-recorded.js';

/** How long removing an outlet waits for WhatsApp to take its device off the phone. */
const LEAVE_WITHIN_MS = 5_000;

/** How long whoever saves an outlet waits until its session told of it. */
const KNOWN_WITHIN_MS = 5_000;

/** How long whoever ends this process waits for what is being changed; the database may not answer. */
const CHANGED_WITHIN_MS = 1_000;

/** How long outlets that leave wait for WhatsApp's answer to what they sent; nobody is looked after meanwhile. */
const ANSWERED_WITHIN_MS = 5_000;

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
  /** Sessions that nobody finds any more and that have not ended yet. */
  private readonly parting = new Set<Promise<void>>();
  /** Sessions are made outside the request that asked for one; a request's context would live as long as they. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly context: SessionContext,
    private readonly rows: OutletRows,
    private readonly ownership: SessionOwnership,
    private readonly store: CredentialStore,
    private readonly membership: Membership,
    bin: OutletBin,
    private readonly bus: EventBus,
  ) {
    for (const table of COMES_BACK) bin.keep(table);
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
    await Promise.race([this.changing, pause(CHANGED_WITHIN_MS, undefined, { ref: false })]);
    this.forEach((actor) => void this.end(actor, false));
    await Promise.all(this.parting);
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
      if (missing.length === 0 || this.stopping) return;
      await this.ownership.provide(missing);
      await this.adopt(await this.ownership.claim(missing.length, missing));
    });
  }

  /** Claims so many of the outlets that nobody owns; answers how many it got, once their sessions exist. @throws where it cannot */
  claim(atMost: number): Promise<number> {
    return this.inTurn(async () => {
      if (this.stopping) return 0;
      const claimed = await this.ownership.claim(atMost);
      await this.adopt(claimed);
      return claimed.length;
    });
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

  /**
   * Ends these sessions once what they are sending is answered, then lets whoever has room go on with them. What cannot be
   * written stays this node's.
   */
  async letGo(outletIds: readonly string[]): Promise<void> {
    const actors = outletIds.map((outletId) => this.actors.get(outletId)).filter((actor) => actor !== undefined);
    for (const { outletId } of actors) {
      this.departing.add(outletId);
      this.actors.delete(outletId);
    }
    await this.answered(actors.map(({ outletId }) => outletId));
    const all = await this.free(actors);
    for (const { outletId } of actors) this.departing.delete(outletId);
    if (!all) await this.adoptOwn();
  }

  /** A socket that ended amid a message would leave open whether it left. */
  private async answered(outletIds: readonly string[]): Promise<void> {
    const settled = whenRecorded((waitFor) => this.bus.publish('outlets.departed', { outletIds, waitFor }));
    await withDeadline(settled, ANSWERED_WITHIN_MS, 'what they were sending').catch((error: unknown) =>
      this.logger.warn(`Outlets are let go amid a message: ${messageOf(error)}`),
    );
  }

  /** Once every one of them ended, or failed to. Answers whether all are free. */
  private async free(actors: readonly SessionActor[]): Promise<boolean> {
    const ended = await Promise.allSettled(actors.map((actor) => actor.letGo()));
    const faults = ended.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
    try {
      await this.ownership.letGo(actors.filter((_, at) => ended[at]?.status === 'fulfilled').map(({ owner }) => owner));
      this.bus.publish('outlets.let-go', { nodeId: this.ownership.owner });
    } catch (error) {
      faults.push(error);
    }
    if (faults.length > 0) this.logger.warn(`Not every outlet could be let go: ${messageOf(faults[0])}`);
    return faults.length === 0;
  }

  /** Ends the session of an outlet that is gone. The word of that may come when it is back, under another claim. */
  remove(outletId: string): Promise<void> {
    return this.change(async () => {
      const actor = this.actors.get(outletId);
      if (actor && !(await this.isBack(actor))) this.part(actor);
    });
  }

  /** Tells that an outlet is gone, then ends its session and the device with it; no other outlet waits for that. */
  private part(actor: SessionActor): void {
    this.actors.delete(actor.outletId);
    this.context.journal.recordRemoval(actor.outletId);
    void this.end(actor, true);
  }

  /** Nobody finds it from here on; whoever ends this process waits for it. */
  private end(actor: SessionActor, unlink: boolean): Promise<void> {
    if (this.actors.get(actor.outletId) === actor) this.actors.delete(actor.outletId);
    const ending = actor
      .stop(unlink)
      .catch((error: unknown) => this.logger.warn(`A session did not end: ${messageOf(error)}`))
      .finally(() => this.parting.delete(ending));
    this.parting.add(ending);
    return ending;
  }

  /** Takes an outlet that is about to be removed off its phone, where that can be done in time. */
  async takeLeave(outletId: string): Promise<void> {
    await this.actors.get(outletId)?.takeLeave(LEAVE_WITHIN_MS);
  }

  /** A saved outlet is known to every interface once its session told of it. */
  async follow(outletId: string): Promise<void> {
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
    // What came back, or was lost and is ours again, before its former session heard of that.
    const former = owned.flatMap(({ outletId }) => this.actors.get(outletId) ?? []);
    await Promise.all(former.map((actor) => this.end(actor, false)));
    const owners = new Map(owned.map((owner) => [owner.outletId, owner]));
    const [rows, linked, owed] = await Promise.all([
      this.rows.some([...owners.keys()]),
      this.store.links([...owners.keys()]),
      this.context.farewells.owed(),
    ]);
    for (const row of rows) {
      const owner = owners.get(row.outletId)!;
      // Nobody would end a session that is born while all others are ended, or under an incarnation that is over.
      if (this.stopping || owner.owner !== this.ownership.owner) continue;
      this.start(row, owner, linked.get(row.outletId), owed.get(row.outletId) ?? []);
    }
    this.bus.publish('outlets.claimed', { outletIds: rows.map(({ outletId }) => outletId) });
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
        listeningSince: record?.listeningSince ?? null,
        clientPinned: this.context.version.pinned,
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

  /**
   * The session's claim is not the newest any more, or its row is gone. Whoever has the outlet now goes on; this process
   * claims nothing before the session ended.
   */
  lose(lost: SessionActor): Promise<void> {
    const { outletId } = lost;
    return this.change(async () => {
      if (this.stopping || this.actors.get(outletId) !== lost) return;
      // A deleted outlet takes its lease along, which looks the same.
      if (!(await this.exists(outletId))) return this.part(lost);
      this.logger.warn(`Outlet ${outletId} was claimed by another process; its session here ends`);
      await this.end(lost, false);
    });
  }

  /** Of the incarnation that is over: nobody finds them from here on, and nothing else is claimed before they ended. */
  private dropAll(): void {
    const ended = Promise.all([...this.actors.values()].map((actor) => this.end(actor, false)));
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

  private async isBack({ outletId, owner }: SessionActor): Promise<boolean> {
    const rows = await this.rows.some([outletId]).catch(() => []);
    return rows.some(({ epoch }) => epoch === owner.epoch);
  }

  private change(work: () => Promise<void>): Promise<void> {
    return this.inTurn(work).catch((error: unknown) =>
      this.logger.error(`Sessions could not follow the outlets: ${messageOf(error)}`),
    );
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.changing.then(work);
    this.changing = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  private forEach(visit: (actor: SessionActor) => void): void {
    for (const actor of this.actors.values()) visit(actor);
  }
}
