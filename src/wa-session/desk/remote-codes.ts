import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { PasskeyChange } from '@koneksi/contracts/passkey';
import { ClusterBus } from '../../cluster/cluster-bus.js';
import { NodeIdentity } from '../../cluster/node-identity.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { OutletCommands } from './outlet-commands.js';
import { SessionRegistry } from '../session-registry.js';
import { shownBy, type ShownCodes } from './shown-codes.js';

/** How long a node is taken to watch after it said so; it says so again three times as often. Milliseconds. */
const WATCHED_FOR_MS = 30_000;
const ASK_WITHIN_MS = 3_000;
const TOPIC = 'codes';

/** Which nodes watch, asked and told under the outlet. */
interface Watching {
  readonly node: string;
  /** `null`: looks once. */
  readonly watched: boolean | null;
}

/** What the owner of an outlet tells those who watch its codes elsewhere. Travels sealed. */
interface Told {
  readonly codes: ShownCodes;
  readonly passkey: PasskeyChange | null;
}

/**
 * The codes of outlets whose sessions run on other nodes, for those who watch them here; and, of the sessions that run
 * here, who watches elsewhere. Watching is said again and again, so that it outlives a move and no node's death.
 */
@Injectable()
export class RemoteCodes implements OnApplicationBootstrap {
  /** What was last told of outlets elsewhere. */
  private readonly shown = new Map<string, ShownCodes>();
  /** Outlets that somebody watches on this node. */
  private readonly watchedHere = new Set<string>();
  /** By outlet and node: until when it is taken to watch, by the monotonic clock. */
  private readonly watchers = new Map<string, Map<string, number>>();
  private readonly ask: (outletId: string, watching: Watching) => Promise<ShownCodes | null>;

  constructor(
    private readonly registry: SessionRegistry,
    private readonly commands: OutletCommands,
    private readonly identity: NodeIdentity,
    private readonly bus: ClusterBus,
    private readonly facts: EventBus,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
  ) {
    this.ask = commands.command('codes', ASK_WITHIN_MS, (outletId, watching: Watching) =>
      Promise.resolve(this.lookHere(outletId, watching)),
    );
    bus.subscribe(TOPIC, (told) => this.heard(told as Told));
    facts.on('outlet-qr.changed', ({ outletId }) => this.tell(outletId, null));
    facts.on('outlet-pairing-code.changed', ({ outletId }) => this.tell(outletId, null));
    facts.on('outlet-passkey.changed', (change) => this.tell(change.outletId, change));
    // Whoever takes an outlet over tells of it, and knows of no watcher yet.
    facts.on('outlet-status.changed', ({ status }) => {
      if (this.watchedHere.has(status.outletId) && !commands.isHere(status.outletId)) this.renew(status.outletId);
    });
  }

  onApplicationBootstrap(): void {
    if (!this.bus.reachesOthers) return;
    this.bus.onGap(() => this.renewAll());
    this.schedule.addInterval(
      'renew-watching',
      setInterval(() => this.renewAll(), WATCHED_FOR_MS / 3),
    );
  }

  /** As last told; for those who watch. */
  last(outletId: string): ShownCodes | null {
    return this.shown.get(outletId) ?? null;
  }

  /** What is on show now, wherever. @throws `OWNER_UNKNOWN`, `OWNER_UNANSWERED` */
  async look(outletId: string): Promise<ShownCodes | null> {
    const codes = await this.ask(outletId, { node: this.identity.id, watched: null });
    // Whoever watches here is told of it too: by the next renewal it is no news any more.
    if (codes && !this.commands.isHere(outletId)) this.keep(codes);
    return codes;
  }

  watch(outletId: string, watched: boolean): void {
    if (watched) this.watchedHere.add(outletId);
    else this.watchedHere.delete(outletId);
    this.postWatched(outletId);
    if (!this.commands.isHere(outletId)) this.renew(outletId);
  }

  private lookHere(outletId: string, { node, watched }: Watching): ShownCodes | null {
    if (watched !== null && node !== this.identity.id) {
      const nodes = this.watchers.get(outletId) ?? new Map<string, number>();
      if (watched) nodes.set(node, this.clock.now() + WATCHED_FOR_MS);
      else nodes.delete(node);
      this.watchers.set(outletId, nodes);
      this.postWatched(outletId);
    }
    const actor = this.registry.find(outletId);
    return actor ? shownBy(actor) : null;
  }

  private postWatched(outletId: string): void {
    const watched = this.watchedHere.has(outletId) || (this.watchers.get(outletId)?.size ?? 0) > 0;
    if (!watched) this.watchers.delete(outletId);
    this.registry.find(outletId)?.post({ type: 'watched', watched });
  }

  private tell(outletId: string, passkey: PasskeyChange | null): void {
    const actor = this.registry.find(outletId);
    if (actor && this.watchers.has(outletId)) this.bus.publish(TOPIC, { codes: shownBy(actor), passkey });
  }

  private heard({ codes, passkey }: Told): void {
    const { outletId } = codes;
    if (!this.watchedHere.has(outletId) || this.registry.find(outletId)) return;
    this.keep(codes);
    if (passkey) this.facts.publish('outlet-passkey.changed', passkey);
  }

  private keep(codes: ShownCodes): void {
    const before = this.shown.get(codes.outletId);
    this.shown.set(codes.outletId, codes);
    if (before?.qr.qr !== codes.qr.qr) this.facts.publish('outlet-qr.changed', codes.qr);
    if (JSON.stringify(before?.code) !== JSON.stringify(codes.code))
      this.facts.publish('outlet-pairing-code.changed', codes.code);
  }

  /** Also takes up what was told while nobody listened. */
  private renew(outletId: string): void {
    const watched = this.watchedHere.has(outletId);
    this.ask(outletId, { node: this.identity.id, watched }).then(
      (codes) => codes && watched && this.watchedHere.has(outletId) && this.keep(codes),
      // Nobody owns it now; the next round asks again.
      () => undefined,
    );
  }

  private renewAll(): void {
    const now = this.clock.now();
    for (const [outletId, nodes] of this.watchers) {
      for (const [node, until] of nodes) if (until < now) nodes.delete(node);
      this.postWatched(outletId);
    }
    for (const outletId of this.shown.keys()) {
      if (!this.watchedHere.has(outletId) || this.registry.find(outletId)) this.shown.delete(outletId);
    }
    for (const outletId of this.watchedHere) {
      if (this.registry.find(outletId)) this.postWatched(outletId);
      else this.renew(outletId);
    }
  }
}
