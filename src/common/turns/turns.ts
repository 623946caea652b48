import { Injectable, SetMetadata, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { Gate } from '../gate.js';
import { tellLimits } from '../rate-limits.js';

/**
 * How much of a route may be under way. `usual`: it looks something up or changes a few rows. `heavy`: it reads as much
 * as there is. `own`: it waits at a gate of its own, or for somebody else, and must not take a place meanwhile.
 */
export type Weight = 'usual' | 'heavy' | 'own';

const WEIGHT = 'koneksi:weight';

export const Weigh = (weight: Weight): ClassDecorator & MethodDecorator => SetMetadata(WEIGHT, weight);

/**
 * Whatever somebody who is known asks for takes its turn. All turns together are fewer than there are connections of the
 * database, and one caller has half of them at most: who asks as fast as they can, waits for themselves.
 */
@Injectable()
export class Turns implements NestInterceptor {
  private readonly gates: Record<Weight, Gate> = {
    usual: new Gate({ name: 'requests', atOnce: 8, each: 4, waiting: 200, patienceMs: 10_000 }),
    heavy: new Gate({ name: 'heavy-requests', atOnce: 2, waiting: 20, patienceMs: 10_000 }),
    own: new Gate({ name: 'long-requests', atOnce: 200, each: 12, waiting: 50, patienceMs: 10_000 }),
  };

  constructor(private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    // Events of sockets are counted one by one as they come in.
    const caller = context.getType() === 'http' ? callerOf(context) : null;
    if (caller === null) return next.handle();
    const gate = this.gates[weightOf(this.reflector, context)];
    const room = gate.room(caller);
    tellLimits(context.switchToHttp().getResponse<Response>(), { ...room, left: room.left - 1 });
    const answer: unknown = await gate.pass(caller, () =>
      lastValueFrom<unknown, undefined>(next.handle(), { defaultValue: undefined }),
    );
    return of(answer);
  }
}

export function weightOf(reflector: Reflector, context: ExecutionContext): Weight {
  return reflector.getAllAndOverride<Weight>(WEIGHT, [context.getHandler(), context.getClass()]) ?? 'usual';
}

/** `null` where nobody is known: such routes have limits of their own. */
export function callerOf(context: ExecutionContext): string | null {
  const { user } = context.switchToHttp().getRequest<Request & { user?: { id?: unknown; kind?: unknown } }>();
  return typeof user?.id === 'string' && typeof user.kind === 'string' ? user.id : null;
}
