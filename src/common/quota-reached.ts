import { DomainError } from './domain-error.js';

/** There is an end to how much one caller or outlet may keep, so that a full disk is nobody's doing. */
export class QuotaReached extends DomainError {
  /** @param quota what is full, its limit, and how much there would be */
  constructor(quota: { of: string; limit: number; used: number }) {
    super('QUOTA_REACHED', 409, `${quota.of}: ${quota.used} of ${quota.limit}`, undefined, { ...quota });
  }
}
