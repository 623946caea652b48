import { Injectable } from '@nestjs/common';

const SKEW_THAT_MATTERS_MS = 100;

/**
 * Two kinds of time. How long something takes is measured by `now`: a clock that is set while the process runs must not
 * expire a retry or prove a dead socket alive. When something is, for whoever reads it or a row that is kept, is told by
 * `wall`. Neither is compared with the other; `skew` leads from one to the other.
 */
@Injectable()
export class Clock {
  private lastSkew = 0;
  private readonly start = Date.now() - performance.now();

  /** Milliseconds that never jump: wall time was read once, then only monotonic time is added. It stands while the machine sleeps. */
  now(): number {
    return this.start + performance.now();
  }

  /** Milliseconds since the epoch, as the wall says. For instants that are told, stored, or planned by people. */
  wall(): number {
    return Date.now();
  }

  /** What `now` says when the wall will say `instant`, as far as anybody knows. */
  steady(instant: number): number {
    return instant - this.wall() + this.now();
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
