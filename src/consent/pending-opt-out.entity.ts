import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody whose number nobody knows yet wants no messages. Never what they wrote. */
@Entity('pending_opt_outs')
export class PendingOptOutEntity {
  /** As WhatsApp names them: `1234@lid`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pending_opt_outs_pkey' })
  alias: string;

  /** No foreign key: the wish outlives the outlet it was told to. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'text' })
  keyword: OptOutKeyword;

  /** When they wrote. */
  @Column({ type: 'timestamptz' })
  at: Date;
}
