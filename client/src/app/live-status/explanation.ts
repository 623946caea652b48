import type { HealthCriteria, OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Warning } from '@koneksi/contracts/outlet-warnings';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { isKnownWarning, warningSentences } from '@koneksi/contracts/warning-texts';
import type { Texts } from '../core/texts';
import { reasonText } from './reason-text';

export interface Explanation {
  readonly message: string;
  /** Who must do what; empty when no one must do anything. */
  readonly action: string;
}

/**
 * Why an outlet is as it is: the reason; where there is none the health criteria that do not hold; where all hold the
 * gravest warning.
 */
export function explain(
  { reason, healthy, criteria, warnings, nextRetryAt }: OutletStatus,
  { t, locale }: Texts,
): Explanation {
  if (reason) return reasonText(reason, locale(), nextRetryAt);
  const gravest = gravestOf(warnings);
  if (healthy && gravest) return warningText(gravest, locale());
  if (healthy) return { message: t('status.ready'), action: '' };
  const unmet = (Object.keys(criteria) as (keyof HealthCriteria)[]).filter((criterion) => !criteria[criterion]);
  return {
    message: unmet.map((criterion) => t(`status.criteria.${criterion}`)).join(' '),
    action: unmet.includes('autoReconnect') ? t('status.criteriaAction') : '',
  };
}

const gravestOf = (warnings: readonly Warning[]): Warning | undefined =>
  warnings.find(({ level }) => level === 'problem') ?? warnings[0];

/** What else is not in order, besides what explains the outlet already. */
export function otherWarnings({ reason, healthy, warnings }: OutletStatus, { locale }: Texts): Explanation[] {
  const told = !reason && healthy ? gravestOf(warnings) : undefined;
  return warnings.filter((warning) => warning !== told).map((warning) => warningText(warning, locale()));
}

/** In the reader's language; codes that a newer server added come with its own Indonesian sentences. */
function warningText(warning: Warning, locale: Locale): Explanation {
  return isKnownWarning(warning.code) ? warningSentences(warning, locale) : warning;
}
