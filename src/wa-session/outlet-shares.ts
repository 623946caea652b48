import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  chooseLeavers,
  FIRST_ALONE_MS,
  HAND_OVER_AT_ONCE,
  HAND_OVER_EVERY_MS,
  isExpecting,
  stepOf,
  toClaim,
  toLetGo,
  type Spread,
  type Unevenness,
} from '../cluster/domain/fair-share.js';
import { Membership } from '../cluster/membership.js';
import { withDeadline } from '../common/deadline.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { STORE_DEADLINE_MS } from './credentials/credential-store.js';
import { SessionOwnership } from './ownership.js';
import { SessionRegistry } from './session-registry.js';

const LOOK_EVERY_MS = 1_000;
/** While others hand over, in case their word is lost. */
const EXPECTANT_LOOK_EVERY_MS = 150;
/** How long whoever leaves waits for the look that is under way. */
const LOOKED_WITHIN_MS = 2_000;
/** Alone nobody waits for the word that this process leaves, and there is little time. */
const SIGN_OFF_ALONE_MS = 1_000;

/**
 * Takes this node's share of the outlets and lets go of what others should have: at the start, every second, and at the
 * end, when each is handed over at the pace at which its heirs may knock at WhatsApp's door.
 */
@Injectable()
export class OutletShares implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Cluster');
  private looking: NodeJS.Timeout | undefined;
  private tending: Promise<number> | null = null;
  /** Something came free while it looked. */
  private lookAgain = false;
  private leaving = false;
  /** It began to let go of what is above its share. */
  private isMoving = false;
  /** It saw somebody take more than a first. */
  private hasBegun = false;
  /** When it may next let go of what others are short of, by the monotonic clock. */
  private givesAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly membership: Membership,
    private readonly ownership: SessionOwnership,
    private readonly registry: SessionRegistry,
    bus: EventBus,
  ) {
    bus.on('outlets.let-go', ({ nodeId }) => {
      if (nodeId !== ownership.owner) this.hurry();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.registry.prepare();
    await this.membership.join();
    await this.ownership.provide();
    await this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.leaving = true;
    clearTimeout(this.looking);
    const { isAlone } = this.membership;
    if (!isAlone) await this.giveAway();
    await this.registry.stop();
    const within = isAlone ? SIGN_OFF_ALONE_MS : STORE_DEADLINE_MS;
    await withDeadline(this.membership.leave(), within, 'leaving').catch((error: unknown) =>
      this.complain('This node could not sign off; the others find that out', error),
    );
  }

  private async giveAway(): Promise<void> {
    await withDeadline(Promise.resolve(this.tending), LOOKED_WITHIN_MS, 'a look').catch((error: unknown) =>
      this.complain('This node leaves amid a look at the others', error),
    );
    try {
      await withDeadline(this.membership.announceLeaving(), STORE_DEADLINE_MS, 'saying that it leaves');
      await this.handOver();
    } catch (error) {
      this.complain('Outlets could not be handed over', error);
    }
  }

  private lookIn(ms: number): void {
    if (!this.leaving) this.looking = setTimeout(() => void this.look(), ms);
  }

  /** What it could not do the next one does. */
  private async look(): Promise<void> {
    this.tending = this.tend().catch((error: unknown) => {
      this.complain('Outlets could not be shared out', error);
      return LOOK_EVERY_MS;
    });
    const next = await this.tending;
    this.tending = null;
    this.lookIn(this.lookAgain ? 0 : next);
  }

  /** An outlet has no socket until it is claimed. */
  private hurry(): void {
    this.lookAgain = true;
    if (this.tending || !this.looking) return;
    clearTimeout(this.looking);
    this.lookIn(0);
  }

  /** Answers how soon to look again. */
  private async tend(): Promise<number> {
    this.lookAgain = false;
    if (!this.membership.mayAct()) return LOOK_EVERY_MS;
    const spread = await this.membership.look();
    if (this.leaving) return LOOK_EVERY_MS;
    const wanted = toClaim(spread);
    const claimed = wanted > 0 ? await this.registry.claim(wanted) : 0;
    const surplus = toLetGo(spread, this.isMoving || spread.takers > 0);
    this.isMoving = surplus > 0;
    this.hasBegun &&= this.isMoving;
    if (surplus > 0) return this.give(surplus, spread);
    return isExpecting(spread, claimed) ? EXPECTANT_LOOK_EVERY_MS : LOOK_EVERY_MS;
  }

  /** At the pace of who takes it, though the word of another who gives had this node look again. Answers how soon to go on. */
  private async give(surplus: number, spread: Spread & Unevenness): Promise<number> {
    const step = stepOf(spread.stays ? spread : { ...spread, takers: spread.heirs, newcomers: 0, givers: 1 });
    const now = performance.now();
    if (spread.stays) this.waitForFirst(spread, now);
    if (now >= this.givesAt) {
      const left = await this.letGo(surplus, step.count);
      this.givesAt = now + (left ? step.everyMs : HAND_OVER_EVERY_MS);
    }
    return Math.max(0, this.givesAt - performance.now());
  }

  /** The first may have been another's to give, and is claimed before its socket is open. */
  private waitForFirst({ newcomers }: Unevenness, now: number): void {
    const begins = newcomers === 0;
    if (begins && !this.hasBegun) this.givesAt = Math.max(this.givesAt, now + FIRST_ALONE_MS);
    this.hasBegun = begins;
  }

  /** Answers whether any left: of nothing nobody is told, for each who hears of it reads how all are spread. */
  private async letGo(count: number, pace: number): Promise<boolean> {
    const leavers = chooseLeavers(this.registry.candidates(), count, pace);
    if (leavers.length > 0) await this.registry.letGo(leavers);
    return leavers.length > 0;
  }

  /** To those who stay, while there are any: alone everything ends at once. */
  private async handOver(): Promise<void> {
    while (this.registry.candidates().length > 0) {
      const { heirs, isHeir } = await this.membership.look();
      if (heirs === 0 || isHeir) return;
      const due = pause(HAND_OVER_EVERY_MS);
      await this.letGo(Number.POSITIVE_INFINITY, HAND_OVER_AT_ONCE * heirs);
      await due;
    }
  }

  private complain(what: string, error: unknown): void {
    this.logger.warn(`${what}: ${messageOf(error)}`);
  }
}
