import type { ReasonCode } from './outlet-status.ts';
import type { ReasonParams } from './outlet-status-schema.ts';

export interface ReasonSentences {
  /** What happened. */
  message: string;
  /** Who must do what. */
  action: string;
}

export type ReasonCatalogue = Record<
  ReasonCode,
  (params: ReasonParams, when: (iso?: string) => string) => ReasonSentences
>;

/** Whether WhatsApp itself sent us away, so that the way there is in order. */
export const turnedAway = ({ detail }: ReasonParams): boolean => /^(HTTP \d{3}|503)$/.test(detail ?? '');

/** The other side's code in brackets, where it gave one. */
export const detail = ({ detail }: ReasonParams): string => (detail ? ` (${detail})` : '');
