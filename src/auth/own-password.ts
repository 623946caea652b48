import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import type { Caller } from './caller.js';
import { LoginLimiter } from './login-limiter.js';
import { Passwords } from './passwords.js';
import { UserEntity } from './user.entity.js';

/** Whether whoever is signed in knows the password too, before they change how one signs in. */
@Injectable()
export class OwnPassword {
  constructor(
    private readonly dataSource: DataSource,
    private readonly passwords: Passwords,
    private readonly limiter: LoginLimiter,
  ) {}

  /**
   * The user behind that sign-in. Guesses count as those at the log-in do.
   * @throws {TooManyAttempts}, `VALIDATION_FAILED` naming `currentPassword`
   */
  async require(caller: Caller, typed: string, signInId: string, address: string): Promise<UserEntity> {
    const user = await this.dataSource.manager.findOne(UserEntity, {
      where: { id: caller.id },
      select: { id: true, email: true, name: true, passwordHash: true, secondFactorAt: true },
    });
    if (!user) throw goneMeanwhile();
    // Whoever signed in is no stranger, whatever others try from the same address.
    const signIn = `sign-in ${signInId}`;
    await this.limiter.admit(user.email, address, signIn);
    if (!(await this.passwords.matches(typed, user.passwordHash, { known: user.id }))) throw wrongPassword();
    await this.limiter.forgive(user.email, address, signIn);
    return user;
  }
}

export function wrongPassword(): ValidationFailed {
  return new ValidationFailed([fieldProblem('currentPassword', 'WRONG_PASSWORD')]);
}

export function goneMeanwhile(): DomainError {
  return new DomainError('UNAUTHENTICATED', 401, 'the user was removed meanwhile');
}

/** @throws `FORBIDDEN` where an API key asks */
export function requirePerson({ kind }: Caller): void {
  if (kind !== 'user') throw new DomainError('FORBIDDEN', 403, 'an API key has no profile to change');
}

/** The sign-in that a person's token belongs to. @throws `UNAUTHENTICATED` */
export function requireSignIn(signInId: string | undefined): string {
  if (signInId === undefined) throw new DomainError('UNAUTHENTICATED', 401, 'the token ended meanwhile');
  return signInId;
}
