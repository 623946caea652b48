import type { LinkAct, LinkCode, PasskeyAct } from '@koneksi/contracts/link-audit';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Caller } from '../auth/caller.js';

/** Who was shown what links an outlet, never the code itself; and what became of links for those without an account. */
@Entity('link_audit')
@Index('link_audit_outlet', ['outletId', 'id'])
export class LinkAuditEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column({ type: 'timestamptz' })
  at: Date;

  /** No foreign key: the record outlives the outlet. */
  @Column({ name: 'outlet_id', type: 'uuid' })
  outletId: string;

  @Column({ type: 'text' })
  code: LinkCode | PasskeyAct | LinkAct;

  @Column({ name: 'caller_id', type: 'uuid' })
  callerId: string;

  @Column({ name: 'caller_kind', type: 'text' })
  callerKind: Caller['kind'];

  @Column({ name: 'caller_name', type: 'text' })
  callerName: string;
}
