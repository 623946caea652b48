import type { ActChange, ActName } from '@koneksi/contracts/activity';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A line of the activity log. No foreign keys: it outlives whoever did it and what it was done to. */
@Entity('activity')
@Index('activity_at', ['at'])
@Index('activity_actor', ['actorId', 'id'])
@Index('activity_outlets', { synchronize: false })
@Index('activity_people', { synchronize: false })
@Index('activity_shared', ['actorId', 'action', 'sharedUntil'], { unique: true, where: 'shared_until IS NOT NULL' })
export class ActivityEntity {
  @PrimaryColumn({
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'activity_pkey',
  })
  id: string;

  @Column({ type: 'timestamptz' })
  at: Date;

  /** When it was done; `null` before, and for good where Koneksi died over it. */
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'text' })
  action: ActName;

  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId: string | null;

  @Column({ name: 'actor_kind', type: 'text', nullable: true })
  actorKind: 'user' | 'api-key' | 'reconnect-link' | null;

  @Column({ name: 'actor_name', type: 'text', nullable: true })
  actorName: string | null;

  @Column({ type: 'text', nullable: true })
  address: string | null;

  @Column({ type: 'text', nullable: true })
  agent: string | null;

  @Column({ name: 'subject_id', type: 'text', nullable: true })
  subjectId: string | null;

  @Column({ name: 'subject_name', type: 'text', nullable: true })
  subjectName: string | null;

  @Column({ name: 'outlet_ids', type: 'uuid', array: true, default: [] })
  outletIds: string[];

  /** Numbers of the customers it tells of, so that who is erased is erased here, too. */
  @Column({ type: 'text', array: true, default: [] })
  people: string[];

  @Column({ type: 'jsonb', default: [] })
  changes: ActChange[];

  /** How many equal acts it tells of. */
  @Column({ type: 'int', default: 1 })
  times: number;

  /** Until when equal acts of this actor are counted on it; `null`: it tells of one. */
  @Column({ name: 'shared_until', type: 'timestamptz', nullable: true })
  sharedUntil: Date | null;
}
