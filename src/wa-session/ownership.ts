import { Injectable } from '@nestjs/common';
import { NodeIdentity } from '../cluster/node-identity.js';
import { SystemDataSource } from '../database/system-data-source.js';
import type { Ownership } from './fence.js';

/** Claims sessions for this process. The newest claim wins; older ones write nothing any more. */
@Injectable()
export class SessionOwnership {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly identity: NodeIdentity,
  ) {}

  /** Claims these outlets in one statement, once every write under an earlier claim is committed. */
  async claim(outletIds: readonly string[]): Promise<Map<string, Ownership>> {
    const rows: { outlet_id: string; owner: string; epoch: string }[] = await this.dataSource.query(
      `INSERT INTO wa_lease (outlet_id, owner, epoch)
       SELECT id, $2, 1 FROM outlets WHERE id = ANY($1) ORDER BY id
       ON CONFLICT (outlet_id) DO UPDATE SET owner = EXCLUDED.owner, epoch = wa_lease.epoch + 1, claimed_at = now()
       RETURNING outlet_id, owner, epoch`,
      [outletIds, this.identity.id],
    );
    return new Map(rows.map(({ outlet_id: outletId, owner, epoch }) => [outletId, { outletId, owner, epoch }]));
  }
}
