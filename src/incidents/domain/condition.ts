import { turnIn } from '@koneksi/contracts/outlet-kind';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { StatusFacts } from '@koneksi/contracts/status-facts';

/** How an outlet is, as far as incidents go. */
export type Condition =
  | { kind: 'well' }
  /** Nobody expects it to work: paused, switched off, unlinked by us, not linked yet, removed. */
  | { kind: 'off' }
  /** Somebody holds a phone to it; until that has worked, nothing is better or worse than before. */
  | { kind: 'in-hand' }
  | { kind: 'down'; code: ReasonCode | null; params: ReasonParams };

export function conditionOf(status: StatusFacts): Condition {
  const { reason } = status;
  const kind = turnIn(status);
  return kind === 'down' ? { kind, code: reason?.code ?? null, params: reason?.params ?? {} } : { kind };
}
