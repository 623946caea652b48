import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from './user.entity.js';

/** One browser or program that gave the right password, until it signs out. All its tokens end with this row. */
@Entity('sign_ins')
@Index('sign_ins_user_id_idx', ['userId'])
@Index('sign_ins_expires_at_idx', ['expiresAt'])
export class SignInEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'sign_ins_pkey' })
  id: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  /** When they last gave the password, or the code that the log-in asks for; `null`: before anybody kept it. */
  @Column({ name: 'proved_at', type: 'timestamptz', nullable: true })
  provedAt: Date | null;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sign_ins_user_id_fkey' })
  user: Relation<UserEntity>;
}

/** A refresh token that was handed out. Used ones stay until the sign-in ends, so that a second use is noticed. */
@Entity('refresh_tokens')
@Index('refresh_tokens_sign_in_id_idx', ['signInId'])
export class RefreshTokenEntity {
  /** SHA-256 of the token, hex. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  hash: string;

  @Column({ name: 'sign_in_id', type: 'uuid' })
  signInId: string;

  @Column({ name: 'used_at', type: 'timestamptz', nullable: true })
  usedAt: Date | null;

  @ManyToOne(() => SignInEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'sign_in_id', foreignKeyConstraintName: 'refresh_tokens_sign_in_id_fkey' })
  signIn: Relation<SignInEntity>;
}
