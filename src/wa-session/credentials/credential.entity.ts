import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { WrappedKeyColumns } from '../../database/sealed-columns.js';

/**
 * One link of one outlet. A new pairing makes a new row; the old one is set aside (`quarantinedAt`) for a day,
 * so that no doubt ever costs a link.
 */
@Entity('wa_credential')
@Index('wa_credential_current', ['outletId'], { unique: true, where: 'quarantined_at IS NULL' })
export class CredentialEntity extends WrappedKeyColumns {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @ForeignKey('OutletEntity', { name: 'wa_credential_outlet_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** Baileys' `creds`, sealed. */
  @Column({ type: 'bytea' })
  creds: Buffer;

  /** The phone number once pairing is done; `null` before. */
  @Column({ name: 'linked_number', type: 'text', nullable: true })
  linkedNumber: string | null;

  /** When the phone agreed; `null` before, and for links older than this column. */
  @Column({ name: 'linked_at', type: 'timestamptz', nullable: true })
  linkedAt: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'quarantined_at', type: 'timestamptz', nullable: true })
  quarantinedAt: Date | null;
}
