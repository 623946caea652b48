import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Interval } from '@nestjs/schedule';
import type { Observable } from 'rxjs';
import { TooManyAttempts } from '../too-many-attempts.js';
import { LEAST, Pace } from './pace.js';
import { callerOf, weightOf, type Weight } from './turns.js';

const LOOK_MS = 250;
const PATIENCE_MS = 10_000;
const LIMIT = { name: 'pace', quota: LEAST, windowSeconds: 1 };
/** What a request takes of the caller's pace. */
const COSTS: Record<Weight, number> = { usual: 1, heavy: 3, own: 1 };

/** Stands before bodies are read: who asks for more than there is time for waits, while others are answered. */
@Injectable()
export class Pacing implements NestInterceptor {
  private readonly pace = new Pace();
  private used = performance.eventLoopUtilization();

  constructor(private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() === 'http') await this.comeUp(context);
    return next.handle();
  }

  @Interval(LOOK_MS)
  look(): void {
    const used = performance.eventLoopUtilization();
    this.pace.look(performance.eventLoopUtilization(used, this.used).utilization, performance.now());
    this.used = used;
  }

  private async comeUp(context: ExecutionContext): Promise<void> {
    const caller = callerOf(context);
    // Nobody is known: such routes have limits of their own.
    if (caller === null) return;
    const costs = COSTS[weightOf(this.reflector, context)];
    const wait = this.pace.waitOf({ caller, costs, patienceMs: PATIENCE_MS, now: performance.now() });
    if (wait === null) throw new TooManyAttempts(PATIENCE_MS / 1_000, LIMIT);
    if (wait > 0) await pause(wait);
  }
}
