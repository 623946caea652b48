import { Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody whose number nobody knows yet wrote to an outlet. Never what. */
@Entity('pending_replies')
@Index('pending_replies_alias', ['alias'])
export class PendingReplyEntity {
  /** No foreign key: it is forgotten when its time is over, as the others are. */
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid', primaryKeyConstraintName: 'pending_replies_pkey' })
  outletId: string;

  /** As WhatsApp names them: `1234@lid`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pending_replies_pkey' })
  alias: string;

  /** When they wrote. */
  @PrimaryColumn({ type: 'timestamptz', primaryKeyConstraintName: 'pending_replies_pkey' })
  at: Date;
}
