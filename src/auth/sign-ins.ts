import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, LessThan, Not, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import type { AccessClaims } from './access-tokens.js';
import { hashToken, randomToken } from './secret-tokens.js';
import { RefreshTokenEntity, SignInEntity } from './sign-in.entity.js';
import { UserEntity } from './user.entity.js';

const LIFETIME_MS = 30 * 24 * 3_600_000;

/** Two tabs that wake together both send the same token: the second one is no thief. */
const GRACE_MS = 10_000;

/** Browsers and programs of one person; with the next the oldest ends. */
const SIGN_INS_EACH = 100;
/** A used token that comes back tells of a thief; the oldest are forgotten, and are no longer good for anything. */
const USED_TOKENS_EACH = 200;
const UNUSED_TOKENS_EACH = 50;

const SURPLUS_SIGN_INS_SQL = `
  DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE user_id = $1 ORDER BY expires_at DESC OFFSET $2)`;
const SURPLUS_TOKENS_SQL = `
  DELETE FROM refresh_tokens WHERE hash IN (
    SELECT hash FROM refresh_tokens WHERE sign_in_id = $1 AND used_at IS NOT NULL ORDER BY used_at DESC OFFSET $2)`;

/** Every request asks this: made by TypeORM's finder, it was two thirds of what a look at a token cost the processor. */
const PERSON_BEHIND_SQL = `
  SELECT u.id, u.name, u.role, u.must_change_password AS "mustChangePassword", s.expires_at AS "expiresAt",
    ARRAY(SELECT a.outlet_id::text FROM user_outlets a WHERE a.user_id = u.id) AS "outletIds"
  FROM sign_ins s JOIN users u ON u.id = s.user_id
  WHERE s.id = $1 AND u.id = $2 AND u.token_version = $3 AND NOT u.is_disabled`;

/** Who signed in. */
interface PersonBehind extends Pick<UserEntity, 'id' | 'name' | 'role' | 'mustChangePassword'> {
  expiresAt: Date;
  /** What is assigned to them. */
  outletIds: string[];
}

/** A sign-in with the refresh token that continues it. */
export interface ContinuedSignIn {
  id: string;
  /** With the hash of their password, as both were in the transaction that went on with it. */
  user: UserEntity;
  refreshToken: string;
  expiresAt: Date;
}

/** What ends with all sign-ins of somebody, in the same transaction. */
type EndsWithAll = (manager: EntityManager, userId: string) => Promise<unknown>;

/** Sign-ins and their refresh tokens, each good for one use. */
@Injectable()
export class SignIns {
  private readonly endWithAll: EndsWithAll[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly events: EventBus,
  ) {}

  /** `null` when the user changed or went since `verified` was read. */
  start({ id: userId, tokenVersion, passwordHash, secondFactorAt }: UserEntity): Promise<ContinuedSignIn | null> {
    const now = this.clock.wall();
    return this.dataSource.transaction(async (manager) => {
      // Locks the row: a password changed at this moment either sees this sign-in and ends it, or is seen here.
      const { affected } = await manager.update(
        UserEntity,
        // Whoever asked for codes meanwhile is not let in without one.
        {
          id: userId,
          tokenVersion,
          passwordHash,
          isDisabled: false,
          ...(secondFactorAt === null && { secondFactorAt: IsNull() }),
        },
        { lastLoginAt: new Date(now) },
      );
      if (!affected) return null;
      await manager.delete(SignInEntity, { expiresAt: LessThan(new Date(now)) });
      await manager.query(SURPLUS_SIGN_INS_SQL, [userId, SIGN_INS_EACH - 1]);
      const signIn = { id: randomUUID(), userId, expiresAt: new Date(now + LIFETIME_MS), provedAt: new Date(now) };
      await manager.insert(SignInEntity, signIn);
      return this.continued(manager, signIn);
    });
  }

  /** Trades a refresh token for the next one. A used one that comes back was stolen, from one side or the other. */
  async continue(refreshToken: string): Promise<ContinuedSignIn | null> {
    const outcome = await this.dataSource.transaction((manager) => this.trade(manager, hashToken(refreshToken)));
    if (!outcome || !('stolenFrom' in outcome)) return outcome;
    this.events.publish('access.changed', { callerId: outcome.stolenFrom });
    return null;
  }

