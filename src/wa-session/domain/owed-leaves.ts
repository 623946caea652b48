import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { WarningFact } from '@koneksi/contracts/outlet-warnings';
import { PHONE_NOT_TOLD } from '@koneksi/contracts/reason-catalogue';

/** Without an answer for so long, people are told what is left to do on the phone; asking goes on. */
export const LEAVE_TOLD_AFTER_MS = 2_000;

/** A link that we ended and WhatsApp could not be told of: that phone lists a device nobody uses. */
export interface OwedLeave {
  /** Whose phone. Digits with country code. */
  readonly number: string;
  /** When the link ended. Wall time, milliseconds. */
  readonly since: number;
}

type Owed = readonly OwedLeave[];

const isOwed = (owed: Owed, number: string | undefined): boolean => owed.some((leave) => leave.number === number);

export const owing = (owed: Owed, number: string, since: number): Owed =>
  isOwed(owed, number) ? owed : [...owed, { number, since: Math.round(since) }];

export const without = (owed: Owed, number: string): Owed =>
  isOwed(owed, number) ? owed.filter((leave) => leave.number !== number) : owed;

/**
 * What a reason says of a leave that is owed: that of the link it tells of, or any where a phone is at hand to link.
 * @param last the number of the link that ended last
 */
export function leaveParams(
  owed: Owed,
  last: string | undefined,
  reason: ReasonCode | null,
  told: ReasonParams,
): ReasonParams {
  switch (reason) {
    case 'WRONG_NUMBER':
      return isOwed(owed, told.number) ? { detail: PHONE_NOT_TOLD } : {};
    case 'UNLINKED':
      return last !== undefined && isOwed(owed, last) ? debt(last) : {};
    case 'PAIRING': {
      const { number } = owed.find((leave) => leave.number === last) ?? owed[0] ?? {};
      return number === undefined ? {} : debt(number);
    }
    default:
      return {};
  }
}

const debt = (number: string): ReasonParams => ({ detail: PHONE_NOT_TOLD, number });

/** Those that the reason does not tell of: they are to be known whatever has become of the outlet since. */
export function leaveWarnings(owed: Owed, { detail, number: told }: ReasonParams): WarningFact[] {
  return owed
    .filter(({ number }) => detail !== PHONE_NOT_TOLD || number !== told)
    .map(({ number, since }) => ({
      code: 'PHONE_NOT_TOLD',
      level: 'warning',
      since: new Date(since).toISOString(),
      until: null,
      number,
    }));
}
