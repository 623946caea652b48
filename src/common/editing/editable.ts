import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';
import type * as z from 'zod';
import { Seen } from './seen.js';

export const EDITABLE = 'koneksi:editable';

/** Of a route that answers, changes or removes what people edit by this form: it has an `ETag`, and `If-Match` counts. */
export function Editable(form: z.ZodObject): MethodDecorator {
  return applyDecorators(SetMetadata(EDITABLE, Object.keys(form.shape)), ApiExtension('x-editable', true));
}

/** What the caller saw before; only on routes that are `Editable`. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): Seen => {
  const editable = Reflect.getMetadata(EDITABLE, context.getHandler()) as string[];
  const request = context.switchToHttp().getRequest<Editing>();
  return (request.seen = new Seen(request.headers['if-match'], editable));
});

type Editing = Request & { seen?: Seen };

/** What the request compared with what was there, once its route did. */
export const seenBy = (request: Request): Seen | undefined => (request as Editing).seen;
