import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { Bodies } from '../common/bodies/bodies.js';
import { JsonBodies } from '../common/bodies/json-bodies.js';
import { canonicalJson } from '../common/canonical-json.js';
import { whatCameOf } from '../common/what-came-of.js';
import { idempotencyKeyOf, markReplayed, REPEATING } from './idempotency-key.js';
import { KeptAnswers, type Asked, type Earlier } from './kept-answers.js';
import { rightsText } from './rights-text.js';

type Incoming = Request & { user?: Parameters<typeof rightsText>[0] & { id?: unknown }; body?: unknown };

/** It was done before; nothing more is done. */
export class DoneBefore extends Error {
  constructor(readonly earlier: Earlier) {
    super('done before');
  }
}

/**
 * Whatever a known caller asks by POST under an `Idempotency-Key` is done once, and answered alike for a day. At most
 * once: a process that dies over it leaves a key that says so, and does not try again.
 */
@Injectable()
export class Once implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly bodies: Bodies,
    private readonly jsonBodies: JsonBodies,
    private readonly kept: KeptAnswers,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const asked = context.getType() === 'http' ? this.askedOnce(context) : null;
    return asked ? of(await this.once(asked, context, next)) : next.handle();
  }

  /** `null` where it may be done as often as it is asked. */
  private askedOnce(context: ExecutionContext): Asked | null {
    const request = context.switchToHttp().getRequest<Incoming>();
    const { method, headers, user, originalUrl } = request;
    const key = headers['idempotency-key'];
    if (method !== 'POST' || typeof key !== 'string' || typeof user?.id !== 'string') return null;
    if (this.reflector.get<string | undefined>(REPEATING, context.getHandler())) return null;
    const { path } = request.route as { path: string };
    const route = `${method} ${path}`;
    return { callerId: user.id, rights: rightsText(user), route, key: idempotencyKeyOf(key)!, address: originalUrl };
  }

  private async once(asked: Asked, context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const request = context.switchToHttp().getRequest<Incoming>();
    let hasBegun = false;
    const begin = async (body: Uint8Array): Promise<void> => {
      const earlier = await this.kept.begin(asked, body);
      if (earlier) throw new DoneBefore(earlier);
      hasBegun = true;
    };
    try {
      // Files are read further in, once it is known that they are wanted.
      if (this.jsonBodies.isForFile(context)) this.bodies.beforeWork(request, begin);
      else {
        await this.jsonBodies.read(context);
        await begin(Buffer.from(canonicalJson(request.body)));
      }
      const answer = await lastValueFrom<unknown, undefined>(next.handle(), { defaultValue: undefined });
      // It was done, whether that can be written or not.
      if (hasBegun) await this.kept.keep(asked, answer).catch(() => undefined);
      return answer;
    } catch (error) {
      if (error instanceof DoneBefore) return this.replay(error.earlier, context);
      if (hasBegun && whatCameOf(error) === 'nothing') await this.kept.giveUp(asked).catch(() => undefined);
      throw error;
    } finally {
      if (hasBegun) this.kept.end(asked);
    }
  }

  private replay({ body }: Earlier, context: ExecutionContext): unknown {
    markReplayed(context.switchToHttp().getResponse<Response>());
    return body;
  }
}
