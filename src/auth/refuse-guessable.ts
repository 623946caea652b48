import { isGuessable } from '@koneksi/contracts/guessable-password';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';

/** @throws `VALIDATION_FAILED` naming the field where the password is among the first that are tried at this account. */
export function refuseGuessable(field: string, password: string, owner: { email: string; name: string }): void {
  if (isGuessable(password, [owner.email, owner.name])) {
    throw new ValidationFailed([fieldProblem(field, 'GUESSABLE_PASSWORD')]);
  }
}
