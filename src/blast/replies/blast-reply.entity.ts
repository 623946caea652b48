import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** What somebody answered, where an ADMIN switched on that it is kept. It goes with what the blast said. */
@Entity('blast_replies')
@Index('blast_replies_of', ['blastId', 'seq'])
@Index('blast_replies_pending', ['alias'], { where: 'alias IS NOT NULL' })
@Check('blast_replies_writer_check', '(seq IS NULL) <> (alias IS NULL)')
export class BlastReplyEntity {
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid', primaryKeyConstraintName: 'blast_replies_pkey' })
  outletId: string;

  /** WhatsApp's id of what they wrote, so that nothing is kept twice. */
  @PrimaryColumn({ name: 'message_id', type: 'text', primaryKeyConstraintName: 'blast_replies_pkey' })
  messageId: string;

  /** Whose data key seals the words: the blast they answer, or one of that outlet while nobody knows which. */
  @ForeignKey('BlastEntity', { name: 'blast_replies_blast_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'blast_id', type: 'uuid' })
  blastId: string;

  /** The recipient's place; `null` while nobody knows whose number is behind `alias`. */
  @Column({ type: 'int', nullable: true })
  seq: number | null;

  /** As WhatsApp names a writer whose number nobody knows yet. */
  @Column({ type: 'text', nullable: true })
  alias: string | null;

  /** When they wrote. */
  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ type: 'bytea' })
  words: Buffer;

  /** In which order they came: WhatsApp dates by whole seconds, and its ids have no order. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  no: string;
}
