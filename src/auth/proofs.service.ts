import { Injectable } from '@nestjs/common';
import type { Proof, ProofKind } from '@koneksi/contracts/auth';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { ACCESS_TOKEN_SECONDS } from './access-tokens.js';
import type { Caller } from './caller.js';
import { goneMeanwhile, OwnPassword, requirePerson } from './own-password.js';
import { SecondFactors } from './second-factors.service.js';
import { SignInEntity } from './sign-in.entity.js';

/** As long as the token that a log-in is answered with: who logs in by a program is not asked before that one ends. */
const FRESH_MS = ACCESS_TOKEN_SECONDS * 1_000;

/** Whether whoever holds a session was lately seen to be the person, and not somebody who found or stole it. */
@Injectable()
export class Proofs {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly ownPassword: OwnPassword,
    private readonly factors: SecondFactors,
  ) {}

  /** @throws `PROOF_NEEDED`, which tells what is asked for */
  async requireFresh(signInId: string): Promise<void> {
    const { provedAt, user } = await this.signIn(signInId);
    // Proved in the future: by a clock that was set back since.
    if (provedAt && Math.abs(this.clock.wall() - provedAt.getTime()) < FRESH_MS) return;
    const by: ProofKind = user.secondFactorAt ? 'code' : 'password';
    throw new DomainError('PROOF_NEEDED', 403, 'the person behind the session was not seen lately', undefined, { by });
  }

  /**
   * By the code where the log-in asks for one, else by the password. Guesses count as those at the log-in do.
   * @throws {TooManyAttempts}, `FORBIDDEN` where an API key asks, `VALIDATION_FAILED` naming what is wrong or missing
   */
  async prove(caller: Caller, signInId: string, proof: Proof, address: string): Promise<void> {
    requirePerson(caller);
    const { user } = await this.signIn(signInId);
    if (!user.secondFactorAt)
      await this.ownPassword.require(caller, given('currentPassword', proof.currentPassword), signInId, address);
    else if (!(await this.factors.isRight(user, given('code', proof.code), { known: `sign-in ${signInId}` })))
      throw new ValidationFailed([fieldProblem('code', 'WRONG_CODE')]);
    await this.dataSource.manager.update(SignInEntity, { id: signInId }, { provedAt: new Date(this.clock.wall()) });
  }

  private async signIn(id: string): Promise<SignInEntity> {
    const [found] = await this.dataSource.manager.find(SignInEntity, { where: { id }, relations: { user: true } });
    if (!found) throw goneMeanwhile();
    return found;
  }
}

function given(field: keyof Proof, typed: string | undefined): string {
  if (typed === undefined) throw new ValidationFailed([fieldProblem(field, 'REQUIRED')]);
  return typed;
}
