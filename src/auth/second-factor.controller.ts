import { Body, Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  RecoveryCodes,
  SecondFactor,
  SecondFactorCode,
  SecondFactorSecret,
  StartSecondFactor,
} from '@koneksi/contracts/second-factor';
import type { Request } from 'express';
import { Leaves, LeavesNothing } from '../acts/act.js';
import { Describe } from '../common/api-docs.js';
import { BodyLimit } from '../common/bodies/json-bodies.js';
import { Access, AUTH_BODY_BYTES, CurrentCaller } from './access.js';
import { bearerTokenOf } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import type { Caller } from './caller.js';
import { SecondFactors } from './second-factors.service.js';

@ApiTags('auth')
@Access('all')
@BodyLimit(AUTH_BODY_BYTES)
@Controller('auth/me/second-factor')
export class SecondFactorController {
  constructor(
    private readonly factors: SecondFactors,
    private readonly accessTokens: AccessTokens,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Describe('Whether your log-in asks for a code, and how many recovery codes are left', {
    status: 200,
    schema: SecondFactor,
  })
  state(@CurrentCaller() caller: Caller): Promise<SecondFactor> {
    return this.factors.state(caller);
  }

  @Post()
  @LeavesNothing('it is good for nothing before it is confirmed, which leaves a line')
  @Header('Cache-Control', 'no-store')
  @Describe('A secret for your authenticator app (people, not API keys)', {
    status: 201,
    schema: SecondFactorSecret,
    text: 'Shown this once, and good for nothing before it is confirmed. Wrong passwords count as at the log-in.',
  })
  async start(
    @CurrentCaller() caller: Caller,
    @Body({ schema: StartSecondFactor }) { currentPassword }: StartSecondFactor,
    @Req() request: Request,
  ): Promise<SecondFactorSecret> {
    return this.factors.start(caller, currentPassword, await this.signInOf(request), request.ip ?? '');
  }

  @Post('confirm')
  @Leaves('profile.second-factor-on')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Describe('Switch it on by a code of the app; every other sign-in of yours ends', {
    status: 200,
    schema: RecoveryCodes,
    text: 'Ten recovery codes, shown this once, each good for one log-in. A wrong code is a `VALIDATION_FAILED` that names it.',
  })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Body({ schema: SecondFactorCode }) { code }: SecondFactorCode,
    @Req() request: Request,
  ): Promise<RecoveryCodes> {
    return this.factors.confirm(caller, code, await this.signInOf(request));
  }

  @Post('recovery-codes')
  @Leaves('profile.recovery-codes-renewed')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Describe('Ten new recovery codes; those before are good for nothing', { status: 200, schema: RecoveryCodes })
  async renew(
    @CurrentCaller() caller: Caller,
    @Body({ schema: SecondFactorCode }) { code }: SecondFactorCode,
    @Req() request: Request,
  ): Promise<RecoveryCodes> {
    return this.factors.renewRecoveryCodes(caller, code, await this.signInOf(request));
  }

  @Post('disable')
  @Leaves('profile.second-factor-off')
  @HttpCode(204)
  @Describe('Switch it off, by a code of the app or a recovery code', { status: 204 })
  async disable(
    @CurrentCaller() caller: Caller,
    @Body({ schema: SecondFactorCode }) { code }: SecondFactorCode,
    @Req() request: Request,
  ): Promise<void> {
    await this.factors.disable(caller, code, await this.signInOf(request));
  }

  private async signInOf(request: Request): Promise<string | undefined> {
    return (await this.accessTokens.verify(bearerTokenOf(request) ?? ''))?.sid;
  }
}
