import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Role } from '@koneksi/contracts/roles';
import type { CreateUser, UpdateUser, User } from '@koneksi/contracts/users';
import { DataSource, type EntityManager } from 'typeorm';
import { ApiKeyEntity } from '../auth/api-key.entity.js';
import type { Caller } from '../auth/caller.js';
import { DelegatedWork } from '../auth/delegated-work.js';
import { requireOutletsToExist } from '../auth/outlet-assignments.js';
import { Passwords } from '../auth/passwords.js';
import { refuseGuessable } from '../auth/refuse-guessable.js';
import { includesRole } from '../auth/rights.js';
import { SignIns } from '../auth/sign-ins.js';
import { EMAIL_IS_UNIQUE, UserEntity, UserOutletEntity } from '../auth/user.entity.js';
import { toUser } from '../auth/user.view.js';
import { DomainError } from '../common/domain-error.js';
import { Seen } from '../common/editing/seen.js';
import { EventBus } from '../common/event-bus.js';
import { violatesUnique } from '../common/postgres-errors.js';
import { isUuid } from '../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';

/** What a user is made of; whoever makes the first ones has nothing to say of the password. */
export type NewUser = Omit<CreateUser, 'mustChangePassword'> & Partial<Pick<CreateUser, 'mustChangePassword'>>;

@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly passwords: Passwords,
    private readonly signIns: SignIns,
    private readonly events: EventBus,
    private readonly work: DelegatedWork,
  ) {}

  async list(): Promise<User[]> {
    const users = await this.dataSource.manager.find(UserEntity, {
      relations: { assignments: true },
      order: { name: 'ASC', email: 'ASC' },
    });
    return users.map(toUser);
  }

  /** @throws `USER_NOT_FOUND` */
  async find(id: string): Promise<User> {
    const { manager } = this.dataSource;
    if (!isUuid(id) || !(await manager.existsBy(UserEntity, { id }))) throw notFound();
    return read(manager, id);
  }

  create(request: NewUser): Promise<User> {
    return this.change(async (manager) => this.insert(manager, request));
  }

  /** For whoever must create a user together with other rows; `create` is this in a transaction of its own. */
  async insert(manager: EntityManager, user: NewUser): Promise<User> {
    const { email, name, password, role, outletIds, mustChangePassword = false } = user;
    const id = randomUUID();
    const passwordHash = await this.passwords.hash(password, { known: 'accounts' });
    await manager.insert(UserEntity, { id, email, name, role, passwordHash, mustChangePassword });
    await assignOutlets(manager, id, role === 'USER' ? outletIds : []);
    return read(manager, id);
  }

  /**
   * @throws `VALIDATION_FAILED` where the password is among the first that are tried at that account, as it will be
   * called, or is the caller's own.
   */
  async refusePassword(caller: Caller, id: string, request: UpdateUser): Promise<void> {
    const { password } = request;
    if (password === undefined) return;
    if (caller.id === id) throw new ValidationFailed([fieldProblem('password', 'OWN_PASSWORD')]);
    const user = isUuid(id) ? await this.dataSource.manager.findOneBy(UserEntity, { id }) : null;
    refuseGuessable('password', password, { email: '', name: '', ...user, ...definedOf(request) });
  }

  /** @throws `USER_NOT_FOUND`, `EMAIL_TAKEN`, `LAST_SUPERADMIN`, `CHANGED_MEANWHILE` */
  async update(id: string, request: UpdateUser, seen = Seen.anything): Promise<User> {
    const passwordHash =
      request.password === undefined ? undefined : await this.passwords.hash(request.password, { known: 'accounts' });
    const { user, cut, tell } = await this.change(async (manager) => {
      const losesSuperadmin = (request.role ?? 'SUPERADMIN') !== 'SUPERADMIN' || request.isDisabled === true;
      const before = await lock(manager, id, losesSuperadmin);
      seen.requireSame(await read(manager, id));
      const { email, name, role = before.role, isDisabled = before.isDisabled } = request;
      const isNewRole = role !== before.role;
      const isShutOut = isDisabled && !before.isDisabled;
      const mustSignInAgain = isNewRole || isShutOut || passwordHash !== undefined;
      await manager.update(
        UserEntity,
        { id },
        {
          ...(email !== undefined && { email }),
          ...(name !== undefined && { name }),
          ...(passwordHash !== undefined && { passwordHash, mustChangePassword: false }),
          ...(request.mustChangePassword !== undefined && { mustChangePassword: request.mustChangePassword }),
          role,
          isDisabled,
          tokenVersion: before.tokenVersion + (mustSignInAgain ? 1 : 0),
        },
      );
      if (isShutOut || passwordHash !== undefined) await this.signIns.endAllOf(manager, id);
      if (role !== 'USER') await assignOutlets(manager, id, []);
      else if (request.outletIds !== undefined) await assignOutlets(manager, id, request.outletIds);
      const user = await read(manager, id);
      const hasOtherRights = isNewRole || isShutOut || request.outletIds !== undefined;
      const callers = await callersBehind(manager, id);
      const isLess = isShutOut || (hasOtherRights && role !== 'SUPERADMIN' && isLessThan(role, before.role));
      const outletIds = isShutOut ? [] : user.outletIds;
      const hasLess = isLess || (role === 'USER' && request.outletIds !== undefined);
      return {
        user,
        // Its maker's new password ends no key: what it may do is as it was.
        cut: hasOtherRights ? callers : mustSignInAgain || request.mustChangePassword ? [id] : [],
        tell: hasLess ? await this.work.end(manager, { callerIds: callers, outletIds }) : (): void => undefined,
      };
    });
    tell();
    this.announce(cut);
    return user;
  }

  /** @throws `USER_NOT_FOUND`, `LAST_SUPERADMIN`, `CHANGED_MEANWHILE` */
  async remove(id: string, seen = Seen.anything): Promise<void> {
    const { cut, tell } = await this.change(async (manager) => {
      await lock(manager, id, true);
      seen.requireSame(await read(manager, id));
      const callers = await callersBehind(manager, id);
      await manager.delete(UserEntity, { id });
      return { cut: callers, tell: await this.work.end(manager, { callerIds: callers, outletIds: [] }) };
    });
    tell();
    this.announce(cut);
  }

  private async change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.dataSource.transaction(work);
    } catch (error) {
      if (!violatesUnique(error, EMAIL_IS_UNIQUE)) throw error;
      throw new DomainError('EMAIL_TAKEN', 409, 'another user has this email');
    }
  }

  private announce(callerIds: string[]): void {
    for (const callerId of callerIds) this.events.publish('access.changed', { callerId });
  }
}

