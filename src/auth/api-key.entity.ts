import type { Role } from '@koneksi/contracts/roles';
import type { Scope } from '@koneksi/contracts/scopes';
import {
  Column,
  Entity,
  ForeignKey,
  Index,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { UserEntity } from './user.entity.js';

/** A program's way in. It never may more than its maker may at that moment, and goes with them. */
@Entity('api_keys')
@Unique('api_keys_hash_key', ['hash'])
@Index('api_keys_maker_id_idx', ['makerId'])
export class ApiKeyEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'api_keys_pkey' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  /** SHA-256 of the key, hex. */
  @Column({ type: 'text', select: false })
  hash: string;

  @Column({ type: 'text' })
  role: Role;

  /** `null`: whatever the role may. */
  @Column({ type: 'text', array: true, nullable: true })
  scopes: Scope[] | null;

  @Column({ name: 'maker_id', type: 'uuid' })
  makerId: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  /** To the minute. */
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'maker_id', foreignKeyConstraintName: 'api_keys_maker_id_fkey' })
  maker: Relation<UserEntity>;

  @OneToMany(() => ApiKeyOutletEntity, (assignment) => assignment.apiKey)
  assignments: Relation<ApiKeyOutletEntity>[];

  get outletIds(): string[] {
    return this.assignments.map(({ outletId }) => outletId);
  }
}

/** An outlet that exists for an API key of role `USER`. */
@Entity('api_key_outlets')
export class ApiKeyOutletEntity {
  @PrimaryColumn({ name: 'api_key_id', type: 'uuid', primaryKeyConstraintName: 'api_key_outlets_pkey' })
  apiKeyId: string;

  @ForeignKey('OutletEntity', { name: 'api_key_outlets_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid', primaryKeyConstraintName: 'api_key_outlets_pkey' })
  outletId: string;

  @ManyToOne(() => ApiKeyEntity, (apiKey) => apiKey.assignments, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'api_key_id', foreignKeyConstraintName: 'api_key_outlets_api_key_id_fkey' })
  apiKey: Relation<ApiKeyEntity>;
}
