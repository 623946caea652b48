import { Injectable, Logger } from '@nestjs/common';
import type { CompletePasswordReset } from '@koneksi/contracts/auth';
import { DataSource, LessThanOrEqual, MoreThan } from 'typeorm';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { networkOf } from '../common/network.js';
import { LoginLimiter } from './login-limiter.js';
import { PasswordResetEntity } from './password-reset.entity.js';
import { Passwords } from './passwords.js';
import { refuseGuessable } from './refuse-guessable.js';
import { ResetLimiter } from './reset-limiter.js';
import { ResetMail } from './reset-mail.js';
import { hashToken, randomToken } from './secret-tokens.js';
import { SignIns } from './sign-ins.js';
import { UserEntity } from './user.entity.js';

/** From when its mail left. */
const LIFETIME_MS = 30 * 60_000;
/** Beyond the longest that its mail may be under way. */
const SLACK_MS = 60_000;
/** Links of one person that still open. Nobody can have another's mailbox filled, nor make the first ones useless. */
const LINKS_EACH = 3;

/** A new password for whoever can read the mail of the account. */
@Injectable()
export class PasswordResets {
  private readonly logger = new Logger(PasswordResets.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly passwords: Passwords,
    private readonly signIns: SignIns,
    private readonly logins: LoginLimiter,
    private readonly limiter: ResetLimiter,
    private readonly mail: ResetMail,
  ) {}

  /**
   * Whether anybody has that address cannot be told from the answer, nor from how long it takes: all that is done for
   * whoever has it is done after it.
   * @throws {TooManyAttempts}, `MAIL_NOT_CONFIGURED`
   */
  async request(email: string, address: string): Promise<void> {
    if (!this.mail.isConfigured) throw new DomainError('MAIL_NOT_CONFIGURED', 409, 'SMTP_URL is not set');
    await this.limiter.admitRequest(address);
    const user = await this.dataSource.manager.findOne(UserEntity, {
      where: { email: email.toLowerCase() },
      select: { id: true },
    });
    if (user) setImmediate(() => void this.send(user.id));
  }

  /**
   * Ends every sign-in of that user; signs nobody in.
   * @throws {TooManyAttempts}, `RESET_LINK_GONE` alike for one that is unknown, used or over, `VALIDATION_FAILED`
   */
  async complete({ token, newPassword }: CompletePasswordReset, address: string): Promise<UserEntity> {
    await this.limiter.admitGuess(address);
    const hash = hashToken(token);
    const user = await this.userBehind(hash);
    if (!user) throw gone();
    await this.limiter.forgiveGuess(address);
    refuseGuessable('newPassword', newPassword, user);
    const passwordHash = await this.passwords.hash(newPassword, { stranger: networkOf(address) });
    await this.dataSource.transaction(async (manager) => {
      const { id, passwordHash: current, tokenVersion } = user;
      const { affected } = await manager.delete(PasswordResetEntity, { hash });
      const changed = await manager.update(
        UserEntity,
        { id, passwordHash: current, isDisabled: false },
        { passwordHash, mustChangePassword: false, tokenVersion: tokenVersion + 1 },
      );
      if (!affected || !changed.affected) throw gone();
      await manager.delete(PasswordResetEntity, { userId: id });
      await this.signIns.endAllOf(manager, id);
    });
    this.events.publish('access.changed', { callerId: user.id });
    // Whoever mistyped the old one until they were refused begins anew.
    await this.logins.forgive(user.email, address);
    return user;
  }

  private async send(userId: string): Promise<void> {
    try {
      const issued = await this.issue(userId);
      if (issued) await this.deliver(issued.user, issued.token);
    } catch (error) {
      const why = messageOf(error);
      this.logger.warn(`No link to reset the password of user ${userId} could be made: ${why}`);
    }
  }

  /** What nobody was sent counts towards nothing. */
  private async deliver(user: UserEntity, token: string): Promise<void> {
    const hasLeft = await this.mail.send(user, token);
    const { manager } = this.dataSource;
    const link = { hash: hashToken(token) };
    if (hasLeft)
      await manager.update(PasswordResetEntity, link, { expiresAt: new Date(this.clock.wall() + LIFETIME_MS) });
    else await manager.delete(PasswordResetEntity, link);
  }

  /**
   * A link that opens no longer than its mail may be under way: whoever was killed meanwhile cannot tell whether it left,
   * and a link that perhaps nobody has keeps its owner from another for those minutes alone.
   */
  private issue(userId: string): Promise<{ user: UserEntity; token: string } | null> {
    const now = this.clock.wall();
    return this.dataSource.transaction(async (manager) => {
      const who = { id: userId, isDisabled: false };
      // Those who ask at the same moment are counted one after the other.
      const user = await manager.findOne(UserEntity, { where: who, lock: { mode: 'for_no_key_update' } });
      if (!user) return null;
      await manager.delete(PasswordResetEntity, { expiresAt: LessThanOrEqual(new Date(now)) });
      if ((await manager.countBy(PasswordResetEntity, { userId })) >= LINKS_EACH) return null;
      const { passwordHash } = await manager.findOneOrFail(UserEntity, {
        where: who,
        select: { id: true, passwordHash: true },
      });
      const token = randomToken();
      const expiresAt = new Date(now + this.mail.longestMs + SLACK_MS);
      await manager.insert(PasswordResetEntity, {
        hash: hashToken(token),
        userId,
        replaces: hashToken(passwordHash),
        expiresAt,
      });
      return { user, token };
    });
  }

  private async userBehind(hash: string): Promise<UserEntity | null> {
    const reset = await this.dataSource.manager.findOneBy(PasswordResetEntity, {
      hash,
      expiresAt: MoreThan(new Date(this.clock.wall())),
    });
    const user =
      reset &&
      (await this.dataSource.manager.findOne(UserEntity, {
        where: { id: reset.userId, isDisabled: false },
        select: { id: true, email: true, name: true, passwordHash: true, tokenVersion: true },
      }));
    return user && hashToken(user.passwordHash) === reset.replaces ? user : null;
  }
}

const gone = (): DomainError => new DomainError('RESET_LINK_GONE', 404, 'no such link, or it is over');
