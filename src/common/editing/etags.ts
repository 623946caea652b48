import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { tap, type Observable } from 'rxjs';
import { EDITABLE } from './editable.js';
import { etagOf } from './seen.js';

/** Tells with each answer of what people edit which state of it that is. */
@Injectable()
export class Etags implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const editable = this.reflector.get<readonly string[] | undefined>(EDITABLE, context.getHandler());
    if (!editable) return next.handle();
    return next.handle().pipe(
      tap((answer: unknown) => {
        if (typeof answer !== 'object' || answer === null) return;
        context.switchToHttp().getResponse<Response>().setHeader('ETag', etagOf(answer, editable));
      }),
    );
  }
}
