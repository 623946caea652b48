import { Injectable } from '@nestjs/common';

const SKEW_THAT_MATTERS_MS = 100;

/**
 * Milliseconds since the epoch that never jump: wall time is read once, then only monotonic time is added.
 * A clock set back or forward while the process runs must not expire a retry or prove a dead socket alive.
 */
@Injectable()
export class Clock {
  private lastSkew = 0;
  private readonly start = Date.now() - performance.now();

  now(): number {
    return this.start + performance.now();
  }

  /** What the wall says. For instants that are told or stored. */
  wall(): number {
    return Date.now();
  }

  /**
   * Wall time minus `now`, in whole milliseconds: it changes while the machine sleeps and where its clock is set, and
   * only by steps that matter.
   */
  skew(): number {
    const skew = this.wall() - this.now();
    if (Math.abs(skew - this.lastSkew) > SKEW_THAT_MATTERS_MS) this.lastSkew = Math.round(skew);
    return this.lastSkew;
  }
}
