import type { ColumnUse, ImportReading } from '@koneksi/contracts/contact-import';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** An uploaded file that waits to be imported. Nothing of it is a contact yet. */
@Entity('contact_imports')
@Index('contact_imports_outlet_id', ['outletId'])
export class ContactImportEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'contact_imports_pkey' })
  id: string;

  @ForeignKey('OutletEntity', { name: 'contact_imports_outlet_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ name: 'caller_id', type: 'uuid' })
  callerId: string;

  /** As it was uploaded. */
  @Column({ type: 'bytea' })
  content: Buffer;

  /** What a person chose the columns to mean; `null` while our guess stands. */
  @Column({ type: 'jsonb', nullable: true })
  columns: ColumnUse[] | null;

  /** How a person said that the file is to be read. */
  @Column({ type: 'jsonb', default: {} })
  reading: ImportReading;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;
}
