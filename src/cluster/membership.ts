import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { AppInfoState } from '../app-info/app-info.js';
import { EventBus } from '../common/event-bus.js';
import { Config } from '../config/config.js';
import { Reservation } from '../database/reservation.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { ClusterBus } from './cluster-bus.js';
import { unevenness, type Spread, type Unevenness } from './domain/fair-share.js';
import { SILENT_AFTER_MS, stayingOf } from './domain/staying.js';
import { StillNodes } from './domain/still-nodes.js';
import { Heartbeat } from './heartbeat.js';
import { NodeIdentity } from './node-identity.js';
import { NodeRoster, type Roster, type RosterNode } from './roster.js';

/** After so long without a beat that anybody saw a node is taken for dead. */
const TTL_MS = 12_000;

/** A node as this one sees it. */
export interface SeenNode extends RosterNode {
  /** `null` where it was not seen to beat yet. Milliseconds of this process's own clock. */
  readonly beatAgeMs: number | null;
  readonly silent: boolean;
  readonly stays: boolean;
  /** It stays, and knows the newest step of the database of all who do. */
  readonly claims: boolean;
}

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
  private ends = false;
  /** As its row said when it was last read; whoever begins anew is drained as before. */
  private drained = false;
  private stays = true;
  /** What was last told of the nodes. */
  private told = '';
  private staying = 1;
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

  /**
   * How many nodes share what may be done at all, as they were last seen: those who stay, and the dead until they are
   * buried. Each takes so small a part of it, so that nobody needs to be asked.
   */
  get nodes(): number {
    return this.staying;
  }

  /** Whether nobody else can have been given what this node owns. */
  mayAct(): boolean {
    return this.isAlone || this.heart.isConfirmed;
  }

  /** Why a proxy should send nobody here; `null` where it may. */
  get unreadiness(): string | null {
    if (this.ends) return 'this node ends';
    if (!this.stays) return 'this node is drained, others serve';
    return this.mayAct() ? null : 'no beat of this node was confirmed for too long';
  }

  async join(): Promise<void> {
    const enteredAt = performance.now();
    await this.enter();
    if (this.isAlone) await this.roster.strikeOthers(this.identity.id);
    this.heart.start(enteredAt);
  }

  /** Buries who does not beat any more; answers how the outlets are spread. */
  async look(): Promise<Spread & Unevenness> {
    const roster = await this.roster.read();
    const still = new Set(this.still.note(roster.nodes, performance.now()));
    if (this.isAlone) await this.strikeStrangers(roster);
    else if (await this.bury(roster, still)) return this.look();
    if (!this.isAlone) this.noteOthers(roster);
    this.tell(roster);
    return this.spreadOf(roster);
  }

  /** From now on others take what this node lets go. */
  announceLeaving(): Promise<void> {
    this.ends = true;
    return this.roster.announceLeaving(this.identity.id);
  }

  /** What was not let go is free for whoever finds no such node. */
  async leave(): Promise<void> {
    this.left = true;
    this.heart.stop();
    await this.roster.strike(this.identity.id);
  }

  /** All nodes there are, oldest first. */
  async census(): Promise<SeenNode[]> {
    const { nodes } = await this.roster.read();
    const [staying, heirs] = [stayingOf(nodes), heirsOf(nodes)];
    return nodes.map((node) => ({
      ...node,
      beatAgeMs: this.beatAgeOf(node),
      silent: this.stillFor(node) >= SILENT_AFTER_MS,
      stays: staying.includes(node),
      claims: heirs.includes(node),
    }));
  }

  /** How long this process has seen a node's beat stand still. Milliseconds. */
  stillFor(node: { id: string; beats: string }): number {
    return node.id === this.identity.id ? this.heart.ageMs : this.still.of(node, performance.now()).stillMs;
  }

  private beatAgeOf(node: RosterNode): number | null {
    if (node.id === this.identity.id) return Math.round(this.heart.ageMs);
    const { stillMs, hasMoved } = this.still.of(node, performance.now());
    return hasMoved ? Math.round(stillMs) : null;
  }

  /** Who looks at the nodes reads them again. */
  private tell({ nodes }: Roster): void {
    const now = JSON.stringify(
      nodes.map((node) => [node.id, node.owned, node.leaving, node.drained, this.stillFor(node) >= SILENT_AFTER_MS]),
    );
    if (this.told !== now) this.bus.publish('nodes.changed', {});
    this.told = now;
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

  private noteOthers({ nodes }: Roster): void {
    const staying = stayingOf(nodes);
    this.staying = Math.max(1, staying.length);
    const wasEldest = this.eldest;
    this.eldest = staying[0]?.id === this.identity.id;
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
      drained: this.drained,
    });
    this.bus.publish('node.joined', { nodeId: this.identity.id });
  }

  private spreadOf({ nodes, outlets }: Roster): Spread & Unevenness {
    const mine = nodes.find(({ id }) => id === this.identity.id);
    const owned = { outlets, mine: mine?.owned ?? 0 };
    const even = { takers: 0, newcomers: 0, givers: 0, free: 0 };
    if (this.isAlone)
      return { ...owned, nodes: 1, heirs: 1, isHeir: mine !== undefined, stays: true, leaving: 0, ...even };
    const [staying, heirs] = [stayingOf(nodes), heirsOf(nodes)];
    this.drained = mine?.drained ?? this.drained;
    this.stays = mine ? staying.includes(mine) : this.stays;
    const leaving = nodes.reduce((sum, node) => sum + (staying.includes(node) ? 0 : node.owned), 0);
    const all = { outlets, nodes: staying.length, heirs: heirs.length, leaving };
    const each = staying.map((node) => ({ ...all, mine: node.owned, isHeir: heirs.includes(node), stays: true }));
    const isHeir = mine !== undefined && heirs.includes(mine);
    return { ...all, ...owned, isHeir, stays: this.stays, ...unevenness(each) };
  }

  private async bury({ nodes }: Roster, still: ReadonlySet<string>): Promise<boolean> {
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

/** Who claims: those who stay and know the newest step of the database that any of them knows. */
function heirsOf(nodes: readonly RosterNode[]): RosterNode[] {
  const staying = stayingOf(nodes);
  const newest = newestOf(staying.map(({ schemaVersion }) => schemaVersion));
  return staying.filter(({ schemaVersion }) => schemaVersion === newest);
}

/** Steps of the database are named by when they were made, in milliseconds. */
const newestOf = (steps: readonly string[]): string => steps.toSorted((a, b) => stampOf(a) - stampOf(b)).at(-1) ?? '';
const stampOf = (name: string): number => Number(name.slice(-13));
