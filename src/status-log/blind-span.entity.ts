import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When nobody looked: what the log tells of that time was true before it, and nobody knows for how long. */
@Entity('status_blind_spans')
export class BlindSpanEntity {
  /** The last look before. */
  @PrimaryColumn({ name: 'from_at', type: 'timestamptz', primaryKeyConstraintName: 'status_blind_spans_pkey' })
  from: Date;

  @Column({ name: 'to_at', type: 'timestamptz' })
  to: Date;
}
