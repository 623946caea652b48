import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';
import { JsonBodies } from '../common/bodies/json-bodies.js';
import { bearerTokenOf } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import type { Caller } from './caller.js';
import { requireSignIn } from './own-password.js';
import { Proofs } from './proofs.service.js';

type Body = Readonly<Record<string, unknown>>;
/** Of what is not judged yet: only whether it is one of those that are asked about. */
type When = (body: Body) => boolean;

const WHEN = 'koneksi:proof-when';

/**
 * Of every route by which a session could be made into a way in that outlives it: people are asked for their password, or
 * the code of their app, where they gave none lately. A key has none to give, and is such a way itself.
 * @param when the bodies that are asked about, where not all are
 */
export const NeedsProof = (when: When = () => true): MethodDecorator =>
  applyDecorators(SetMetadata(WHEN, when), ApiExtension('x-proof', true), UseGuards(ProofGuard));

@Injectable()
export class ProofGuard implements CanActivate {
  constructor(
    private readonly bodies: JsonBodies,
    private readonly accessTokens: AccessTokens,
    private readonly proofs: Proofs,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: Caller; body: unknown }>();
    if (request.user.kind !== 'user') return true;
    await this.bodies.read(context);
    const when = Reflect.getMetadata(WHEN, context.getHandler()) as When;
    if (!when(fieldsOf(request.body))) return true;
    const claims = await this.accessTokens.verify(bearerTokenOf(request) ?? '');
    await this.proofs.requireFresh(requireSignIn(claims?.sid));
    return true;
  }
}

function fieldsOf(body: unknown): Body {
  return typeof body === 'object' && body !== null ? (body as Body) : {};
}
