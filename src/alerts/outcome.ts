import type { AlertFault } from '@koneksi/contracts/alerts';

/** What came of handing a message over. */
export interface Outcome {
  /** `null`: it was taken. */
  fault: AlertFault | null;
  /** What the other side answered, where it did. */
  code: number | null;
  /** Another try would come to the same. */
  isFinal?: boolean;
  /** How long the other side wants to be left alone. */
  retryAfterMs?: number | null;
}
