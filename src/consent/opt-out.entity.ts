import type { OptOutAction, OptOutKeyword, OptOutMeans } from '@koneksi/contracts/opt-outs';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A number that wants no messages from any outlet. A number without a row may be written to. */
@Entity('opt_outs')
export class OptOutEntity {
  /** Digits with country code, no `+`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'opt_outs_pkey' })
  number: string;

  @Column({ name: 'opted_out_at', type: 'timestamptz' })
  optedOutAt: Date;
}

/** One change of `opt_outs`. The database refuses to change or remove a row. */
@Entity('opt_out_ledger')
@Index('opt_out_ledger_number', ['number', 'id'])
@Check('opt_out_ledger_action_check', `action IN ('OPT_OUT', 'OPT_IN')`)
@Check('opt_out_ledger_means_check', `means IN ('KEYWORD', 'STAFF', 'IMPORT')`)
@Check('opt_out_ledger_check', `means <> 'STAFF' OR (caller_id IS NOT NULL AND caller_name IS NOT NULL)`)
@Check('opt_out_ledger_check1', `action <> 'OPT_IN' OR (means = 'STAFF' AND coalesce(note, '') <> '')`)
export class OptOutLedgerEntity {
  @PrimaryColumn({
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'opt_out_ledger_pkey',
  })
  id: string;

  @Column({ type: 'text' })
  number: string;

  @Column({ type: 'text' })
  action: OptOutAction;

  @Column({ type: 'text' })
  means: OptOutMeans;

  @Column({ type: 'timestamptz' })
  at: Date;

  /** No foreign key: the ledger outlives outlets and people, hence their names too. */
  @Column({ name: 'outlet_id', type: 'uuid', nullable: true })
  outletId: string | null;

  @Column({ name: 'outlet_name', type: 'text', nullable: true })
  outletName: string | null;

  /** Our word that the customer's message amounts to, never the message. */
  @Column({ type: 'text', nullable: true })
  keyword: OptOutKeyword | null;

  @Column({ name: 'caller_id', type: 'uuid', nullable: true })
  callerId: string | null;

  @Column({ name: 'caller_name', type: 'text', nullable: true })
  callerName: string | null;

  @Column({ type: 'text', nullable: true })
  note: string | null;
}
