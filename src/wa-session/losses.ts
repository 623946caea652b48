import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';

const TOGETHER_MS = 1_000;

/** How many links of this process are lost at about the same time. */
@Injectable()
export class Losses {
  private recent: number[] = [];

  constructor(private readonly clock: Clock) {}

  /** Notes one more; answers how many there were within the last second, with it. */
  note(): number {
    const now = this.clock.now();
    this.recent = [...this.recent.filter((at) => now - at < TOGETHER_MS), now];
    return this.recent.length;
  }
}