  /** Ends the sign-in that this refresh token continues; nothing happens where there is none. */
  async end(refreshToken: string): Promise<UserEntity | null> {
    const token = await this.dataSource.manager.findOneBy(RefreshTokenEntity, { hash: hashToken(refreshToken) });
    return token ? this.endById(token.signInId) : null;
  }

  /** Answers whose it was. */
  async endById(id: string): Promise<UserEntity | null> {
    const [signIn] = await this.dataSource.manager.find(SignInEntity, { where: { id }, relations: { user: true } });
    if (!signIn) return null;
    await this.dataSource.manager.delete(SignInEntity, { id });
    this.events.publish('access.changed', { callerId: signIn.userId });
    return signIn.user;
  }

  alsoEnd(work: EndsWithAll): void {
    this.endWithAll.push(work);
  }

  /** All but `kept`, inside the caller's transaction, who publishes `access.changed` after it. */
  async endAllOf(manager: EntityManager, userId: string, kept?: string): Promise<void> {
    await manager.delete(SignInEntity, { userId, ...(kept !== undefined && { id: Not(kept) }) });
    for (const work of this.endWithAll) await work(manager, userId);
  }

  /** The user an access token was made for, as they are now; `null` once it is void. */
  async personBehind({ sub, sid, ver }: AccessClaims): Promise<PersonBehind | null> {
    const [person] = await this.dataSource.query<PersonBehind[]>(PERSON_BEHIND_SQL, [sid, sub, ver]);
    return person && person.expiresAt.getTime() > this.clock.wall() ? person : null;
  }

  private async trade(manager: EntityManager, hash: string): Promise<ContinuedSignIn | { stolenFrom: string } | null> {
    const known = await manager.findOneBy(RefreshTokenEntity, { hash });
    if (!known) return null;
    // Every trade and every end of a sign-in takes its turn here.
    const signIn = await manager.findOne(SignInEntity, {
      where: { id: known.signInId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!signIn || signIn.expiresAt.getTime() <= this.clock.wall()) return null;
    const { usedAt } = await manager.findOneByOrFail(RefreshTokenEntity, { hash });
    // Used in the future: by a clock that was set back since, so nobody knows how long ago.
    if (usedAt && Math.abs(this.clock.wall() - usedAt.getTime()) > GRACE_MS) {
      await manager.delete(SignInEntity, { id: signIn.id });
      return { stolenFrom: signIn.userId };
    }
    if (!usedAt) await manager.update(RefreshTokenEntity, { hash }, { usedAt: new Date(this.clock.wall()) });
    return this.continued(manager, signIn);
  }

  /** @throws {TooManyAttempts} where more were handed out than any number of tabs could use. */
  private async limitTokens(manager: EntityManager, signInId: string): Promise<void> {
    await manager.query(SURPLUS_TOKENS_SQL, [signInId, USED_TOKENS_EACH]);
    const unused = await manager.countBy(RefreshTokenEntity, { signInId, usedAt: IsNull() });
    if (unused >= UNUSED_TOKENS_EACH)
      throw new TooManyAttempts(GRACE_MS / 1_000, { name: 'refresh', quota: UNUSED_TOKENS_EACH });
  }

  private async continued(
    manager: EntityManager,
    { id, userId, expiresAt }: Pick<SignInEntity, 'id' | 'userId' | 'expiresAt'>,
  ): Promise<ContinuedSignIn> {
    await this.limitTokens(manager, id);
    const refreshToken = randomToken();
    await manager.insert(RefreshTokenEntity, { hash: hashToken(refreshToken), signInId: id });
    const user = await manager
      .createQueryBuilder(UserEntity, 'user')
      .addSelect('user.passwordHash')
      .leftJoinAndSelect('user.assignments', 'assignments')
      .where({ id: userId })
      .getOneOrFail();
    return { id, user, refreshToken, expiresAt };
  }
}
