import type { Role } from '@koneksi/contracts/roles';
import type { Language, Theme } from '@koneksi/contracts/users';
import {
  Column,
  Entity,
  ForeignKey,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  Unique,
  type Relation,
} from 'typeorm';

export const EMAIL_IS_UNIQUE = 'users_email_key';

/** A person who signs in. */
@Entity('users')
@Unique(EMAIL_IS_UNIQUE, ['email'])
export class UserEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' })
  id: string;

  /** In lower case. */
  @Column({ type: 'text' })
  email: string;

  @Column({ type: 'text' })
  name: string;

  /** Argon2id as a PHC string. Loaded only where a password is being checked. */
  @Column({ name: 'password_hash', type: 'text', select: false })
  passwordHash: string;

  @Column({ type: 'text' })
  role: Role;

  /** An access token that was made for another version is void. */
  @Column({ name: 'token_version', type: 'int', default: 0 })
  tokenVersion: number;

  @Column({ name: 'is_disabled', type: 'boolean', default: false })
  isDisabled: boolean;

  /** Until they have changed it, somebody else knows it. */
  @Column({ name: 'must_change_password', type: 'boolean', default: false })
  mustChangePassword: boolean;

  /** Since when their log-in asks for a code besides the password; `null`: it does not. */
  @Column({ name: 'second_factor_at', type: 'timestamptz', nullable: true })
  secondFactorAt: Date | null;

  @Column({ name: 'last_login_at', type: 'timestamptz', nullable: true })
  lastLoginAt: Date | null;

  /** `null` until they choose. */
  @Column({ type: 'text', nullable: true })
  language: Language | null;

  /** `null` until they choose. */
  @Column({ type: 'text', nullable: true })
  theme: Theme | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @OneToMany(() => UserOutletEntity, (assignment) => assignment.user)
  assignments: Relation<UserOutletEntity>[];

  get outletIds(): string[] {
    return this.assignments.map(({ outletId }) => outletId);
  }
}

/** An outlet that exists for a `USER`. */
@Entity('user_outlets')
export class UserOutletEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'user_outlets_pkey' })
  userId: string;

  // By name: outlets know accounts, not the other way round.
  @ForeignKey('OutletEntity', { name: 'user_outlets_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid', primaryKeyConstraintName: 'user_outlets_pkey' })
  outletId: string;

  @ManyToOne(() => UserEntity, (user) => user.assignments, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'user_outlets_user_id_fkey' })
  user: Relation<UserEntity>;
}
