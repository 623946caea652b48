import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Caller } from './caller.js';

/**
 * Who may call a route: anyone, every caller that is known, or those whose role includes this one.
 * `all` says nothing about which outlets exist for the caller; that is for the query behind the route.
 */
export type AccessPolicy = 'public' | 'all' | 'ADMIN' | 'SUPERADMIN';

/** An email, two passwords and a name; whoever is not known yet may send no more. */
export const AUTH_BODY_BYTES = 4_096;

export const ACCESS_POLICY = 'koneksi:access-policy';

/** Every route declares its policy, on itself or on its controller; one without is refused. */
export function Access(policy: AccessPolicy): ClassDecorator & MethodDecorator {
  const declared = applyDecorators(SetMetadata(ACCESS_POLICY, policy), ApiExtension('x-access', policy));
  return policy === 'public' ? declared : applyDecorators(declared, ApiBearerAuth());
}

export const BEFORE_PASSWORD_CHANGE = 'koneksi:before-password-change';

/** Open to whoever still has to change the password that somebody gave them. */
export const BeforePasswordChange = (): MethodDecorator => SetMetadata(BEFORE_PASSWORD_CHANGE, true);

/** Who calls; only on routes that are not public. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => context.switchToHttp().getRequest<{ user: Caller }>().user,
);
