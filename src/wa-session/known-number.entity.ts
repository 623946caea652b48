import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What else WhatsApp calls a number: a LID, or the number written in another way. The same for every outlet. */
@Entity('known_numbers')
export class KnownNumberEntity {
  /** `1234@lid`, `549…@s.whatsapp.net`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'known_numbers_pkey' })
  alias: string;

  /** Digits with country code, no `+`. */
  @Column({ type: 'text' })
  number: string;

  @Column({ name: 'learned_at', type: 'timestamptz' })
  learnedAt: Date;
}
