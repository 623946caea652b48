import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A contact that was removed, by itself or with its outlet, and can be brought back. */
@Entity('binned_contacts')
@Index('binned_contacts_outlet', ['outletId', 'removedAt', 'id'])
@Index('binned_contacts_number', ['number'])
@Index('binned_contacts_removed_at', ['removedAt'])
export class BinnedContactEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'binned_contacts_pkey' })
  id: string;

  /** No foreign key: the outlet may be in the bin, too. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'text' })
  number: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  @Column({ type: 'jsonb' })
  fields: Record<string, string>;

  @Column({ type: 'text', array: true })
  tags: string[];

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'removed_at', type: 'timestamptz' })
  removedAt: Date;

  /** Who removed it, as they were called then. */
  @Column({ name: 'removed_by', type: 'text' })
  removedBy: string;

  /** The same for all that were removed together. */
  @Column({ name: 'removal_id', type: 'uuid' })
  removalId: string;

  /** It comes back with its outlet alone. */
  @Column({ name: 'with_outlet', type: 'boolean', default: false })
  withOutlet: boolean;
}
