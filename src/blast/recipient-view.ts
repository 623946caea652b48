import type { BlastRecipient } from '@koneksi/contracts/blast-recipients';
import type { BlastRecipientEntity } from './blast-recipient.entity.js';

/** A recipient as the database answers it. */
export interface RecipientRow {
  seq: number;
  outlet_id: string;
  number: string;
  status: BlastRecipientEntity['status'];
  reason: BlastRecipientEntity['reason'];
  code: string | null;
  message_id: string | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  replied_at: Date | null;
}

/** Of who was erased nothing is left but a name for the line. */
export const toldNumber = (number: string): string => (/^\d+$/.test(number) ? number : '');

/** What is told of a recipient whenever it changes; the name never does. */
export function toRecipient(row: RecipientRow): Omit<BlastRecipient, 'name'> {
  return {
    id: String(row.seq),
    outletId: row.outlet_id,
    phone: toldNumber(row.number),
    status: row.status,
    reason: row.reason,
    code: row.code,
    messageId: row.message_id,
    sentAt: row.sent_at?.toISOString() ?? null,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    readAt: row.read_at?.toISOString() ?? null,
    repliedAt: row.replied_at?.toISOString() ?? null,
  };
}
