import type { Reason } from '@koneksi/contracts/outlet-status-schema';
import { reasonSentences, type Locale } from '@koneksi/contracts/reason-texts';
import { REASON_STATUS } from '@koneksi/contracts/outlet-status';

/** A reason in the reader's language; codes that a newer server added come with its own Indonesian sentences. */
export function reasonText(
  reason: Reason,
  locale: Locale,
  nextRetryAt: string | null = null,
): Pick<Reason, 'message' | 'action'> {
  return reason.code in REASON_STATUS ? reasonSentences(reason.code, reason.params, locale, nextRetryAt) : reason;
}
