import { Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { SealedColumns } from '../database/sealed-columns.js';
import { UserEntity } from './user.entity.js';

/** What somebody's app knows, sealed, so that its codes can be told from others. Good once `users.second_factor_at` says so. */
@Entity('second_factors')
export class SecondFactorEntity extends SealedColumns {
  /** The user's. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'second_factors_pkey' })
  id: string;

  /** The newest step of 30 s whose code was taken: neither that one nor an older one is taken again. */
  @Column({ name: 'last_step', type: 'int', nullable: true })
  lastStep: number | null;

  @OneToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'id', foreignKeyConstraintName: 'second_factors_id_fkey' })
  user: Relation<UserEntity>;
}

/** For whoever lost the app; gone once it is used. */
@Entity('recovery_codes')
@Index('recovery_codes_user_id_idx', ['userId'])
export class RecoveryCodeEntity {
  /** SHA-256 of the code, hex: it has 80 random bits. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'recovery_codes_pkey' })
  hash: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @ManyToOne(() => SecondFactorEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'recovery_codes_user_id_fkey' })
  factor: Relation<SecondFactorEntity>;
}
