import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ClusterBus } from '../../cluster/cluster-bus.js';
import { NodeIdentity } from '../../cluster/node-identity.js';
import { NodeRoster } from '../../cluster/roster.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { messageOf } from '../../common/message-of.js';
import { withoutDeadlock } from '../../common/without-deadlock.js';
import { untilItWorks } from '../../common/until-it-works.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { Ledger } from '../ledger.js';
import { moveBlasts } from '../move-blasts.js';
import { OutletSender } from './outlet-sender.js';
import { SendStore } from './send-store.js';
import { Turns } from './turns.js';

const AGAIN_MS = 2_000;

/** Keeps blasts going: whatever may let an outlet send again gives it a turn, at the node that owns it. */
@Injectable()
export class BlastRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Blast');
  private readonly over = new AbortController();

  constructor(
    private readonly turns: Turns,
    private readonly sender: OutletSender,
    private readonly store: SendStore,
    private readonly ledger: Ledger,
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly identity: NodeIdentity,
    private readonly roster: NodeRoster,
    cluster: ClusterBus,
  ) {
    bus.on('blast.woken', ({ outletIds }) => this.wakeHere(outletIds));
    // Whatever others woke there in vain is looked at anew.
    bus.on('outlets.claimed', ({ outletIds }) => this.wakeHere(outletIds));
    // What is written of a message that did not leave after all is written under the claim that there still is.
    bus.on('outlets.departed', ({ outletIds, waitFor }) => {
      sender.interrupt(outletIds);
      waitFor(turns.over(outletIds));
    });
    bus.on('node.joined', ({ nodeId }) => void this.turns.moveTo(nodeId).catch(this.complain));
    bus.on('node.buried', ({ nodeId }) => {
      this.turns.forget(nodeId).catch(this.complain);
      this.wake('all');
      // What it did not end any more.
      void this.again(async () => this.finishSoon(await this.store.openBlasts()));
    });
    // Here alone: whoever had missed our words is told of the gap itself.
    cluster.onGap(() => this.wakeHere('all'));
    bus.on('outlet-status.changed', ({ status }) => {
      const { waitingForHealth, waitingForNewChats } = this.sender;
      const isOpen = status.limits?.newChats === 'open' && waitingForNewChats.has(status.outletId);
      if (status.healthy && (isOpen || waitingForHealth.has(status.outletId))) this.wakeHere([status.outletId]);
    });
    bus.on('clock.stepped', () => {
      this.sender.clockStepped();
      this.wakeHere('all');
    });
    bus.on('store.back', () => this.wakeHere('all'));
    bus.on('optout.recorded', ({ number }) => {
      const where = `r.number = $6 AND NOT EXISTS (SELECT FROM blasts b WHERE b.id = r.blast_id AND b.kind = 'confirmation')`;
      ledger.moveMany('skipped', 'OPTED_OUT', ['queued'], where, [number]).catch(this.complain);
    });
    bus.on('outlet.removed', ({ outletId }) => void sender.giveUp(outletId).catch(this.complain));
    ledger.onMoved(({ ended }) => {
      if (ended.length > 0) this.finishSoon(ended);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    // Whatever a dead process could not end any more.
    this.finishSoon(await this.store.openBlasts());
    const takeTurn = (outletId: string): Promise<number | null> => this.sender.takeTurn(outletId);
    await this.turns.start(this.identity, takeTurn, () => this.roster.ids());
    await this.turns.wake(await this.openHere());
  }

  async onModuleDestroy(): Promise<void> {
    this.over.abort();
    this.sender.stop();
    await this.turns.stop();
  }

  /** These outlets look at once at what they have to send, wherever their sessions are. */
  wake(outletIds: 'all' | readonly string[]): void {
    this.bus.publish('blast.woken', { outletIds });
  }

  private wakeHere(outletIds: 'all' | readonly string[]): void {
    if (outletIds === 'all') return void this.again(async () => this.turnsOf(await this.openHere()));
    this.turnsOf(outletIds.filter((outletId) => this.sender.isHere(outletId)));
  }

  private turnsOf(outletIds: readonly string[]): void {
    this.sender.interrupt(outletIds);
    void this.turns.wake(outletIds);
  }

  /** Outlets of this node with something to send or to settle, and those that are nobody's any more. */
  private async openHere(): Promise<string[]> {
    const open = await this.store.openOutlets();
    return open.filter(({ outletId, gone }) => gone || this.sender.isHere(outletId)).map(({ outletId }) => outletId);
  }

  /** Ends those of these blasts of which nothing waits or is on its way. */
  async finish(blastIds: readonly string[]): Promise<void> {
    const finished = await this.ledger.between(() =>
      withoutDeadlock(() => moveBlasts(this.dataSource.manager, 'finish', blastIds, this.clock.wall())),
    );
    if (finished.length > 0) this.ledger.touched(finished.map(({ id }) => id));
  }

  /** The same, until it is written: nothing else would end a blast of which nothing moves any more. */
  private finishSoon(blastIds: readonly string[]): void {
    void this.again(() => this.finish(blastIds));
  }

  private again(work: () => Promise<unknown>): Promise<boolean> {
    return untilItWorks(work, { pauseMs: AGAIN_MS, signal: this.over.signal, onFailure: this.complain });
  }

  private readonly complain = (error: unknown): void => {
    this.logger.error(`Blasts: ${messageOf(error)}`);
  };
}
