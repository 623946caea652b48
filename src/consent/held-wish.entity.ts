import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody wrote what looks like a wish to hear no more. No blast reaches them until a person has decided. */
@Entity('held_wishes')
@Index('held_wishes_outlet_id', ['outletId'])
export class HeldWishEntity {
  /** Digits with country code, no `+`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'held_wishes_pkey' })
  number: string;

  /** Whom they wrote to last. No foreign key: the wish outlives the outlet. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ name: 'outlet_name', type: 'text', nullable: true })
  outletName: string | null;

  /** Our words that stand in the message, never the message. */
  @Column({ type: 'text' })
  words: string;

  /** When WhatsApp took it. */
  @Column({ type: 'timestamptz' })
  at: Date;
}
