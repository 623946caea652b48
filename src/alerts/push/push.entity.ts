import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { SealedColumns } from '../../database/sealed-columns.js';

/** By whose signature push services know this Koneksi: one row, made once and never again. */
@Entity('push_keys')
export class PushKeyEntity extends SealedColumns {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'push_keys_pkey' })
  id: string;

  @Column({ name: 'public_key', type: 'text' })
  publicKey: string;
}

/** A browser that somebody wants to be called in; where it is reached and what encrypts for it are sealed. */
@Entity('push_subscriptions')
@Unique('push_subscriptions_endpoint_hash_key', ['endpointHash'])
@Index('push_subscriptions_user', ['userId'])
export class PushSubscriptionEntity extends SealedColumns {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'push_subscriptions_pkey' })
  id: string;

  @ForeignKey('UserEntity', { name: 'push_subscriptions_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  /** SHA-256 of the endpoint, hex: who knows an endpoint is one browser. */
  @Column({ name: 'endpoint_hash', type: 'text' })
  endpointHash: string;

  @Column({ type: 'text' })
  browser: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'last_sent_at', type: 'timestamptz', nullable: true })
  lastSentAt: Date | null;
}
