import { randomUUID } from 'node:crypto';
import { SystemDataSource } from '../database/system-data-source.js';
import { Injectable } from '@nestjs/common';

/** Proof that this process may write for an outlet: every credential and status write names the epoch. */
export interface Ownership {
  outletId: string;
  epoch: string;
}

/** Claims sessions for this process. The newest claim wins; older ones write nothing any more. */
@Injectable()
export class SessionOwnership {
  /** New with every start: a host name would let a restarted process take itself for the old one. */
  readonly incarnation = randomUUID();

  constructor(private readonly dataSource: SystemDataSource) {}

  /** Claims these outlets in one statement. */
  async claim(outletIds: readonly string[]): Promise<Map<string, Ownership>> {
    const rows: { outlet_id: string; epoch: string }[] = await this.dataSource.query(
      `INSERT INTO wa_lease (outlet_id, owner, epoch)
       SELECT id, $2, 1 FROM outlets WHERE id = ANY($1)
       ON CONFLICT (outlet_id) DO UPDATE SET owner = EXCLUDED.owner, epoch = wa_lease.epoch + 1, claimed_at = now()
       RETURNING outlet_id, epoch`,
      [outletIds, this.incarnation],
    );
    return new Map(rows.map((row) => [row.outlet_id, { outletId: row.outlet_id, epoch: row.epoch }]));
  }
}
