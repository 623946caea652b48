import { Injectable } from '@nestjs/common';
import type { ChangePassword, Me, UpdateMe } from '@koneksi/contracts/auth';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { Seen } from '../common/editing/seen.js';
import { EventBus } from '../common/event-bus.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import type { Caller } from './caller.js';
import { LoginLimiter } from './login-limiter.js';
import { Passwords } from './passwords.js';
import { refuseGuessable } from './refuse-guessable.js';
import { SignIns } from './sign-ins.js';
import { UserEntity } from './user.entity.js';
import { toUser } from './user.view.js';

/** What callers see and change of themselves. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly signIns: SignIns,
    private readonly passwords: Passwords,
    private readonly limiter: LoginLimiter,
    private readonly events: EventBus,
  ) {}

  async me(caller: Caller, manager: EntityManager = this.dataSource.manager): Promise<Me> {
    if (caller.kind === 'api-key') {
      const { id, name, role, outletIds } = caller;
      return { kind: 'api-key', id, email: null, name, role, outletIds: outletIds === 'all' ? [] : [...outletIds] };
    }
    const [user] = await manager.find(UserEntity, {
      where: { id: caller.id },
      relations: { assignments: true },
    });
    if (!user) throw goneMeanwhile();
    return { kind: 'user', ...toUser(user) };
  }

  /** @throws `CHANGED_MEANWHILE` */
  async update(caller: Caller, request: UpdateMe, seen = Seen.anything): Promise<Me> {
    requirePerson(caller);
    const { id } = caller;
    await this.dataSource.transaction(async (manager) => {
      await manager.findOne(UserEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
      seen.requireSame(await this.me(caller, manager));
      if (Object.keys(request).length > 0) await manager.update(UserEntity, { id }, request);
    });
    return this.me(caller);
  }

  /** Ends every sign-in of this user but `kept`. Guesses count as those at the log-in do. */
  async changePassword(
    caller: Caller,
    kept: string | undefined,
    request: ChangePassword,
    address: string,
  ): Promise<void> {
    requirePerson(caller);
    if (kept === undefined) throw new DomainError('UNAUTHENTICATED', 401, 'the token ended meanwhile');
    const user = await this.dataSource.manager.findOne(UserEntity, {
      where: { id: caller.id },
      select: { id: true, email: true, name: true, passwordHash: true },
    });
    if (!user) throw goneMeanwhile();
    // Whoever signed in is no stranger, whatever others try from the same address.
    const signIn = `sign-in ${kept}`;
    await this.limiter.admit(user.email, address, signIn);
    if (!(await this.passwords.matches(request.currentPassword, user.passwordHash, { known: user.id })))
      throw wrongPassword();
    await this.limiter.forgive(user.email, address, signIn);
    refuseGuessable('newPassword', request.newPassword, user);
    if (request.newPassword === request.currentPassword) {
      throw new ValidationFailed([fieldProblem('newPassword', 'SAME_PASSWORD')]);
    }
    const passwordHash = await this.passwords.hash(request.newPassword, { known: user.id });
    await this.dataSource.transaction(async (manager) => {
      const { id, passwordHash: current } = user;
      const { affected } = await manager.update(
        UserEntity,
        { id, passwordHash: current },
        { passwordHash, mustChangePassword: false },
      );
      if (!affected) throw wrongPassword();
      await this.signIns.endAllOf(manager, id, kept);
    });
    // This sign-in's sockets are cut with the others and come back with the token they have.
    this.events.publish('access.changed', { callerId: user.id });
  }
}

function requirePerson(caller: Caller): void {
  if (caller.kind !== 'user') throw new DomainError('FORBIDDEN', 403, 'an API key has no profile to change');
}

function wrongPassword(): ValidationFailed {
  return new ValidationFailed([fieldProblem('currentPassword', 'WRONG_PASSWORD')]);
}

function goneMeanwhile(): DomainError {
  return new DomainError('UNAUTHENTICATED', 401, 'the user was removed meanwhile');
}
