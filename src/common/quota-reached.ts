import type { QuotaName } from '@koneksi/contracts/quotas';
import { DomainError } from './domain-error.js';
import type { RateLimit } from './rate-limits.js';

/** How much one caller or outlet may keep, and how much of that there is. */
export interface QuotaFact {
  name: QuotaName;
  limit: number;
  used: number;
}

export const toLimit = ({ name, limit, used }: QuotaFact): RateLimit => ({ name, quota: limit, left: limit - used });

/** There is an end to how much one caller or outlet may keep, so that a full disk is nobody's doing. */
export class QuotaReached extends DomainError {
  /** What there would have been is more than the quota; what there is, is not. */
  readonly limit: RateLimit;

  /** @param quota `of` says what is full, `used` how much there would be @param more how much was to be added */
  constructor(quota: QuotaFact & { of: string }, more = 1) {
    super('QUOTA_REACHED', 409, `${quota.of}: ${quota.used} of ${quota.limit}`, undefined, { ...quota });
    this.limit = toLimit({ ...quota, used: quota.used - more });
  }
}

/**
 * @param quota without what is to be added @param of what is full then @param more how much is to be added
 * @returns what is used with that
 * @throws {QuotaReached}
 */
export function requireRoom(quota: QuotaFact, of: string, more = 1): QuotaFact {
  const used = quota.used + more;
  if (used > quota.limit) throw new QuotaReached({ ...quota, of, used }, more);
  return { ...quota, used };
}
