import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Outlets that broke together for one cause. */
@Entity('incident')
@Index('incident_by_start', ['startedAt', 'id'])
@Index('incident_open', ['startedAt'], { where: 'ended_at IS NULL' })
export class IncidentEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text', nullable: true })
  code: ReasonCode | null;

  @Column({ type: 'jsonb', default: {} })
  params: ReasonParams;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt: Date;

  /** When the youngest of its outlets fell: who follows within a minute belongs to it. */
  @Column({ name: 'last_fell_at', type: 'timestamptz' })
  lastFellAt: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ name: 'acknowledged_at', type: 'timestamptz', nullable: true })
  acknowledgedAt: Date | null;

  /** The name of who takes care of it. */
  @Column({ name: 'acknowledged_by', type: 'text', nullable: true })
  acknowledgedBy: string | null;
}

/** No foreign key to the outlet, whose past outlives it. */
@Entity('incident_outlet')
@Index('incident_outlet_by_outlet', ['outletId', 'until'])
export class IncidentOutletEntity {
  @ForeignKey('IncidentEntity', { name: 'incident_outlet_incident_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'incident_id', type: 'uuid' })
  incidentId: string;

  @PrimaryColumn({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** As it was called when it broke. */
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'timestamptz' })
  since: Date;

  @Column({ type: 'timestamptz', nullable: true })
  until: Date | null;

  /** How often it came back and fell again meanwhile. */
  @Column({ type: 'int', default: 0 })
  relapses: number;
}
