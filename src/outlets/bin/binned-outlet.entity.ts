import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';

/** A row as PostgreSQL writes it down: column names and values. */
export type KeptRow = Readonly<Record<string, unknown>>;

/** An outlet that was removed and can be brought back. No table refers to it: to everything else it is gone. */
@Entity('binned_outlets')
@Index('binned_outlets_removed_at', ['removedAt'])
export class BinnedOutletEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'binned_outlets_pkey' })
  id: string;

  /** Its row of `outlets`, as it was. */
  @Column({ type: 'jsonb' })
  outlet: KeptRow;

  /** How many contacts went with it. */
  @Column({ type: 'int', default: 0 })
  contacts: number;

  @Column({ name: 'removed_at', type: 'timestamptz' })
  removedAt: Date;

  /** Who removed it, as they were called then. */
  @Column({ name: 'removed_by', type: 'text' })
  removedBy: string;
}

/** What belonged to it in other tables. */
@Entity('binned_outlet_rows')
@Index('binned_outlet_rows_outlet_id', ['outletId'])
export class BinnedOutletRowEntity {
  @PrimaryColumn({
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'binned_outlet_rows_pkey',
  })
  id: string;

  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @ManyToOne(() => BinnedOutletEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'outlet_id', foreignKeyConstraintName: 'binned_outlet_rows_outlet_id_fkey' })
  outlet: Relation<BinnedOutletEntity>;

  /** The table it is a row of. */
  @Column({ name: 'table_name', type: 'text' })
  table: string;

  @Column({ type: 'jsonb' })
  row: KeptRow;
}
