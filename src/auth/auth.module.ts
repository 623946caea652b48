import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { ActsModule } from '../acts/acts.module.js';
import { AttemptsRetention } from '../common/attempts/attempts-retention.js';
import { Config } from '../config/config.js';
import { MailModule } from '../mail/mail.module.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { CodeAlarm } from './code-alarm.js';
import { CodeLimiter } from './code-limiter.js';
import { DelegatedWork } from './delegated-work.js';
import { EndedKeys } from './ended-keys.js';
import { JwtStrategy } from './jwt.strategy.js';
import { KnownBrowsers } from './known-browsers.js';
import { LocalStrategy } from './local.strategy.js';
import { LoginLimiter } from './login-limiter.js';
import { LoginService } from './login.service.js';
import { OwnPassword } from './own-password.js';
import { PasswordResetsController } from './password-resets.controller.js';
import { PasswordResets } from './password-resets.service.js';
import { Passwords } from './passwords.js';
import { ProfileController } from './profile.controller.js';
import { ProfileService } from './profile.service.js';
import { ProofsController } from './proofs.controller.js';
import { Proofs } from './proofs.service.js';
import { RefreshCookie } from './refresh-cookie.js';
import { ResetLimiter } from './reset-limiter.js';
import { ResetMail } from './reset-mail.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactorVault } from './second-factor-vault.js';
import { SecondFactors } from './second-factors.service.js';
import { SecondSteps } from './second-step.js';
import { SignIns } from './sign-ins.js';

/** Who calls and what they may do. Importing it puts the guard before every route of the application. */
@Module({
  imports: [
    ActsModule,
    MailModule,
    JwtModule.registerAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ secret: config.secrets.jwtSecret }),
    }),
  ],
  controllers: [
    AuthController,
    ProfileController,
    ProofsController,
    SecondFactorController,
    PasswordResetsController,
    ApiKeysController,
  ],
  providers: [
    AccessTokens,
    ApiKeysService,
    AuthService,
    Authenticator,
    AttemptsRetention,
    CodeAlarm,
    CodeLimiter,
    DelegatedWork,
    EndedKeys,
    JwtStrategy,
    KnownBrowsers,
    LocalStrategy,
    LoginLimiter,
    LoginService,
    OwnPassword,
    PasswordResets,
    Passwords,
    ProfileService,
    Proofs,
    RefreshCookie,
    ResetLimiter,
    ResetMail,
    SecondFactorVault,
    SecondFactors,
    SecondSteps,
    SignIns,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessTokens, Authenticator, DelegatedWork, EndedKeys, Passwords, Proofs, SecondFactors, SignIns],
})
export class AuthModule {}
