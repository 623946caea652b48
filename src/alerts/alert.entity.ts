import type { AlertContent } from '@koneksi/contracts/alert-texts';
import type { AlertChannel, AlertRulePause, AlertStatus, AlertTry, CreateAlertRule } from '@koneksi/contracts/alerts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DueKind } from './domain/alert-state.js';

/** Rules of before have no word on links. */
export type AlertSettings = Omit<CreateAlertRule, 'name' | 'reconnectLink'> & { reconnectLink?: boolean | undefined };

/** Who is told of what. */
@Entity('alert_rules')
export class AlertRuleEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'alert_rules_pkey' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'jsonb' })
  settings: AlertSettings;

  /** Who answers for it: whoever made it, said last who is told, or switched it on. No foreign key: a key or a user may go. */
  @Column({ name: 'owner_id', type: 'uuid' })
  ownerId: string;

  @Column({ name: 'owner_name', type: 'text' })
  ownerName: string;

  @Column({ name: 'paused_code', type: 'text', nullable: true })
  pausedCode: AlertRulePause | null;

  @Column({ name: 'paused_at', type: 'timestamptz', nullable: true })
  pausedAt: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

/** That a rule said something of an incident; its key is why nothing is said twice. */
@Entity('alert_told')
@Index('alert_told_newest', ['at'])
export class AlertToldEntity {
  @ForeignKey('AlertRuleEntity', { name: 'alert_told_rule_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'rule_id', type: 'uuid', primaryKeyConstraintName: 'alert_told_pkey' })
  ruleId: string;

  @PrimaryColumn({ name: 'incident_id', type: 'uuid', primaryKeyConstraintName: 'alert_told_pkey' })
  incidentId: string;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'alert_told_pkey' })
  round: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'alert_told_pkey' })
  kind: DueKind;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'alert_told_pkey' })
  part: number;

  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ name: 'outlet_ids', type: 'uuid', array: true })
  outletIds: string[];
}

/** One message to one recipient: written with what it tells, and sent until it is taken. Outlives its rule. */
@Entity('alert_deliveries')
@Index('alert_deliveries_due', ['nextTryAt'], { where: `(status = 'pending'::text)` })
@Index('alert_deliveries_newest', ['seq'])
@Index('alert_deliveries_tried', ['channel', 'seq'], { where: '(tries > 0)' })
@Index('alert_deliveries_sent', ['channel', 'sentAt'], { where: '(sent_at IS NOT NULL)' })
@Index('alert_deliveries_old', ['at'], { where: `(status <> 'pending'::text)` })
@Check('alert_deliveries_status_check', `status IN ('pending', 'sent', 'dead', 'dropped')`)
export class AlertDeliveryEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'alert_deliveries_pkey' })
  id: string;

  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS', generated: 'identity' })
  seq: string;

  /** `null`: a test of a channel alone. */
  @Column({ name: 'rule_id', type: 'uuid', nullable: true })
  ruleId: string | null;

  @Column({ type: 'text' })
  channel: AlertChannel;

  /** An address, as the channel writes them. */
  @Column({ type: 'text' })
  target: string;

  @Column({ type: 'text' })
  language: Locale;

  @Column({ type: 'jsonb' })
  content: AlertContent;

  @Column({ name: 'incident_ids', type: 'uuid', array: true })
  incidentIds: string[];

  /** When it was due. */
  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ type: 'text', default: 'pending' })
  status: AlertStatus;

  @Column({ type: 'int', default: 0 })
  tries: number;

  @Column({ name: 'last_tries', type: 'jsonb', default: [] })
  lastTries: AlertTry[];

  @Column({ name: 'next_try_at', type: 'timestamptz', nullable: true })
  nextTryAt: Date | null;

  /** Somebody is sending it; after this they died over it. */
  @Column({ name: 'leased_until', type: 'timestamptz', nullable: true })
  leasedUntil: Date | null;

  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true })
  sentAt: Date | null;
}
