import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { WarningFact } from '@koneksi/contracts/outlet-warnings';
import type { KeptLimits } from './domain/new-chats.js';
import type { OpensTold } from './domain/open-limit.js';
import type { Ending, LinkTries } from './domain/session-state.js';
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** What the database says of an outlet's session. */
@Entity('wa_session')
export class SessionEntity {
  @ForeignKey('OutletEntity', { name: 'wa_session_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'text' })
  status: OutletStatusName;

  @Column({ name: 'reason_code', type: 'text', nullable: true })
  reasonCode: ReasonCode | null;

  @Column({ name: 'reason_params', type: 'jsonb', default: {} })
  reasonParams: ReasonParams;

  @Column({ name: 'session_name', type: 'text', nullable: true })
  sessionName: string | null;

  @Column({ name: 'connected_at', type: 'timestamptz', nullable: true })
  connectedAt: Date | null;

  @Column({ name: 'last_seen', type: 'timestamptz', nullable: true })
  lastSeen: Date | null;

  @Column({ name: 'retry_count', type: 'int', default: 0 })
  retryCount: number;

  @Column({ name: 'next_retry_at', type: 'timestamptz', nullable: true })
  nextRetryAt: Date | null;

  @Column({ name: 'qr_shown', type: 'boolean', default: false })
  qrShown: boolean;

  /** What WhatsApp allows; `null` until it said so. */
  @Column({ type: 'jsonb', nullable: true })
  limits: KeptLimits | null;

  @Column({ type: 'jsonb', default: [] })
  warnings: WarningFact[];

  /** When the phone itself was last heard of. */
  @Column({ name: 'phone_seen_at', type: 'timestamptz', nullable: true })
  phoneSeenAt: Date | null;

  /** Since when the phone would be heard of, where nobody listened for long before that. */
  @Column({ name: 'listening_since', type: 'timestamptz', nullable: true })
  listeningSince: Date | null;

  /** When the phone was last asked for a sign of life. */
  @Column({ name: 'phone_asked_at', type: 'timestamptz', nullable: true })
  phoneAskedAt: Date | null;

  /** When the link was last shown as available, so that WhatsApp does not drop it for idleness. */
  @Column({ name: 'pulsed_at', type: 'timestamptz', nullable: true })
  pulsedAt: Date | null;
  /** When status and reason became what they are; `null` in rows from before this was kept. */
  @Column({ type: 'timestamptz', nullable: true })
  since: Date | null;

  /** How the last link ended, until a login succeeds. */
  @Column({ name: 'last_ending', type: 'jsonb', nullable: true })
  lastEnding: Ending | null;

  /** What came of tries to link since the last link. */
  @Column({ name: 'link_tries', type: 'jsonb', nullable: true })
  linkTries: LinkTries | null;

  /** Whether a login ever succeeded. */
  @Column({ name: 'ever_linked', type: 'boolean', default: false })
  everLinked: boolean;

  /** When WhatsApp last gave this link to another socket: whoever opens it next knows a second time by this. */
  @Column({ name: 'conflict_at', type: 'timestamptz', nullable: true })
  conflictAt: Date | null;

  /** The link that is to be left, whatever else is wanted since; its credentials' id. */
  @Column({ type: 'uuid', nullable: true })
  leaving: string | null;

  /** What is used up of its allowance of sockets: no restart gives it back. */
  @Column({ type: 'jsonb', nullable: true })
  opens: OpensTold | null;

  @Column({ type: 'bigint', default: 0 })
  revision: string;
}
