import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Mark } from '@koneksi/contracts/uptime-mark';

/** Where an outlet is, and up to when its time is in the sums. No foreign key: its past outlives it. */
@Entity('uptime_outlets')
@Unique('uptime_outlets_outlet_id_key', ['outletId'])
@Check('uptime_outlets_mark_check', `mark IN ('up', 'down', 'paused')`)
export class UptimeOutletEntity {
  /** Short, for there is a row for every day. */
  @PrimaryColumn({
    type: 'int',
    generatedIdentity: 'ALWAYS',
    generated: 'identity',
    primaryKeyConstraintName: 'uptime_outlets_pkey',
  })
  no: number;

  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** As it was called when last told of; of who is removed, as it was called. */
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', nullable: true })
  city: string | null;

  /** `null`: removed. */
  @Column({ type: 'text', nullable: true })
  mark: Mark | null;

  @Column({ type: 'timestamptz' })
  upto: Date;
}

/** How long an outlet was what. Milliseconds. */
abstract class UptimeSum {
  @Column({ type: 'int' })
  up: number;

  @Column({ type: 'int' })
  down: number;

  @Column({ type: 'int' })
  paused: number;
}

/** Of one day of the outlet's zone. */
@Entity('uptime_days')
export class UptimeDayEntity extends UptimeSum {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'uptime_days_pkey' })
  no: number;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'uptime_days_pkey' })
  day: string;
}

/** Of one hour, of the last three days. */
@Entity('uptime_hours')
export class UptimeHourEntity extends UptimeSum {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'uptime_hours_pkey' })
  no: number;

  @PrimaryColumn({ type: 'timestamptz', primaryKeyConstraintName: 'uptime_hours_pkey' })
  hour: Date;
}

/** One row: up to which change the log has been read, when that was, and when all outlets were last counted. */
@Entity('uptime_progress')
export class UptimeProgressEntity {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'uptime_progress_pkey' })
  id: number;

  @Column({ type: 'bigint' })
  cursor: string;

  /** Somebody looked then; `null` before the first look. */
  @Column({ name: 'alive_at', type: 'timestamptz', nullable: true })
  aliveAt: Date | null;

  @Column({ name: 'counted_at', type: 'timestamptz', nullable: true })
  countedAt: Date | null;
}
