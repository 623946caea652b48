import { Injectable } from '@nestjs/common';
import type { ChangePassword, Me, UpdateMe } from '@koneksi/contracts/auth';
import { DataSource, type EntityManager } from 'typeorm';
import { Seen } from '../common/editing/seen.js';
import { EventBus } from '../common/event-bus.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import type { Caller } from './caller.js';
import { goneMeanwhile, OwnPassword, requirePerson, requireSignIn, wrongPassword } from './own-password.js';
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
    private readonly ownPassword: OwnPassword,
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
    const user = await this.ownPassword.require(caller, request.currentPassword, requireSignIn(kept), address);
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
