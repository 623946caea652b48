import { Injectable, SetMetadata, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { DomainError } from '../domain-error.js';
import { networkOf } from '../network.js';
import { Bodies } from './bodies.js';
import { parseJson } from './parse-json.js';
import { senderOf } from './senders.js';

const LIMIT = 'koneksi:body-limit';
const FILE = 'koneksi:takes-file';
const USUAL_BYTES = 256 * 1024;

/** How large a route's JSON may be. */
export const BodyLimit = (bytes: number): ClassDecorator & MethodDecorator => SetMetadata(LIMIT, bytes);

/** The route reads its body itself, once it knows whether it wants it. */
export const TakesFile = (): MethodDecorator => SetMetadata(FILE, true);

type Incoming = Request & { user?: { id?: unknown }; body?: unknown };

/** Reads what a route is sent as JSON, once its guards let the caller in: nobody else costs us more than their headers. */
@Injectable()
export class JsonBodies implements NestInterceptor {
  constructor(
    private readonly bodies: Bodies,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() === 'http') await this.read(context);
    return next.handle();
  }

  /** Whether the route reads its body itself. */
  isForFile(context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<boolean>(FILE, [context.getHandler(), context.getClass()]) === true;
  }

  /**
   * For guards that cannot do without; later readers find it read.
   * @throws `UNSUPPORTED_MEDIA_TYPE`, what `parseJson` and `Bodies` throw
   */
  async read(context: ExecutionContext): Promise<void> {
    const request = context.switchToHttp().getRequest<Incoming>();
    const of = [context.getHandler(), context.getClass()];
    if (request.body !== undefined || !hasBody(request) || this.isForFile(context)) return;
    if (!isJson(request)) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 415, 'the body is no JSON in UTF-8');
    const limit = this.reflector.getAllAndOverride<number | undefined>(LIMIT, of) ?? USUAL_BYTES;
    request.body = parseJson(await this.bodies.json(callerOf(request), request, limit, senderOf(request)));
  }
}

function hasBody({ method, headers }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
}

function isJson(request: Request): boolean {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const charset = /charset="?([\w-]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  return request.is('json') !== false && encoding === 'identity' && /^utf-?8$|^us-ascii$/i.test(charset);
}

/** Who is not known at all shares a turn with whoever else comes from there. */
function callerOf({ user, ip }: Incoming): string {
  return typeof user?.id === 'string' ? user.id : networkOf(ip ?? '');
}
