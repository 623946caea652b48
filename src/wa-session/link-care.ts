import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock } from '../common/clock.js';
import { messageOf } from '../common/message-of.js';
import { isPhoneToBeAsked } from './domain/phone-silence.js';
import { isPulseDue, PULSE_MS } from './domain/pulse.js';
import { LinkCareStore } from './link-care-store.js';
import type { SessionActor } from './session-actor.js';
import { SessionRegistry } from './session-registry.js';

const SCHEDULE = 'care-for-links';
const EVERY_MS = 60_000;
/** Beside what WhatsApp pushes and what is asked after each login. */
const ASK_LIMITS_EVERY_MS = 6 * 60 * 60_000;

/** Does what keeps a link alive that works and that nobody looks at. */
@Injectable()
export class LinkCare implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('LinkCare');
  /** Which links are shown as used now, and since when by the monotonic clock. */
  private readonly pulsing = new Map<SessionActor, number>();
  private stopping = false;
  private readonly limitsAskedAt = new WeakMap<SessionActor, number>();
  private running: Promise<void> | null = null;

  constructor(
    private readonly registry: SessionRegistry,
    private readonly store: LinkCareStore,
    private readonly clock: Clock,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule.addInterval(
      SCHEDULE,
      setInterval(() => void this.round(), EVERY_MS),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.schedule.deleteInterval(SCHEDULE);
    this.stopping = true;
    await this.running;
    await this.endPulses(Number.POSITIVE_INFINITY);
  }

  /** Looks at every link once. A round under way is joined. Days go by the wall, minutes by the monotonic clock. */
  round(now = this.clock.wall(), steady = this.clock.now()): Promise<void> {
    this.running ??= this.look(now, steady)
      .catch((error: unknown) => {
        this.logger.warn(`Links were not looked after: ${messageOf(error)}`);
      })
      .finally(() => (this.running = null));
    return this.running;
  }

  private async look(now: number, steady: number): Promise<void> {
    await this.endPulses(steady);
    const cares = await this.store.read();
    for (const actor of this.registry.all()) {
      const care = cares.get(actor.outletId);
      if (!care || this.stopping || !actor.isAtWork) continue;
      if (isPulseDue({ outletId: actor.outletId, ...care }, now)) await this.pulse(actor, now, steady);
      if (isPhoneToBeAsked(actor.phoneSigns, care.phoneAskedAt, now)) await this.askPhone(actor, now);
      this.askLimits(actor, steady);
    }
  }

  /** Kept before it is sent: a process that dies in between has missed a day, not sent two. */
  private async pulse(actor: SessionActor, now: number, steady: number): Promise<void> {
    await this.store.notePulse(actor.owner, now);
    this.pulsing.set(actor, steady);
    await this.say(actor, 'available');
  }

  private async endPulses(steady: number): Promise<void> {
    for (const [actor, since] of this.pulsing) {
      if (steady - since < PULSE_MS) continue;
      this.pulsing.delete(actor);
      await this.say(actor, 'unavailable');
    }
  }

  /** A link that drops meanwhile is told to be away by its next login. */
  private async say(actor: SessionActor, type: 'available' | 'unavailable'): Promise<void> {
    await actor
      .sayPresence(type)
      .catch(() => this.logger.debug(`Outlet ${actor.outletId} could not say that it is ${type}`));
  }

  private async askPhone(actor: SessionActor, now: number): Promise<void> {
    await this.store.noteAsked(actor.owner, now);
    await actor
      .askPhone()
      .catch(() => this.logger.debug(`The phone of outlet ${actor.outletId} could not be asked for a sign of life`));
  }

  private askLimits(actor: SessionActor, steady: number): void {
    const askedAt = this.limitsAskedAt.get(actor);
    if (askedAt !== undefined && steady - askedAt < ASK_LIMITS_EVERY_MS) return;
    this.limitsAskedAt.set(actor, steady);
    // The first time it has just been asked after its login.
    if (askedAt === undefined) return;
    actor.askNewChats().catch(() => this.logger.debug(`WhatsApp did not say what outlet ${actor.outletId} may`));
  }
}
