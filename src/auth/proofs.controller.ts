import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Proof } from '@koneksi/contracts/auth';
import type { Request } from 'express';
import { LeavesNothing } from '../acts/act.js';
import { Describe } from '../common/api-docs.js';
import { BodyLimit } from '../common/bodies/json-bodies.js';
import { Access, AUTH_BODY_BYTES, CurrentCaller } from './access.js';
import { bearerTokenOf } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import type { Caller } from './caller.js';
import { requirePerson, requireSignIn } from './own-password.js';
import { Proofs } from './proofs.service.js';

@ApiTags('auth')
@Access('all')
@BodyLimit(AUTH_BODY_BYTES)
@Controller('auth/me/proof')
export class ProofsController {
  constructor(
    private readonly proofs: Proofs,
    private readonly accessTokens: AccessTokens,
  ) {}

  @Post()
  @LeavesNothing('what it opens leaves a line when it is done')
  @HttpCode(204)
  @Describe('Show that it is still you, after `PROOF_NEEDED`; good for 15 minutes, as a log-in is', {
    status: 204,
    text: 'By `code` where your log-in asks for one, else by `currentPassword`. Wrong ones count as at the log-in.',
  })
  async prove(
    @CurrentCaller() caller: Caller,
    @Body({ schema: Proof }) proof: Proof,
    @Req() request: Request,
  ): Promise<void> {
    requirePerson(caller);
    const claims = await this.accessTokens.verify(bearerTokenOf(request) ?? '');
    await this.proofs.prove(caller, requireSignIn(claims?.sid), proof, request.ip ?? '');
  }
}
