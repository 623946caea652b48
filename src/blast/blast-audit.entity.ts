import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who did what to how many, when. Never the message: its length, and a keyed hash to tell two apart. */
@Entity('blast_audit')
@Index('blast_audit_blast', ['blastId', 'id'])
export class BlastAuditEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ type: 'text' })
  action: string;

  /** `null` for a test message. */
  @Column({ name: 'blast_id', type: 'uuid', nullable: true })
  blastId: string | null;

  @Column({ name: 'caller_id', type: 'uuid' })
  callerId: string;

  @Column({ name: 'caller_name', type: 'text' })
  callerName: string;

  @Column({ name: 'outlet_ids', type: 'uuid', array: true })
  outletIds: string[];

  @Column({ type: 'int' })
  recipients: number;

  @Column({ name: 'message_length', type: 'int', nullable: true })
  messageLength: number | null;

  @Column({ name: 'message_hash', type: 'text', nullable: true })
  messageHash: string | null;

  @Column({ type: 'jsonb', default: {} })
  detail: Record<string, unknown>;
}
