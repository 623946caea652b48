import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Who owns an outlet's session. `epoch` grows with every claim and fences whoever claimed before. */
@Entity('wa_lease')
export class LeaseEntity {
  @ForeignKey('OutletEntity', { name: 'wa_lease_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** The incarnation of a node; `null` where it was let go. Who has no row in `node` owns nothing. */
  @Index('wa_lease_by_owner')
  @Column({ type: 'uuid', nullable: true })
  owner: string | null;

  @Column({ type: 'bigint' })
  epoch: string;

  @Column({ name: 'claimed_at', type: 'timestamptz', default: () => 'now()' })
  claimedAt: Date;
}
