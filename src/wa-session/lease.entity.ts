import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Who owns an outlet's session. `epoch` grows with every claim and fences whoever claimed before. */
@Entity('wa_lease')
export class LeaseEntity {
  @ForeignKey('OutletEntity', { name: 'wa_lease_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'uuid' })
  owner: string;

  @Column({ type: 'bigint' })
  epoch: string;

  @Column({ name: 'claimed_at', type: 'timestamptz', default: () => 'now()' })
  claimedAt: Date;
}
