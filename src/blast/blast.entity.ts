import type { BlastStatus, HoldCode, SkipReason } from '@koneksi/contracts/blast-states';
import type { FollowUp } from '@koneksi/contracts/follow-ups';
import type { WayOut } from '@koneksi/contracts/way-out';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { WrappedKeyColumns } from '../database/sealed-columns.js';

/** Whose birthday a blast is for: by which field, and on which days of the year, as `MM-DD`. */
export interface BirthdaysMeant {
  field: string;
  dates: string[];
}

/** The audience of a blast without anything personal. */
export interface KeptAudience {
  kind: 'all' | 'tags' | 'contacts' | 'phones' | 'ofBlast';
  tags?: string[];
  exceptTags?: string[];
  /** Whose contacts' tags leave a number out; every outlet's where it does not say. */
  exceptWithin?: string[];
  /** Those whom another blast met and who have not got, read or answered it. */
  ofBlast?: { blastId: string; who: FollowUp };
  /** Those of contacts, as they are by then, whose birthday it is. */
  birthday?: BirthdaysMeant;
  outletIds: string[];
}

export type BlastKind = 'blast' | 'message' | 'confirmation' | 'repeating' | 'saved';

export const ONE_BLAST_PER_KEY = 'blasts_idempotency';

/** One message to many. Its text is sealed under a data key of its own. */
@Entity('blasts')
@Index(ONE_BLAST_PER_KEY, ['createdBy', 'idempotencyKey'], { unique: true, where: 'idempotency_key IS NOT NULL' })
@Index('blasts_open_of', ['createdBy'], {
  where: `(status = ANY (ARRAY['scheduled'::text, 'running'::text, 'paused'::text]))`,
})
@Index('blasts_made_by', ['createdBy', 'createdAt'], {
  where: `(kind = ANY (ARRAY['blast'::text, 'repeating'::text]))`,
})
@Index('blasts_offering_words', ['createdAt'], { where: `((way_out -> 'words'::text) IS NOT NULL)` })
@Index('blasts_newest', ['createdAt', 'id'])
@Check('blasts_kind_check', `kind IN ('blast', 'message', 'confirmation', 'repeating', 'saved')`)
@Check('blasts_message_check', 'message IS NOT NULL OR purged_at IS NOT NULL')
@Check('blasts_status_check', `status IN ('scheduled', 'running', 'paused', 'canceled', 'finished')`)
export class BlastEntity extends WrappedKeyColumns {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /**
   * `message`: to one person, asked for by a program; `confirmation`: to who wrote STOP; `repeating`: what a blast that
   * comes again says; `saved`: a message kept under a name. Lists of blasts leave these out.
   */
  @Column({ type: 'text', default: 'blast' })
  kind: BlastKind;

  @Column({ type: 'text', nullable: true })
  title: string | null;

  @Column({ type: 'text' })
  status: BlastStatus;

  /** Grows with whatever changes about the blast or a recipient of it. */
  @Column({ type: 'bigint', default: 0 })
  revision: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'uuid' })
  createdBy: string;

  /** By whose right it is sent where somebody else sent it on; `null` for whoever made it. It pauses with that. */
  @Column({ name: 'sent_on_by', type: 'uuid', nullable: true })
  sentOnBy: string | null;

  /** By whose right it was sent may not any more: it is paused until an ADMIN sends it on. */
  @Column({ name: 'awaits_admin', type: 'boolean', default: false })
  awaitsAdmin: boolean;

  @Column({ name: 'created_by_name', type: 'text' })
  createdByName: string;

  /** As it was given: an instant, or a local time that each outlet reads in its own zone. */
  @Column({ name: 'scheduled_at', type: 'text', nullable: true })
  scheduledAt: string | null;

  /** As it was given: what has not left by then stays. */
  @Column({ name: 'not_after', type: 'text', nullable: true })
  notAfter: string | null;

  /** Until then the press can be taken back and nothing leaves; `null` for a blast that did not wait. */
  @Column({ name: 'undo_until', type: 'timestamptz', nullable: true })
  undoUntil: Date | null;

  /** How its recipients are told to hear no more; `null` for blasts from before. */
  @Column({ name: 'way_out', type: 'jsonb', nullable: true })
  wayOut: WayOut | null;

  /** Who was meant, for asking again: numbers and ids are the recipients' own. */
  @Column({ type: 'jsonb', nullable: true })
  audience: KeptAudience | null;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;

  @Column({ type: 'int' })
  recipients: number;

  /** Who got no row: named twice, or no number. */
  @Column({ type: 'jsonb', default: {} })
  skipped: Partial<Record<SkipReason, number>>;

  @ForeignKey('BlastMediaEntity', { name: 'blasts_media_id_fkey' })
  @Column({ name: 'media_id', type: 'uuid', nullable: true })
  mediaId: string | null;

  /** As typed, sealed; `null` once it was purged. */
  @Column({ type: 'bytea', nullable: true })
  message: Buffer | null;

  /** When what it said was removed, or began to be: nothing of it is sent or shown any more. */
  @Column({ name: 'purged_at', type: 'timestamptz', nullable: true })
  purgedAt: Date | null;

  @Column({ name: 'idempotency_key', type: 'text', nullable: true })
  idempotencyKey: string | null;

  /** Tells whether a repeated `Idempotency-Key` repeats the request; keyed, so that it gives no message away. */
  @Column({ name: 'request_hash', type: 'text' })
  requestHash: string;
}

/** One outlet's part of a blast, with how many of its recipients stand where: each change of a row moves these too. */
@Entity('blast_outlets')
@Index('blast_outlets_open', ['outletId'], { where: '((queued + sending) > 0)' })
export class BlastOutletEntity {
  @ForeignKey('BlastEntity', { name: 'blast_outlets_blast_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'blast_id', type: 'uuid', primaryKeyConstraintName: 'blast_outlets_pkey' })
  blastId: string;

  /** No foreign key: what was sent outlives the outlet, hence its name too. */
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid', primaryKeyConstraintName: 'blast_outlets_pkey' })
  outletId: string;

  @Column({ name: 'outlet_name', type: 'text' })
  outletName: string;

  @Column({ name: 'not_before', type: 'timestamptz', nullable: true })
  notBefore: Date | null;

  @Column({ name: 'hold_code', type: 'text', nullable: true })
  holdCode: HoldCode | null;

  @Column({ name: 'hold_until', type: 'timestamptz', nullable: true })
  holdUntil: Date | null;

  /** After too many refusals; only a person lifts it. */
  @Column({ type: 'boolean', default: false })
  stopped: boolean;

  @Column({ type: 'int', default: 0 })
  queued: number;

  @Column({ type: 'int', default: 0 })
  sending: number;

  @Column({ type: 'int', default: 0 })
  sent: number;

  @Column({ type: 'int', default: 0 })
  delivered: number;

  @Column({ type: 'int', default: 0 })
  read: number;

  @Column({ type: 'int', default: 0 })
  failed: number;

  @Column({ type: 'int', default: 0 })
  skipped: number;

  @Column({ type: 'int', default: 0 })
  unknown: number;

  /** How many answered, wherever they stand. */
  @Column({ type: 'int', default: 0 })
  replied: number;
}
