import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';
import type { TextLanguage } from '@koneksi/contracts/text-language';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody whose number nobody knows yet wants no messages, or seems to. Never what they wrote. */
@Entity('pending_opt_outs')
export class PendingWishEntity {
  /** As WhatsApp names them: `1234@lid`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pending_opt_outs_pkey' })
  alias: string;

  /** No foreign key: the wish outlives the outlet it was told to. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** Of a sure wish; `null` of one that a person has to decide on. */
  @Column({ type: 'text', nullable: true })
  keyword: OptOutKeyword | null;

  /** Our words that stand in it, where it is not sure. */
  @Column({ type: 'text', nullable: true })
  words: string | null;

  /** What they wrote in; `null` where their words did not tell. */
  @Column({ type: 'text', nullable: true })
  language: TextLanguage | null;

  /** When they wrote. */
  @Column({ type: 'timestamptz' })
  at: Date;
}
