import { Injectable, Logger } from '@nestjs/common';
import type { RecoveryCodes, SecondFactor, SecondFactorSecret } from '@koneksi/contracts/second-factor';
import { DataSource, IsNull, LessThan, Not, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { UnreadableSecret } from '../common/sealing.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import type { Caller } from './caller.js';
import { CodeLimiter, type CodeSource } from './code-limiter.js';
import { goneMeanwhile, OwnPassword, requirePerson, requireSignIn } from './own-password.js';
import { hashRecoveryCode, kindOf, newRecoveryCodes, plain } from './recovery-codes.js';
import { RecoveryCodeEntity, SecondFactorEntity } from './second-factor.entity.js';
import { SecondFactorVault } from './second-factor-vault.js';
import { SignIns } from './sign-ins.js';
import { UserEntity } from './user.entity.js';

/** Codes of an app beside the password: who wants them, and whether one is right. */
@Injectable()
export class SecondFactors {
  private readonly logger = new Logger(SecondFactors.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly ownPassword: OwnPassword,
    private readonly vault: SecondFactorVault,
    private readonly limiter: CodeLimiter,
    private readonly signIns: SignIns,
  ) {}

  async state(caller: Caller): Promise<SecondFactor> {
    requirePerson(caller);
    const { manager } = this.dataSource;
    const user = await manager.findOneBy(UserEntity, { id: caller.id });
    if (!user) throw goneMeanwhile();
    const recoveryCodesLeft = await manager.countBy(RecoveryCodeEntity, { userId: caller.id });
    return { enabledAt: user.secondFactorAt?.toISOString() ?? null, recoveryCodesLeft };
  }

  /**
   * A secret for the app, which is asked for nothing before `confirm`; one that was made before is forgotten.
   * @throws {TooManyAttempts}, `VALIDATION_FAILED`, `SECOND_FACTOR_ON`
   */
  async start(
    caller: Caller,
    currentPassword: string,
    signInId: string | undefined,
    address: string,
  ): Promise<SecondFactorSecret> {
    requirePerson(caller);
    const { email } = await this.ownPassword.require(caller, currentPassword, requireSignIn(signInId), address);
    const { sealed, secret, uri } = this.vault.make(caller.id, email);
    await this.dataSource.transaction(async (manager) => {
      const user = await hold(manager, caller.id);
      if (user.secondFactorAt) throw new DomainError('SECOND_FACTOR_ON', 409, 'the second factor is on already');
      await manager.delete(SecondFactorEntity, { id: caller.id });
      await manager.insert(SecondFactorEntity, sealed);
    });
    return { secret, uri };
  }

  /**
   * From now on the log-in asks for codes; every other sign-in ends.
   * @throws {TooManyAttempts}, `VALIDATION_FAILED`, `SECOND_FACTOR_NOT_STARTED`
   */
  async confirm(caller: Caller, code: string, signInId: string | undefined): Promise<RecoveryCodes> {
    requirePerson(caller);
    const kept = requireSignIn(signInId);
    const guess = [caller.id, { known: `sign-in ${kept}` }, kindOf(code)] as const;
    await this.limiter.admit(...guess);
    const recoveryCodes = await this.dataSource.transaction(async (manager) => {
      const user = await hold(manager, caller.id);
      const factor = user.secondFactorAt ? null : await manager.findOneBy(SecondFactorEntity, { id: caller.id });
      if (!factor) throw new DomainError('SECOND_FACTOR_NOT_STARTED', 409, 'no second factor waits to be confirmed');
      if (!(await this.takeAppCode(manager, factor, code))) throw wrongCode();
      await manager.update(UserEntity, { id: caller.id }, { secondFactorAt: new Date(this.clock.wall()) });
      await this.signIns.endAllOf(manager, caller.id, kept);
      return renewCodes(manager, caller.id);
    });
    await this.limiter.forgive(...guess);
    this.logger.log(`User ${caller.id} switched their second factor on`);
    this.events.publish('access.changed', { callerId: caller.id });
    return { recoveryCodes };
  }

  /** Ten others; those before are good for nothing. @throws as `disable` */
  async renewRecoveryCodes(caller: Caller, code: string, signInId: string | undefined): Promise<RecoveryCodes> {
    return { recoveryCodes: await this.withCode(caller, code, signInId, (manager) => renewCodes(manager, caller.id)) };
  }

  /** @throws {TooManyAttempts}, `VALIDATION_FAILED`, `SECOND_FACTOR_NOT_STARTED` */
  async disable(caller: Caller, code: string, signInId: string | undefined): Promise<void> {
    await this.withCode(caller, code, signInId, (manager) => switchOff(manager, caller.id));
    this.logger.log(`User ${caller.id} switched their second factor off`);
  }

  /**
   * For somebody who lost app and recovery codes. Nothing happens where there is none.
   * @throws `OWN_SECOND_FACTOR`
   */
  async disableFor(caller: Caller, id: string): Promise<void> {
    if (caller.id === id) throw new DomainError('OWN_SECOND_FACTOR', 409, 'their own is switched off by a code');
    await this.dataSource.transaction((manager) => switchOff(manager, id));
    this.logger.log(`User ${caller.id} switched the second factor of user ${id} off`);
  }

  /** Whether somebody who gave the right password may come in. @throws {TooManyAttempts} */
  async isRight({ id }: Pick<UserEntity, 'id'>, code: string, source: CodeSource): Promise<boolean> {
    const kind = kindOf(code);
    await this.limiter.admit(id, source, kind);
    const isRight = await this.dataSource.transaction((manager) => this.take(manager, id, code));
    if (isRight) await this.limiter.forgive(id, source, kind);
    return isRight;
  }

  private async withCode<T>(
    caller: Caller,
    code: string,
    signInId: string | undefined,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    requirePerson(caller);
    const guess = [caller.id, { known: `sign-in ${requireSignIn(signInId)}` }, kindOf(code)] as const;
    await this.limiter.admit(...guess);
    const done = await this.dataSource.transaction(async (manager) => {
      const user = await hold(manager, caller.id);
      if (!user.secondFactorAt) throw new DomainError('SECOND_FACTOR_NOT_STARTED', 409, 'there is no second factor');
      if (!(await this.take(manager, caller.id, code))) throw wrongCode();
      return work(manager);
    });
    await this.limiter.forgive(...guess);
    return done;
  }

  /** One of the app or of those for recovery. Each is taken once. */
  private async take(manager: EntityManager, id: string, code: string): Promise<boolean> {
    const factor = await manager.findOneBy(SecondFactorEntity, { id });
    if (!factor) return false;
    if (kindOf(code) === 'app') return this.takeAppCode(manager, factor, code);
    const { affected } = await manager.delete(RecoveryCodeEntity, { userId: id, hash: hashRecoveryCode(code) });
    return affected === 1;
  }

  /** What no key opens knows no code: recovery codes still let in. */
  private stepOf(factor: SecondFactorEntity, code: string): number | null {
    try {
      return this.vault.stepOf(factor, code, this.clock.wall());
    } catch (error) {
      if (!(error instanceof UnreadableSecret)) throw error;
      this.logger.error(`The second factor of user ${factor.id} cannot be read: no CREDENTIALS_KEY opens it`);
      return null;
    }
  }

  private async takeAppCode(manager: EntityManager, factor: SecondFactorEntity, code: string): Promise<boolean> {
    const step = this.stepOf(factor, plain(code));
    if (step === null) return false;
    // Two who bring the same code at the same moment take their turns at this row.
    const { affected } = await manager.update(
      SecondFactorEntity,
      [
        { id: factor.id, lastStep: IsNull() },
        { id: factor.id, lastStep: LessThan(step) },
      ],
      { lastStep: step },
    );
    return affected === 1;
  }
}

async function hold(manager: EntityManager, id: string): Promise<UserEntity> {
  const user = await manager.findOne(UserEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
  if (!user) throw goneMeanwhile();
  return user;
}

async function renewCodes(manager: EntityManager, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await manager.delete(RecoveryCodeEntity, { userId });
  await manager.insert(
    RecoveryCodeEntity,
    codes.map((code) => ({ userId, hash: hashRecoveryCode(code) })),
  );
  return codes;
}

async function switchOff(manager: EntityManager, id: string): Promise<void> {
  await manager.update(UserEntity, { id, secondFactorAt: Not(IsNull()) }, { secondFactorAt: null });
  await manager.delete(SecondFactorEntity, { id });
}

const wrongCode = (): ValidationFailed => new ValidationFailed([fieldProblem('code', 'WRONG_CODE')]);
