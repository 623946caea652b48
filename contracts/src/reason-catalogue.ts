import type { ReasonCode } from './outlet-status.ts';
import type { ReasonParams } from './outlet-status-schema.ts';

export interface ReasonSentences {
  /** What happened. */
  message: string;
  /** Who must do what. */
  action: string;
}

/** `retries`: whether Koneksi will try again by itself; only then may a sentence say so. */
export type ReasonCatalogue = Record<
  ReasonCode,
  (params: ReasonParams, when: (iso?: string) => string, retries: boolean) => ReasonSentences
>;

/** Whether WhatsApp itself sent us away, so that the way there is in order. */
export const turnedAway = ({ detail }: ReasonParams): boolean => /^(HTTP \d{3}|503)$/.test(detail ?? '');

/** The `detail` of a link that ended without WhatsApp being told: the phone goes on listing it. */
export const PHONE_NOT_TOLD = 'phone not told';

/**
 * What the other side said, as a code: for those who look after the system. No sentence contains it, for staff of an
 * outlet can do nothing with it.
 */
export function technicalDetail({ detail }: ReasonParams): string | null {
  return detail === undefined || detail === PHONE_NOT_TOLD ? null : detail;
}
