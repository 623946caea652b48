import type { HealthCriteria, OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Texts } from '../core/texts';
import { reasonText } from './reason-text';

export interface Explanation {
  readonly message: string;
  /** Who must do what; empty when no one must do anything. */
  readonly action: string;
}

/** Why an outlet is as it is: the reason, or where there is none the health criteria that do not hold. */
export function explain({ reason, healthy, criteria }: OutletStatus, { t, locale }: Texts): Explanation {
  if (reason) return reasonText(reason, locale());
  if (healthy) return { message: t('status.ready'), action: '' };
  const unmet = (Object.keys(criteria) as (keyof HealthCriteria)[]).filter((criterion) => !criteria[criterion]);
  return {
    message: unmet.map((criterion) => t(`status.criteria.${criterion}`)).join(' '),
    action: unmet.includes('autoReconnect') ? t('status.criteriaAction') : '',
  };
}
