import type { RepeatRule, REPETITION_OUTCOMES } from '@koneksi/contracts/repeating-blasts';
import type { TextLanguage } from '@koneksi/contracts/text-language';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { KeptAudience } from '../blast.entity.js';

/** A blast that comes again; what it says is the row of the same id among the blasts, of a kind that is never sent itself. */
@Entity('repeating_blasts')
@Index('repeating_blasts_due', ['nextOn'], { where: `(status = 'active'::text)` })
@Check('repeating_blasts_status_check', `status IN ('active', 'paused', 'stopped')`)
export class RepeatingBlastEntity {
  @ForeignKey('BlastEntity', { name: 'repeating_blasts_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'repeating_blasts_pkey' })
  id: string;

  @Column({ type: 'text' })
  status: 'active' | 'paused' | 'stopped';

  @Column({ type: 'jsonb' })
  rule: RepeatRule;

  /** `null` for every outlet there is by then. */
  @Column({ name: 'outlet_ids', type: 'uuid', array: true, nullable: true })
  outletIds: string[] | null;

  @Column({ type: 'jsonb' })
  audience: Pick<KeptAudience, 'tags' | 'exceptTags' | 'exceptWithin'>;

  @Column({ name: 'way_out_language', type: 'text', nullable: true })
  wayOutLanguage: TextLanguage | null;

  /** The day of the next repetition. */
  @Column({ name: 'next_on', type: 'date', nullable: true })
  nextOn: string | null;

  /** Outlets whose time of that day had passed when it was made or resumed: it comes there the next time, not late. */
  @Column({ name: 'not_at', type: 'uuid', array: true, default: [] })
  notAt: string[];

  /** By whose right it is sent: it pauses with that. */
  @Column({ name: 'by_id', type: 'uuid' })
  byId: string;

  @Column({ name: 'by_name', type: 'text' })
  byName: string;

  @Column({ name: 'awaits_admin', type: 'boolean', default: false })
  awaitsAdmin: boolean;
}

/** What became of a repetition; one for each day it was due. */
@Entity('blast_repetitions')
export class BlastRepetitionEntity {
  @ForeignKey('RepeatingBlastEntity', { name: 'blast_repetitions_repeating_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'repeating_id', type: 'uuid', primaryKeyConstraintName: 'blast_repetitions_pkey' })
  repeatingId: string;

  @PrimaryColumn({ name: 'due_on', type: 'date', primaryKeyConstraintName: 'blast_repetitions_pkey' })
  dueOn: string;

  @Column({ type: 'text' })
  outcome: (typeof REPETITION_OUTCOMES)[number];

  @Column({ name: 'blast_id', type: 'uuid', nullable: true })
  blastId: string | null;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'timestamptz' })
  at: Date;
}
