import { Injectable } from '@nestjs/common';

/**
 * Milliseconds since the epoch that never jump: wall time is read once, then only monotonic time is added.
 * A clock set back or forward while the process runs must not expire a retry or prove a dead socket alive.
 */
@Injectable()
export class Clock {
  private readonly start = Date.now() - performance.now();

  now(): number {
    return this.start + performance.now();
  }
}
