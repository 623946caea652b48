import type { RecipientReason, RecipientStatus } from '@koneksi/contracts/blast-states';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** One message to one number. There is no second row for the number in this blast, whichever outlet it belongs to. */
@Entity('blast_recipients')
@Unique('blast_recipients_once', ['blastId', 'number'])
@Index('blast_recipients_message', ['messageId'], { unique: true, where: 'message_id IS NOT NULL' })
@Index('blast_recipients_lately', ['number', 'sendingAt'], { where: 'sending_at IS NOT NULL' })
@Index('blast_recipients_queued', ['outletId', 'blastId', 'seq'], { where: `status = 'queued'` })
@Index('blast_recipients_queued_number', ['number'], { where: `status = 'queued'` })
@Index('blast_recipients_sending', ['outletId'], { where: `status = 'sending'` })
@Index('blast_recipients_replied', ['blastId', 'seq'], { where: 'replied_at IS NOT NULL' })
@Index('blast_recipients_status', ['blastId', 'status', 'seq'])
@Check(
  'blast_recipients_status_check',
  `status IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'skipped', 'unknown')`,
)
export class BlastRecipientEntity {
  @ForeignKey('BlastEntity', { name: 'blast_recipients_blast_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'blast_id', type: 'uuid', primaryKeyConstraintName: 'blast_recipients_pkey' })
  blastId: string;

  /** The order of sending and of pages, from 1. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'blast_recipients_pkey' })
  seq: number;

  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** Digits with country code, no `+`. */
  @Column({ type: 'text' })
  number: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  /** The contact's fields that the message names, as they were when the blast was made. */
  @Column({ type: 'jsonb', default: {} })
  params: Record<string, string>;

  /** Whose number this is, where it is a contact's. No foreign key: that it is gone is the point. */
  @Column({ name: 'contact_id', type: 'uuid', nullable: true })
  contactId: string | null;

  /** Tells what the contact was like when `content` was made. */
  @Column({ name: 'made_from', type: 'text', nullable: true })
  madeFrom: string | null;

  @Column({ type: 'text' })
  status: RecipientStatus;

  @Column({ type: 'text', nullable: true })
  reason: RecipientReason | null;

  /** What WhatsApp answered to a refused message. */
  @Column({ type: 'text', nullable: true })
  code: string | null;

  /** Derived from blast and number, so that every attempt is the same message. */
  @Column({ name: 'message_id', type: 'text', nullable: true })
  messageId: string | null;

  /** The exact message, sealed, from before it could be on the wire until it was purged. */
  @Column({ type: 'bytea', nullable: true })
  content: Buffer | null;

  /** The claim of its outlet under which it was last taken for sending; only that one may say that it never left. */
  @Column({ name: 'claim_epoch', type: 'bigint', nullable: true })
  claimEpoch: string | null;

  @Column({ name: 'sending_at', type: 'timestamptz', nullable: true })
  sendingAt: Date | null;

  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true })
  sentAt: Date | null;

  @Column({ name: 'delivered_at', type: 'timestamptz', nullable: true })
  deliveredAt: Date | null;

  @Column({ name: 'read_at', type: 'timestamptz', nullable: true })
  readAt: Date | null;

  /** When they wrote to the outlet after it, within 72 hours; their first answer. */
  @Column({ name: 'replied_at', type: 'timestamptz', nullable: true })
  repliedAt: Date | null;
}
