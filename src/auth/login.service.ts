import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { networkOf } from '../common/network.js';
import { tellLimits } from '../common/rate-limits.js';
import { KnownBrowsers } from './known-browsers.js';
import { LoginLimiter } from './login-limiter.js';
import { Passwords } from './passwords.js';
import { UserEntity } from './user.entity.js';

@Injectable()
export class LoginService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly limiter: LoginLimiter,
    private readonly passwords: Passwords,
    private readonly browsers: KnownBrowsers,
  ) {}

  /** The user with this email and password; whether the email is known or disabled cannot be told from the refusal. */
  async verify(typedEmail: string, password: string, request: Request): Promise<UserEntity> {
    const address = request.ip ?? '';
    const email = typedEmail.toLowerCase();
    const user = await this.dataSource.manager.findOne(UserEntity, {
      where: { email },
      select: { id: true, tokenVersion: true, passwordHash: true, isDisabled: true, secondFactorAt: true },
    });
    // After the look-up: a database that is away is no wrong password.
    const browser = user && this.browsers.nameFor(request, user);
    await this.limiter.admit(email, address, browser);
    await this.tellLeft(request, email, browser);
    const whose = browser ? { known: browser } : { stranger: networkOf(address) };
    const matches = await this.passwords.matches(password, user?.passwordHash ?? null, whose);
    if (!matches || !user || user.isDisabled) {
      throw new DomainError('INVALID_CREDENTIALS', 401, 'wrong email or password');
    }
    await this.limiter.forgive(email, address, browser);
    await this.tellLeft(request, email, browser);
    return user;
  }

  /** Who mistypes is told how often they still may, before they may not. */
  private async tellLeft(request: Request, email: string, browser: string | null): Promise<void> {
    if (request.res) tellLimits(request.res, ...(await this.limiter.left(email, request.ip ?? '', browser)));
  }
}
