import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Ownership } from '../../src/wa-session/fence.js';

/** The outlet becomes another's, whoever has it: what a node that was taken for dead finds when it wakes up. */
export async function claimAway(
  dataSource: Pick<DataSource, 'query'>,
  outletId: string,
  owner: string = randomUUID(),
): Promise<Ownership> {
  const [row]: { epoch: string }[] = await dataSource.query(
    `INSERT INTO wa_lease (outlet_id, owner, epoch) VALUES ($1, $2, 1)
     ON CONFLICT (outlet_id) DO UPDATE SET owner = EXCLUDED.owner, epoch = wa_lease.epoch + 1, claimed_at = now()
     RETURNING epoch`,
    [outletId, owner],
  );
  return { outletId, owner, epoch: row!.epoch };
}
