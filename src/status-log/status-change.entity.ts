import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { Pressed, ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One change, written in the statement that made it: history for people and the log clients resume from. */
@Entity('outlet_status_change')
@Index('outlet_status_change_by_outlet', ['outletId', 'cursor'])
@Index('outlet_status_change_turns', ['outletId', 'at', 'cursor'], {
  where: `(milestone OR status = 'CONNECTED') AND status IS NOT NULL`,
})
export class StatusChangeEntity {
  /** Numbers changes across all outlets in commit order, without gaps. */
  @PrimaryColumn({ type: 'bigint' })
  cursor: string;

  /** No foreign key: the last change of an outlet is its removal. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at: Date;

  @Column({ type: 'bigint' })
  revision: string;

  @Column({ type: 'text', nullable: true })
  previous: OutletStatusName | null;

  /** `null` where the outlet was removed. */
  @Column({ type: 'text', nullable: true })
  status: OutletStatusName | null;

  @Column({ name: 'reason_code', type: 'text', nullable: true })
  reasonCode: ReasonCode | null;

  @Column({ name: 'reason_params', type: 'jsonb', default: {} })
  reasonParams: ReasonParams;

  /** Whether status or reason changed; other changes (a name, a retry) are pushed but are not history. */
  @Column({ type: 'boolean' })
  milestone: boolean;

  /** Who asked for it; `null` where nobody did. */
  @Column({ type: 'jsonb', nullable: true })
  pressed: Pressed | null;

  /** What was told, in nobody's language and without its revision. Older ones carry sentences, which nobody reads. */
  @Column({ type: 'jsonb', nullable: true })
  element: Omit<StatusFacts, 'revision'> | null;
}

/** One row: the newest cursor. Taking the next one locks it, so cursors are given in commit order. */
@Entity('status_cursor')
export class StatusCursorEntity {
  @PrimaryColumn({ type: 'int' })
  id: number;

  @Column({ type: 'bigint' })
  value: string;
}
