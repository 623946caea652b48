import type { TextLanguage } from '@koneksi/contracts/text-language';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody told an outlet to write no more, and was not told yet that it will not. */
@Entity('owed_confirmations')
export class OwedConfirmationEntity {
  /** Digits with country code, no `+`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'owed_confirmations_pkey' })
  number: string;

  /** One for each opt-out. */
  @Column({ type: 'uuid' })
  id: string;

  /** Whom they wrote to. No foreign key: where it was removed nobody answers. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'text' })
  language: TextLanguage;

  /** When they wrote. */
  @Column({ type: 'timestamptz' })
  at: Date;
}
