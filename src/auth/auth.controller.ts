import { Body, Controller, Header, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LoginAnswer, LoginRequest } from '@koneksi/contracts/auth';
import { CompleteLogin, SecondStep } from '@koneksi/contracts/second-factor';
import type { Request, Response } from 'express';
import { Leaves, LeavesNothing } from '../acts/act.js';
import { leaveNoLine, tellWho } from '../acts/acts.interceptor.js';
import { Describe } from '../common/api-docs.js';
import { DomainError } from '../common/domain-error.js';
import { BodyLimit } from '../common/bodies/json-bodies.js';
import { Access, AUTH_BODY_BYTES } from './access.js';
import { bearerTokenOf } from './access.guard.js';
import { AuthService, type SignedIn } from './auth.service.js';
import { CodeAlarm } from './code-alarm.js';
import { KnownBrowsers } from './known-browsers.js';
import { LoginGuard } from './login.guard.js';
import { RefreshCookie } from './refresh-cookie.js';
import { SecondFactors } from './second-factors.service.js';
import { SecondSteps } from './second-step.js';
import { SameOriginGuard } from './same-origin.guard.js';
import type { UserEntity } from './user.entity.js';

@ApiTags('auth')
@UseGuards(SameOriginGuard)
@BodyLimit(AUTH_BODY_BYTES)
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly cookie: RefreshCookie,
    private readonly browsers: KnownBrowsers,
    private readonly steps: SecondSteps,
    private readonly factors: SecondFactors,
    private readonly alarm: CodeAlarm,
  ) {}

  @Post('login')
  @Leaves('sign-in.started')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Access('public')
  @UseGuards(LoginGuard)
  @Describe(
    'Sign in',
    { status: 200, schema: LoginAnswer, text: 'The refresh token comes as an httpOnly cookie.' },
    { status: 202, schema: SecondStep, text: 'The password is right; the code of their app is still to come.' },
  )
  async login(
    @Body({ schema: LoginRequest }) _credentials: LoginRequest,
    @Req() request: Request & { user: UserEntity },
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginAnswer | SecondStep> {
    if (request.user.secondFactorAt) {
      leaveNoLine(request);
      response.status(202);
      return this.steps.issue(request.user);
    }
    const signedIn = await this.auth.signIn(request.user, this.cookie.read(request));
    tellWho(request, signedIn.answer.user);
    return this.hand(request, response, signedIn);
  }

  @Post('login/second-factor')
  @Leaves('sign-in.started')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Access('public')
  @Describe('Sign in, second step: by a code of the app or a recovery code', {
    status: 200,
    schema: LoginAnswer,
    text: 'Wrong codes are `SECOND_FACTOR_WRONG`; a ticket that is over is `SIGN_IN_EXPIRED`.',
  })
  async completeLogin(
    @Body({ schema: CompleteLogin }) { ticket, code }: CompleteLogin,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginAnswer> {
    const user = await this.steps.userBehind(ticket);
    if (!user) throw new DomainError('SIGN_IN_EXPIRED', 401, 'no such first step, or it is over');
    const browser = this.browsers.nameFor(request, user);
    const source = browser ? { known: browser } : { address: request.ip ?? '' };
    if (!(await this.factors.isRight(user, code, source))) {
      await this.alarm.wrongCode(user, request);
      throw new DomainError('SECOND_FACTOR_WRONG', 401, 'wrong or used code');
    }
    const signedIn = await this.auth.signIn(user, this.cookie.read(request));
    tellWho(request, signedIn.answer.user);
    return this.hand(request, response, signedIn);
  }

  @Post('refresh')
  @LeavesNothing('a sign-in that is there goes on')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Access('public')
  @Describe('Trade the refresh cookie for a new access token', { status: 200, schema: LoginAnswer })
  async refresh(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<LoginAnswer> {
    return this.hand(request, response, await this.auth.refresh(this.cookie.read(request)));
  }

  @Post('logout')
  @Leaves('sign-in.ended')
  @HttpCode(204)
  @Access('public')
  @Describe('Sign out: ends the refresh cookie and every access token made with it', { status: 204 })
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const whose = await this.auth.signOut(this.cookie.read(request), bearerTokenOf(request));
    if (whose) tellWho(request, whose);
    this.cookie.clear(response);
  }

  private hand(request: Request, response: Response, { answer, user, refreshToken, expiresAt }: SignedIn): LoginAnswer {
    this.cookie.write(response, refreshToken, expiresAt);
    this.browsers.remember(request, response, user);
    return answer;
  }
}
