import { Column, Entity, PrimaryColumn } from 'typeorm';
import { WrappedKeyColumns } from '../../database/sealed-columns.js';

/** A link that ended while WhatsApp could not be told, with what it takes to tell it later. */
@Entity('wa_farewell')
export class FarewellEntity extends WrappedKeyColumns {
  /** The credential's: what is sealed opens at that place alone. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** No foreign key: the outlet may be gone. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** Whose phone lists the device. */
  @Column({ type: 'text' })
  number: string;

  /** Baileys' `creds`, sealed; empty once their day is over. */
  @Column({ type: 'bytea' })
  creds: Buffer;

  @Column({ type: 'int', default: 0 })
  tries: number;

  @Column({ name: 'next_try_at', type: 'timestamptz' })
  nextTryAt: Date;

  @Column({ name: 'owed_at', type: 'timestamptz', default: () => 'now()' })
  owedAt: Date;
}
