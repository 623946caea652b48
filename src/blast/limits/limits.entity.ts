import type { OutletZone } from '@koneksi/contracts/blast-states';
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** How carefully an outlet sends; `null` is the default. */
@Entity('blast_settings')
export class BlastSettingsEntity {
  @ForeignKey('OutletEntity', { name: 'blast_settings_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'text', nullable: true })
  zone: OutletZone | null;

  @Column({ name: 'pace_min_ms', type: 'int', nullable: true })
  paceMinMs: number | null;

  @Column({ name: 'pace_max_ms', type: 'int', nullable: true })
  paceMaxMs: number | null;

  @Column({ name: 'new_chats_per_day', type: 'int', nullable: true })
  newChatsPerDay: number | null;

  @Column({ name: 'known_chats_per_day', type: 'int', nullable: true })
  knownChatsPerDay: number | null;

  @Column({ name: 'warm_up_days', type: 'int', nullable: true })
  warmUpDays: number | null;

  /** `{}` is none; `null` the default. */
  @Column({ name: 'quiet_hours', type: 'jsonb', nullable: true })
  quietHours: { from?: string; to?: string } | null;

  /** Whether who writes STOP is told once that nothing more comes; `null`: as all outlets do. */
  @Column({ name: 'confirm_stop', type: 'boolean', nullable: true })
  confirmStop: boolean | null;

  /** Of before the session knew it itself; nothing reads it any more. */
  @Column({ name: 'restricted_until', type: 'timestamptz', nullable: true })
  restrictedUntil: Date | null;
}

/** What an outlet sent on one day of its zone. */
@Entity('blast_days')
export class BlastDayEntity {
  @ForeignKey('OutletEntity', { name: 'blast_days_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid', primaryKeyConstraintName: 'blast_days_pkey' })
  outletId: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'blast_days_pkey' })
  day: string;

  @Column({ name: 'new_chats', type: 'int', default: 0 })
  newChats: number;

  @Column({ name: 'known_chats', type: 'int', default: 0 })
  knownChats: number;

  /** Before that the outlet sends nothing more, whichever process has it then: its pause after the last message. */
  @Column({ name: 'rest_until', type: 'timestamptz', nullable: true })
  restUntil: Date | null;
}

/**
 * Whom an outlet has written to, or has heard from. WhatsApp counts as strangers all who have not answered, however often
 * they were written to (TechCrunch, 21 October 2025): whoever has no `replied_at` is a new chat.
 */
@Entity('outlet_chats')
export class OutletChatEntity {
  @ForeignKey('OutletEntity', { name: 'outlet_chats_outlet_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'outlet_id', type: 'uuid', primaryKeyConstraintName: 'outlet_chats_pkey' })
  outletId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'outlet_chats_pkey' })
  number: string;

  @Column({ type: 'timestamptz' })
  since: Date;

  /** When they first wrote. */
  @Column({ name: 'replied_at', type: 'timestamptz', nullable: true })
  repliedAt: Date | null;
}

/** What WhatsApp said when asked whether a number is there. */
@Entity('whatsapp_numbers')
export class WhatsappNumberEntity {
  @PrimaryColumn({ type: 'text' })
  number: string;

  @Column({ type: 'boolean' })
  exists: boolean;

  @Column({ name: 'checked_at', type: 'timestamptz' })
  checkedAt: Date;
}
