import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

export const CONTACT_IS_UNIQUE = 'contacts_outlet_id_number_key';
export const CONTACT_OUTLET = 'contacts_outlet_id_fkey';

/** A customer of one outlet. */
@Entity('contacts')
@Unique(CONTACT_IS_UNIQUE, ['outletId', 'number'])
@Index('contacts_in_order', { synchronize: false })
@Index('contacts_name_parts', { synchronize: false })
@Index('contacts_number_parts', { synchronize: false })
@Index('contacts_number', ['number'])
export class ContactEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'contacts_pkey' })
  id: string;

  @ForeignKey('OutletEntity', { name: CONTACT_OUTLET, onDelete: 'CASCADE' })
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** Digits with country code, no `+`. */
  @Column({ type: 'text' })
  number: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  /** What else is known, by the names that messages use: `{"kota": "Bandung"}`. */
  @Column({ type: 'jsonb', default: {} })
  fields: Record<string, string>;

  /** In lower case. */
  @Column({ type: 'text', array: true, default: [] })
  tags: string[];

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
