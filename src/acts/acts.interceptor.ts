import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { actKindOf } from '@koneksi/contracts/activity';
import { KnownNumber } from '@koneksi/contracts/phone-number-schema';
import type { Request, Response } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { Bodies } from '../common/bodies/bodies.js';
import { JsonBodies } from '../common/bodies/json-bodies.js';
import { EDITABLE, seenBy } from '../common/editing/editable.js';
import { messageOf } from '../common/message-of.js';
import { isUuid } from '../common/uuid.js';
import { whatCameOf } from '../common/what-came-of.js';
import { wasReplayed } from '../idempotency/idempotency-key.js';
import { DoneBefore } from '../idempotency/once.interceptor.js';
import { actOf, type Act } from './act.js';
import { ActivityLog, type Actor, type Line, type Subject } from './activity-log.js';
import { shortAgent } from './agent.js';
import { changesOf } from './changes.js';
import { namedOutlets } from './named-outlets.js';

const NO_LINE = Symbol('no line');
const OUTLETS = Symbol('outlets');

type Incoming = Request & { user?: Partial<Actor>; body?: unknown; [NO_LINE]?: boolean; [OUTLETS]?: readonly string[] };
type Fields = Readonly<Record<string, unknown>>;

/**
 * Leaves the line of every act that a request is. It is committed before the act begins and ended before the answer
 * leaves: what was answered is in the log, and of what a killed process was about it says that nobody knows how it ended.
 */
@Injectable()
export class Acts implements NestInterceptor {
  private readonly logger = new Logger('Activity');

  constructor(
    private readonly log: ActivityLog,
    private readonly bodies: Bodies,
    private readonly jsonBodies: JsonBodies,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const act = context.getType() === 'http' ? actOf(context.getHandler()) : undefined;
    const request = act && context.switchToHttp().getRequest<Incoming>();
    if (!request || act.unless?.(request)) return next.handle();
    // Nobody fills the log whom nobody knows: of them only what somebody known came of is written, afterwards.
    if (!request.user) return of(await this.afterwards(act, context, next));
    let line: Line | null = null;
    const begin = async (): Promise<void> => void (line = await this.begin(act, request));
    // A file is refused while it still comes: whoever sends it is answered then, and begins nothing.
    if (this.jsonBodies.isForFile(context)) this.bodies.beforeWork(request, begin);
    else await begin();
    const begun = (): Line | null => line;
    try {
      const answer = await lastValueFrom<unknown, undefined>(next.handle(), { defaultValue: undefined });
      const done = begun();
      if (done) await this.end(done, act, context, answer);
      return of(answer);
    } catch (error) {
      const refused = begun();
      const cameTo = error instanceof DoneBefore ? 'nothing' : whatCameOf(error);
      if (refused && cameTo === 'nothing') await this.unlessStoreIsAway(refused.id, this.log.drop(refused));
      if (refused && cameTo === 'done') await this.end(refused, act, context, undefined);
      throw error;
    }
  }

  private async afterwards(act: Act, context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const answer = await lastValueFrom<unknown, undefined>(next.handle(), { defaultValue: undefined });
    const request = context.switchToHttp().getRequest<Incoming>();
    if (actorOf(request)) {
      const writing = this.begin(act, request).then((line) => this.end(line, act, context, answer));
      await this.unlessStoreIsAway('of a stranger', writing);
    }
    return answer;
  }

  private begin(act: Act, request: Incoming): Promise<Line> {
    return this.log.begin({
      action: act.name,
      actor: actorOf(request),
      address: request.ip ?? null,
      agent: shortAgent(request.headers['user-agent']),
      subject: subjectOf(act, request, undefined),
    });
  }

  private end(line: Line, act: Act, context: ExecutionContext, answer: unknown): Promise<void> {
    const request = context.switchToHttp().getRequest<Incoming>();
    // Somebody asked once more for what was done before, which has its line.
    if (request[NO_LINE] || wasReplayed(context.switchToHttp().getResponse<Response>()))
      return this.unlessStoreIsAway(line.id, this.log.drop(line));
    const changes = changesOf({
      edited: (Reflect.getMetadata(EDITABLE, context.getHandler()) as string[] | undefined) ?? [],
      tells: act.tells ?? [],
      hides: act.hides ?? [],
      before: seenBy(request)?.was,
      after: request.method === 'DELETE' ? null : answer,
      body: request.body,
    });
    const subject = subjectOf(act, request, answer);
    return this.unlessStoreIsAway(line.id, this.log.end(line, { actor: actorOf(request), subject, changes }));
  }

  /** It was done, and its beginning is in the log, whether its end can be written or not. */
  private async unlessStoreIsAway(name: string, writing: Promise<void>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      this.logger.warn(`The end of line ${name} was not written: ${messageOf(error)}`);
    }
  }
}

/** Whose act it was, where that is known only once it is done. */
export const tellWho = (request: Request, { id, name }: { id: string; name: string }): void =>
  void Object.assign(request, { user: { id, name } });

/** Which outlets it was done to, where neither the address nor the body names them. */
export const tellOutlets = (request: Request, outletIds: readonly string[]): void =>
  void Object.assign(request, { [OUTLETS]: outletIds });

/** It came to nothing that would be an act: the half of a log-in. */
export const leaveNoLine = (request: Request): void => void Object.assign(request, { [NO_LINE]: true });

/** Somebody who signs in is a user on the request, and nobody's caller yet. */
function actorOf({ user }: Incoming): Actor | null {
  if (typeof user?.id !== 'string' || typeof user.name !== 'string') return null;
  return { id: user.id, kind: user.kind ?? 'user', name: user.name };
}

function subjectOf(act: Act, request: Incoming, answer: unknown): Subject {
  const [answered, asked] = [fieldsOf(answer), fieldsOf(request.body)];
  const number = KnownNumber.safeParse(request.params['phone'] ?? answered['phone'] ?? asked['phone']).data;
  const isOwn = ['profile', 'sign-in'].includes(actKindOf(act.name));
  // Of what is made for an outlet, the address names the outlet.
  const isMade = act.name.endsWith('.created');
  const id = isOwn ? request.user?.id : isMade ? answered['id'] : (request.params['id'] ?? answered['id']);
  return {
    // What is no id names nothing, and is refused in a moment.
    id: typeof id === 'string' && isUuid(id) ? id.toLowerCase() : null,
    name: isOwn ? (request.user?.name ?? null) : number === undefined ? null : act.forgets ? endsOf(number) : number,
    outletIds: namedOutlets(
      asked['outletId'],
      isMade ? request.params['id'] : undefined,
      asked['outletIds'],
      request[OUTLETS],
    ),
    people: number === undefined || act.forgets ? [] : [number],
  };
}

const endsOf = (number: string): string => `${number.slice(0, 4)}…${number.slice(-3)}`;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
