import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row at most: the key that is to follow. */
@Entity('key_handover')
export class KeyHandoverEntity {
  @PrimaryColumn({ type: 'int' })
  id: number;

  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  /** The id of the key that opens `sealed`. */
  @Column({ name: 'sealed_by', type: 'text' })
  sealedBy: string;

  @Column({ type: 'bytea' })
  sealed: Buffer;

  /** When nothing was wrapped by the key before any more. */
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
