import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What holds for all blasts of all outlets; no row yet is the default. */
@Entity('blast_policy')
@Check('blast_policy_check', 'only_one')
export class BlastPolicyEntity {
  @PrimaryColumn({ name: 'only_one', type: 'boolean', default: true, primaryKeyConstraintName: 'blast_policy_pkey' })
  onlyOne: boolean;

  /** Blasts that one number gets at most in any seven days; `null` for no limit. */
  @Column({ name: 'per_week', type: 'int', nullable: true })
  perWeek: number | null;

  /** Whether who writes STOP is told once that nothing more comes. */
  @Column({ name: 'confirm_stop', type: 'boolean', default: true })
  confirmStop: boolean;

  /** Whether the words of replies are kept beside that there was one. */
  @Column({ name: 'keep_replies', type: 'boolean', default: false })
  keepReplies: boolean;
}
