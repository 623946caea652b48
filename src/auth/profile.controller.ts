import { Body, Controller, Get, Header, HttpCode, Patch, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangePassword, Me, UpdateMe } from '@koneksi/contracts/auth';
import type { Request } from 'express';
import { Leaves } from '../acts/act.js';
import { Describe } from '../common/api-docs.js';
import { Editable, IfMatch } from '../common/editing/editable.js';
import type { Seen } from '../common/editing/seen.js';
import { BodyLimit } from '../common/bodies/json-bodies.js';
import { Access, AUTH_BODY_BYTES, BeforePasswordChange, CurrentCaller } from './access.js';
import { bearerTokenOf } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import type { Caller } from './caller.js';
import { ProfileService } from './profile.service.js';

@ApiTags('auth')
@Access('all')
@BodyLimit(AUTH_BODY_BYTES)
@Controller('auth/me')
export class ProfileController {
  constructor(
    private readonly profile: ProfileService,
    private readonly accessTokens: AccessTokens,
  ) {}

  @Get()
  @Editable(UpdateMe)
  @BeforePasswordChange()
  @Header('Cache-Control', 'no-store')
  @Describe('Who the token speaks for', { status: 200, schema: Me })
  me(@CurrentCaller() caller: Caller): Promise<Me> {
    return this.profile.me(caller);
  }

  @Patch()
  @Leaves('profile.changed')
  @Editable(UpdateMe)
  @Header('Cache-Control', 'no-store')
  @Describe('Change your own name, language or theme (people, not API keys)', { status: 200, schema: Me })
  update(
    @CurrentCaller() caller: Caller,
    @Body({ schema: UpdateMe }) request: UpdateMe,
    @IfMatch() seen: Seen,
  ): Promise<Me> {
    return this.profile.update(caller, request, seen);
  }

  @Post('password')
  @Leaves('profile.password-changed', { hides: ['newPassword'] })
  @BeforePasswordChange()
  @HttpCode(204)
  @Describe('Change your own password; every other sign-in of yours ends', {
    status: 204,
    text: 'A wrong `currentPassword` is a `VALIDATION_FAILED` that names it, and counts as a failed log-in.',
  })
  async changePassword(
    @CurrentCaller() caller: Caller,
    @Body({ schema: ChangePassword }) change: ChangePassword,
    @Req() request: Request,
  ): Promise<void> {
    const claims = await this.accessTokens.verify(bearerTokenOf(request) ?? '');
    await this.profile.changePassword(caller, claims?.sid, change, request.ip ?? '');
  }
}
