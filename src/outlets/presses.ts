import { Injectable } from '@nestjs/common';
import { consume, Limiters, type Limiter } from '../common/limiters.js';
import type { QuotaFact } from '../common/quota-reached.js';

/** More than anybody presses on one outlet or blast in a day; each leaves rows of history, which would fill the disk of all. */
const PRESSES_A_DAY = 1_000;

/** How often one caller may steer or switch one outlet, have links to it made, or steer one blast. */
@Injectable()
export class Presses {
  private readonly limiter: Limiter;

  constructor(limiters: Limiters) {
    this.limiter = limiters.of({ keyPrefix: 'presses', points: PRESSES_A_DAY, duration: 24 * 60 * 60 });
  }

  /** @throws {TooManyAttempts} */
  take(callerId: string, pressed: string): Promise<void> {
    return consume([this.limiter, `${callerId} ${pressed}`]);
  }

  async quota(callerId: string, pressed: string): Promise<QuotaFact> {
    const { consumedPoints } = await this.limiter.penalty(`${callerId} ${pressed}`, 0);
    return { name: 'presses', limit: PRESSES_A_DAY, used: Math.min(consumedPoints, PRESSES_A_DAY) };
  }
}
