import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much of a limit was taken, where several nodes count together. Nothing is lost with it but what was counted. */
@Entity('attempts')
export class AttemptEntity {
  /** A digest: whose limit it is, be it an address or what somebody typed, is nobody's to read. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'attempts_pkey' })
  key: string;

  @Column({ type: 'integer' })
  points: number;

  /** By the database's clock, which is the same to all nodes. */
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;
}
