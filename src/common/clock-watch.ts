import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from './clock.js';
import { EventBus } from './event-bus.js';

const LOOK_EVERY_MS = 1_000;
/** What a clock is corrected by all day long is not told. */
const STEP_MS = 1_000;

/** Tells when wall time went another way than time itself: timers that were set for an instant are wrong then. */
@Injectable()
export class ClockWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private told: number;

  constructor(
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {
    this.told = clock.skew();
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  look(): void {
    const skew = this.clock.skew();
    const byMs = skew - this.told;
    if (Math.abs(byMs) < STEP_MS) return;
    this.told = skew;
    this.bus.publish('clock.stepped', { byMs });
  }
}
