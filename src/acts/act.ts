import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { ActName } from '@koneksi/contracts/activity';
import type { Request } from 'express';

const ACT = 'koneksi:act';

/** What a route does that leaves a line in the activity log, and what of it is told there beside who, when and where. */
export interface Act {
  readonly name: ActName;
  /**
   * Fields of the answer, else of the body, that are told as they are after the act. What a route that is `Editable`
   * changes is told without, before and after.
   */
  readonly tells?: readonly string[];
  /** Fields of the body that were changed, and whose values nobody is told. */
  readonly hides?: readonly string[];
  /** The number it is about is told by its ends alone: the act is that nobody keeps it. */
  readonly forgets?: boolean;
  /** A request that only looks. */
  readonly unless?: (request: Request) => boolean;
}

/** Of every route that changes something: its line is begun before it, and ended before its answer leaves. */
export const Leaves = (name: ActName, how: Omit<Act, 'name'> = {}): MethodDecorator =>
  applyDecorators(SetMetadata(ACT, { name, ...how }), ApiExtension('x-activity', name));

/** Of a route by a changing method whose change is nothing that anybody would look up, and why. */
export const LeavesNothing = (reason: string): MethodDecorator => ApiExtension('x-no-activity', reason);

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as the framework hands it over
export const actOf = (handler: Function): Act | undefined => Reflect.getMetadata(ACT, handler) as Act | undefined;
