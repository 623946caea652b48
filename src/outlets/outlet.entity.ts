import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

export const NUMBER_IS_UNIQUE = 'outlets_whatsapp_number_key';

@Entity('outlets')
@Unique(NUMBER_IS_UNIQUE, ['whatsappNumber'])
export class OutletEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'outlets_pkey' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  /** Digits with country code, no `+`. */
  @Column({ name: 'whatsapp_number', type: 'text' })
  whatsappNumber: string;

  @Column({ name: 'is_active', type: 'boolean', default: true })
  isActive: boolean;

  @Column({ name: 'auto_reconnect', type: 'boolean', default: true })
  autoReconnect: boolean;

  @Column({ type: 'text', nullable: true })
  city: string | null;

  @Column({ type: 'text', array: true, default: [] })
  tags: string[];

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
