import type { RecipientStatus } from '@koneksi/contracts/blast-states';

/**
 * From where a recipient may come to each status. Truth arrives late and out of order: a receipt counts whatever was
 * believed before, and nothing that may be on the wire is ever queued again but by a person, or where it is certain
 * that it never left. Who was skipped as written to too often is queued again by a person alone: see `BlastControl`.
 */
export const COMES_FROM: Record<RecipientStatus, readonly RecipientStatus[]> = {
  queued: ['sending', 'failed', 'unknown'],
  sending: ['queued'],
  sent: ['sending', 'unknown'],
  delivered: ['sending', 'unknown', 'sent', 'failed'],
  read: ['sending', 'unknown', 'sent', 'failed', 'delivered'],
  failed: ['queued', 'sending', 'unknown'],
  skipped: ['queued'],
  unknown: ['sending'],
};
