import type { DeliveryStatus, DeliveryTry, WebhookEventType, WebhookPause } from '@koneksi/contracts/webhooks';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { SealedColumns } from '../database/sealed-columns.js';

/** Somebody else's service that is told what happens. Address and secrets are sealed under a data key of its own. */
@Entity('webhooks')
export class WebhookEntity extends SealedColumns {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'webhooks_pkey' })
  id: string;

  /** Who answers for it: whoever made it, or switched it on last. No foreign key: a key or a user may go. */
  @Column({ name: 'owner_id', type: 'uuid' })
  ownerId: string;

  @Column({ name: 'owner_name', type: 'text' })
  ownerName: string;

  /** Of the address, for the limit of requests at once; the rest of it may hold a secret. */
  @Column({ type: 'text' })
  host: string;

  @Column({ type: 'text', array: true })
  events: WebhookEventType[];

  /** `null`: all. No foreign keys: an outlet that is gone is told of once more. */
  @Column({ name: 'outlet_ids', type: 'uuid', array: true, nullable: true })
  outletIds: string[] | null;

  @Column({ name: 'previous_secret_until', type: 'timestamptz', nullable: true })
  previousSecretUntil: Date | null;

  /** Changes up to this one happened before it was made or switched on. */
  @Column({ name: 'after_cursor', type: 'bigint' })
  afterCursor: string;

  @Column({ name: 'paused_code', type: 'text', nullable: true })
  pausedCode: WebhookPause | null;

  @Column({ name: 'paused_at', type: 'timestamptz', nullable: true })
  pausedAt: Date | null;

  /** Tries in a row that came to nothing. */
  @Column({ type: 'int', default: 0 })
  failures: number;

  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince: Date | null;

  /** Nothing is tried before, since the receiver is away. */
  @Column({ name: 'not_before', type: 'timestamptz', nullable: true })
  notBefore: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

/** One event for one webhook: written in the statement that made or read it, and sent until it is taken. */
@Entity('webhook_deliveries')
@Index('webhook_deliveries_lanes', ['webhookId', 'lane', 'seq'], { where: `(status = 'pending'::text)` })
@Index('webhook_deliveries_waiting', ['nextTryAt'], {
  where: `((status = 'pending'::text) AND (next_try_at IS NOT NULL))`,
})
@Index('webhook_deliveries_leased', ['webhookId'], {
  where: `((status = 'pending'::text) AND (leased_until IS NOT NULL))`,
})
@Index('webhook_deliveries_pending', ['webhookId', 'seq'], { where: `(status = 'pending'::text)` })
@Index('webhook_deliveries_newest', ['webhookId', 'seq'])
@Index('webhook_deliveries_old', ['at'], { where: `(status <> 'pending'::text)` })
@Check('webhook_deliveries_status_check', `status IN ('pending', 'delivered', 'dead')`)
export class WebhookDeliveryEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  id: string;

  /** The order within a lane. */
  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS', generated: 'identity' })
  seq: string;

  @ForeignKey('WebhookEntity', { name: 'webhook_deliveries_webhook_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'webhook_id', type: 'uuid' })
  webhookId: string;

  @Column({ type: 'text' })
  type: string;

  /** What is told in order: one outlet, one blast. Its next event waits for this one. */
  @Column({ type: 'text' })
  lane: string;

  @Column({ name: 'outlet_id', type: 'uuid', nullable: true })
  outletId: string | null;

  /** When it happened. */
  @Column({ type: 'timestamptz' })
  at: Date;

  @Column({ type: 'jsonb' })
  data: Record<string, unknown>;

  @Column({ type: 'text', default: 'pending' })
  status: DeliveryStatus;

  @Column({ type: 'int', default: 0 })
  tries: number;

  @Column({ name: 'last_tries', type: 'jsonb', default: [] })
  lastTries: DeliveryTry[];

  /** `null`: at once. */
  @Column({ name: 'next_try_at', type: 'timestamptz', nullable: true })
  nextTryAt: Date | null;

  /** Somebody is sending it; after this they died over it. */
  @Column({ name: 'leased_until', type: 'timestamptz', nullable: true })
  leasedUntil: Date | null;

  @Column({ name: 'delivered_at', type: 'timestamptz', nullable: true })
  deliveredAt: Date | null;
}

/** One row: up to which change of the status log deliveries have been made. */
@Entity('webhook_spool')
export class WebhookSpoolEntity {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'webhook_spool_pkey' })
  id: number;

  @Column({ type: 'bigint' })
  cursor: string;
}
