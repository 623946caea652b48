import type { ErrorCode } from '@koneksi/contracts/errors';
import { DomainError } from '../common/domain-error.js';
import { RefusedForNow } from '../common/refused-for-now.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import type { VerbRefusal } from './desk/session-desk.js';

type Sentence = [code: ErrorCode, httpStatus: number, message: string];

const REFUSALS: Record<Exclude<VerbRefusal, 'TOO_MANY_ATTEMPTS'>, Sentence> = {
  OUTLET_PAUSED: ['OUTLET_PAUSED', 409, 'the outlet is paused; resume it first'],
  OUTLET_INACTIVE: ['OUTLET_INACTIVE', 409, 'the outlet is deactivated; activate it first'],
  ALREADY_LINKED: ['ALREADY_LINKED', 409, 'the outlet is linked already; a pairing code is for linking'],
  PASSKEY_NOT_ASKED: [
    'PASSKEY_NOT_ASKED',
    404,
    'WhatsApp waits for no passkey of this outlet; connect it and scan once more',
  ],
  PASSKEY_BUSY: ['PASSKEY_BUSY', 409, 'another passkey answer of this outlet is being checked; wait for its result'],
  PASSKEY_OUTDATED: [
    'PASSKEY_OUTDATED',
    409,
    'this answer is for an earlier request; read the present one and make a new answer',
  ],
  PASSKEY_NOT_COMPARED: ['PASSKEY_NOT_COMPARED', 409, 'there is no code to compare yet; hand in an answer first'],
  PASSKEY_CODE_REPLACED: [
    'PASSKEY_CODE_REPLACED',
    409,
    'another code took the place of this one; read the present one and compare anew',
  ],
  NOT_RUNNING: ['STORE_DOWN', 503, 'no session of this outlet runs here right now; ask again'],
  NOT_RECORDED: ['STORE_DOWN', 503, 'the database has not recorded it; the outlet obeys for now'],
};

/** What people are answered where a session did not obey, or obeys and nobody wrote that down. */
export function refusalOf(refusal: VerbRefusal, retryAfterSeconds = 1): DomainError {
  if (refusal === 'TOO_MANY_ATTEMPTS') return new TooManyAttempts(retryAfterSeconds, { name: 'passkey', quota: 1 });
  const [code, httpStatus, message] = REFUSALS[refusal];
  // Nothing is wrong with what was asked: another process, or the database, is there in a moment.
  const error =
    httpStatus === 503
      ? new RefusedForNow(code, message, retryAfterSeconds, httpStatus)
      : new DomainError(code, httpStatus, message);
  return refusal === 'NOT_RECORDED' ? error.afterDone() : error;
}
