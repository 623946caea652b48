import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: up to which cursor changes were deleted for their age. After it the log has no gap. */
@Entity('status_retention')
export class StatusRetentionEntity {
  @PrimaryColumn({ type: 'int' })
  id: number;

  @Column({ type: 'bigint' })
  forgotten: string;
}
