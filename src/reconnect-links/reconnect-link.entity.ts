import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import type { LinkEnd } from './domain/link-state.js';

/** A way to one outlet's QR and code for somebody without an account. What became of it is in the link audit. */
@Entity('reconnect_links')
@Unique('reconnect_links_hash_key', ['hash'])
@Unique('reconnect_links_incident_key', ['incidentId', 'outletId', 'ordinal'])
@Index('reconnect_links_outlet', ['outletId'])
@Index('reconnect_links_maker', ['makerId'], { where: '(ended_at IS NULL)' })
export class ReconnectLinkEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'reconnect_links_pkey' })
  id: string;

  /** SHA-256 of the token, hex. */
  @Column({ type: 'text', select: false })
  hash: string;

  @ForeignKey('OutletEntity', { name: 'reconnect_links_outlet_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  /** No foreign key: it ends with its maker, in the same transaction, and is told of afterwards. */
  @Column({ name: 'maker_id', type: 'uuid' })
  makerId: string;

  @Column({ name: 'maker_kind', type: 'text' })
  makerKind: Caller['kind'];

  @Column({ name: 'maker_name', type: 'text' })
  makerName: string;

  /** Of which incident an alert told with it; `null` where a person made it. */
  @Column({ name: 'incident_id', type: 'uuid', nullable: true })
  incidentId: string | null;

  /** The how many-th of that incident and outlet. */
  @Column({ type: 'int', nullable: true })
  ordinal: number | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'opened_at', type: 'timestamptz', nullable: true })
  openedAt: Date | null;

  /** When somebody who came by it first asked to connect, or was to be shown a code that others asked for. */
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ name: 'ended_code', type: 'text', nullable: true })
  endedCode: LinkEnd | null;
}
