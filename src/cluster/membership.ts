import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { AppInfoState } from '../app-info/app-info.js';
import { EventBus } from '../common/event-bus.js';
import { Config } from '../config/config.js';
import { Reservation } from '../database/reservation.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { ClusterBus } from './cluster-bus.js';
import type { Spread } from './domain/fair-share.js';
import { StillNodes } from './domain/still-nodes.js';
import { Heartbeat } from './heartbeat.js';
import { NodeIdentity } from './node-identity.js';
import { NodeRoster, type Roster } from './roster.js';

/** After so long without a beat that anybody saw a node is taken for dead. */
const TTL_MS = 12_000;

/**
 * This process as one node of the cluster. It beats in a row of its own; whoever sees that row stand still for the time
 * to live, by its own monotonic clock, buries it, and what it owned is free. Who has the database to itself is a cluster
 * of one: it needs no proof that it lives, and buries what was there before it at once.
 */
@Injectable()
export class Membership {
  private readonly logger = new Logger('Cluster');
  private readonly still = new StillNodes(TTL_MS);
  /** Whether the database is this process's alone. */
  readonly isAlone: boolean;
  private left = false;
  private eldest: boolean;
  /** Under which id it has yet to come back. */
  private awaited: string | null = null;
  private readonly heart = new Heartbeat({
    beat: () => this.beat(),
    onBuried: () => this.beginAnew(),
    // Who was blind has seen nobody miss a beat.
    onBlind: () => this.still.forget(),
    onFence: (suspended) => this.onFence(suspended),
  });

  constructor(
    private readonly identity: NodeIdentity,
    private readonly roster: NodeRoster,
    private readonly dataSource: SystemDataSource,
    private readonly reservation: Reservation,
    private readonly bus: EventBus,
    private readonly others: ClusterBus,
    private readonly config: Config,
    private readonly info: AppInfoState,
  ) {
    this.isAlone = !config.database.severalNodes;
    this.eldest = this.isAlone;
  }

  /** Whether no node that stays has been there for longer, as it was last seen. */
  get isEldest(): boolean {
    return this.eldest;
  }

  /** Whether nobody else can have been given what this node owns. */
  mayAct(): boolean {
    return this.isAlone || this.heart.isConfirmed;
  }

  async join(): Promise<void> {
    const enteredAt = performance.now();
    await this.enter();
    if (this.isAlone) await this.roster.strikeOthers(this.identity.id);
    this.heart.start(enteredAt);
  }

  /** Buries who does not beat any more; answers how the outlets are spread. */
  async look(): Promise<Spread> {
    const roster = await this.roster.read();
    if (this.isAlone) await this.strikeStrangers(roster);
    else if (await this.bury(roster)) return this.look();
    if (!this.isAlone) this.noteEldest(roster);
    return this.spreadOf(roster);
  }

  /** From now on others take what this node lets go. */
  announceLeaving(): Promise<void> {
    return this.roster.announceLeaving(this.identity.id);
  }

  /** What was not let go is free for whoever finds no such node. */
  async leave(): Promise<void> {
    this.left = true;
    this.heart.stop();
    await this.roster.strike(this.identity.id);
  }

  private async beat(): Promise<boolean> {
    const isThere = await this.roster.beat(this.identity.id);
    if (isThere) this.awaited = null;
    return isThere;
  }

  /** One that another Koneksi shut out may have come back for a moment, and died with what it claimed. */
  private async strikeStrangers({ nodes }: Roster): Promise<void> {
    const isIn = nodes.some(({ id }) => id === this.identity.id);
    if (isIn && nodes.length > 1 && (await this.reservation.holds())) await this.roster.strikeOthers(this.identity.id);
  }

  private noteEldest({ nodes }: Roster): void {
    const wasEldest = this.eldest;
    this.eldest = nodes.find(({ leaving }) => !leaving)?.id === this.identity.id;
    if (this.eldest && !wasEldest) this.bus.publish('duties.taken', {});
  }

  private async enter(): Promise<void> {
    const { host, port } = this.config.http;
    const name = host === '0.0.0.0' || host === '::' ? hostname() : host;
    await this.roster.enter({
      id: this.identity.id,
      url: `http://${name.includes(':') ? `[${name}]` : name}:${port}`,
      version: this.info.version,
      schemaVersion: newestOf(this.dataSource.migrations.map(({ name: step }) => step ?? '')),
    });
    this.bus.publish('node.joined', { nodeId: this.identity.id });
  }

  private spreadOf({ nodes, outlets }: Roster): Spread {
    const mine = nodes.find(({ id }) => id === this.identity.id);
    const owned = { outlets, mine: mine?.owned ?? 0 };
    if (this.isAlone) return { ...owned, nodes: 1, heirs: 1, isHeir: mine !== undefined, leaving: 0 };
    const staying = nodes.filter(({ leaving }) => !leaving);
    const newest = newestOf(staying.map(({ schemaVersion }) => schemaVersion));
    const heirs = staying.filter(({ schemaVersion }) => schemaVersion === newest);
    return {
      ...owned,
      nodes: staying.length,
      heirs: heirs.length,
      isHeir: mine !== undefined && heirs.includes(mine),
      leaving: nodes.reduce((sum, node) => sum + (node.leaving ? node.owned : 0), 0),
    };
  }

  private async bury({ nodes }: Roster): Promise<boolean> {
    const still = new Set(this.still.note(nodes, performance.now()));
    let buried = false;
    for (const { id, beats } of nodes) {
      if (!still.has(id) || id === this.identity.id || !this.mayAct()) continue;
      if (!(await this.roster.bury(id, beats))) continue;
      buried = true;
      this.logger.warn(`Node ${id} does not beat any more; what it owned is free`);
      this.bus.publish('node.buried', { nodeId: id });
    }
    return buried;
  }

  /** What this incarnation owned may be another's. The next one begins with nothing. @throws where that may not be yet */
  private async beginAnew(): Promise<void> {
    if (this.left) return;
    if (this.awaited !== this.identity.id) await this.endIncarnation();
    if (this.isAlone && !(await this.reservation.holds()))
      throw new Error('the database is not reserved to this process any more');
    if (!this.left) await this.enter();
  }

  private async endIncarnation(): Promise<void> {
    this.logger.warn('This node was taken for dead; it begins anew, with nothing');
    this.eldest = this.isAlone;
    this.bus.publish('node.lost', { nodeId: this.identity.id });
    const next = this.identity.begin();
    await this.others.answerTo(next);
    this.awaited = next;
  }

  private onFence(suspended: boolean): void {
    if (this.isAlone) return;
    if (suspended)
      this.logger.warn('No beat was confirmed for too long; sockets are ended before others may open them');
    else this.logger.log('This node beats again; its sockets are opened');
    this.bus.publish(suspended ? 'node.suspended' : 'node.resumed', {});
  }
}

/** Steps of the database are named by when they were made, in milliseconds. */
const newestOf = (steps: readonly string[]): string => steps.toSorted((a, b) => stampOf(a) - stampOf(b)).at(-1) ?? '';
const stampOf = (name: string): number => Number(name.slice(-13));
