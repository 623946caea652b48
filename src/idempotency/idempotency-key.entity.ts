import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const primaryKeyConstraintName = 'idempotency_keys_pkey';

/** A request that is done once: of whom, by which route, under which key. No foreign keys: callers go, and it lives for a day. */
@Entity('idempotency_keys')
@Index('idempotency_keys_old', ['createdAt'])
export class IdempotencyKeyEntity {
  @PrimaryColumn({ name: 'caller_id', type: 'uuid', primaryKeyConstraintName })
  callerId: string;

  /** The method and the path as it is declared. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName })
  route: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName })
  key: string;

  /** Of address and body, by a secret key: bodies hold passwords and numbers. */
  @Column({ name: 'request_hash', type: 'bytea' })
  requestHash: Buffer;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /**
   * What was answered, sealed: some answers show a secret this once. `null` before, and for good where we died over it
   * or it was too long.
   */
  @Column({ type: 'bytea', nullable: true })
  answer: Buffer | null;
}
