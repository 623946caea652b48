import { Body, Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CompletePasswordReset, RequestPasswordReset } from '@koneksi/contracts/auth';
import type { Request } from 'express';
import { Leaves, LeavesNothing } from '../acts/act.js';
import { tellWho } from '../acts/acts.interceptor.js';
import { Describe } from '../common/api-docs.js';
import { BodyLimit } from '../common/bodies/json-bodies.js';
import { Access, AUTH_BODY_BYTES } from './access.js';
import { PasswordResets } from './password-resets.service.js';
import { SameOriginGuard } from './same-origin.guard.js';

@ApiTags('auth')
@Access('public')
@UseGuards(SameOriginGuard)
@BodyLimit(AUTH_BODY_BYTES)
@Controller('auth/password-resets')
export class PasswordResetsController {
  constructor(private readonly resets: PasswordResets) {}

  @Post()
  @LeavesNothing('nobody knows who asks; what is set by the link leaves a line')
  @HttpCode(202)
  @Describe('Have a link sent by which a forgotten password is changed', {
    status: 202,
    text: 'The same whether or not anybody has that address. The link works once, within 30 minutes.',
  })
  request(
    @Body({ schema: RequestPasswordReset }) { email }: RequestPasswordReset,
    @Req() { ip }: Request,
  ): Promise<void> {
    return this.resets.request(email, ip ?? '');
  }

  @Post('complete')
  @Leaves('profile.password-reset', { hides: ['newPassword'] })
  @HttpCode(204)
  @Describe('Set a new password by such a link; every sign-in of that user ends', {
    status: 204,
    text: '`token` is what stands behind the `#` of the link. Unknown, used and ended ones are all `RESET_LINK_GONE`.',
  })
  async complete(
    @Body({ schema: CompletePasswordReset }) reset: CompletePasswordReset,
    @Req() request: Request,
  ): Promise<void> {
    tellWho(request, await this.resets.complete(reset, request.ip ?? ''));
  }
}