const notFound = (): DomainError => new DomainError('USER_NOT_FOUND', 404, 'no such user');

const isLessThan = (role: Role, before: Role): boolean => role !== before && includesRole(before, role);

function definedOf({ email, name }: UpdateUser): { email?: string; name?: string } {
  return { ...(email !== undefined && { email }), ...(name !== undefined && { name }) };
}

/** The user, held until the transaction ends. `losesSuperadmin`: whether the change would take that role, or the use of it, away. */
async function lock(manager: EntityManager, id: string, losesSuperadmin: boolean): Promise<UserEntity> {
  // Two superadmins who demote or disable each other take turns, each seeing what the other did.
  const superadmins = losesSuperadmin
    ? await manager.find(UserEntity, {
        where: { role: 'SUPERADMIN', isDisabled: false },
        order: { id: 'ASC' },
        lock: { mode: 'pessimistic_write' },
      })
    : [];
  const user = isUuid(id)
    ? await manager.findOne(UserEntity, { where: { id }, lock: { mode: 'pessimistic_write' } })
    : null;
  if (!user) throw notFound();
  if (superadmins.length === 1 && superadmins[0]!.id === user.id) {
    throw new DomainError('LAST_SUPERADMIN', 409, 'the last superadmin can be neither removed, disabled nor demoted');
  }
  return user;
}

async function assignOutlets(manager: EntityManager, userId: string, outletIds: readonly string[]): Promise<void> {
  await requireOutletsToExist(manager, outletIds);
  await manager.delete(UserOutletEntity, { userId });
  const distinct = [...new Set(outletIds)];
  await manager.insert(
    UserOutletEntity,
    distinct.map((outletId) => ({ userId, outletId })),
  );
}

async function read(manager: EntityManager, id: string): Promise<User> {
  const [user] = await manager.find(UserEntity, { where: { id }, relations: { assignments: true } });
  return toUser(user!);
}

/** The user and the API keys they made, which never may more than they do. */
async function callersBehind(manager: EntityManager, userId: string): Promise<string[]> {
  const keys = await manager.find(ApiKeyEntity, { where: { makerId: userId }, select: { id: true } });
  return [userId, ...keys.map(({ id }) => id)];
}
