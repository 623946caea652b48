import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { LoginLimiter } from './login-limiter.js';
import { Passwords } from './passwords.js';
import { UserEntity } from './user.entity.js';

@Injectable()
export class LoginService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly limiter: LoginLimiter,
    private readonly passwords: Passwords,
  ) {}

  /** The user with this email and password; whether the email is known or disabled cannot be told from the refusal. */
  async verify(typedEmail: string, password: string, address: string): Promise<UserEntity> {
    const email = typedEmail.toLowerCase();
    const user = await this.dataSource.manager.findOne(UserEntity, {
      where: { email },
      select: { id: true, tokenVersion: true, passwordHash: true, isDisabled: true },
    });
    // After the look-up: a database that is away is no wrong password.
    await this.limiter.admit(email, address);
    const matches = await this.passwords.matches(password, user?.passwordHash ?? null);
    if (!matches || !user || user.isDisabled) {
      throw new DomainError('INVALID_CREDENTIALS', 401, 'wrong email or password');
    }
    await this.limiter.forgive(email, address);
    return user;
  }
}
