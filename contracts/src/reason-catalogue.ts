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

/** The other side's code in brackets, where it gave one. */
export const detail = ({ detail }: ReasonParams): string => (detail ? ` (${detail})` : '');
