import type { BlastPolicy } from '@koneksi/contracts/messages';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Seen } from '../common/editing/seen.js';

/** How often anybody may be written to, over all blasts and outlets. */
@Injectable()
export class BlastPolicies {
  constructor(private readonly dataSource: DataSource) {}

  async read(manager: EntityManager = this.dataSource.manager): Promise<BlastPolicy> {
    const [row] = await manager.query<{ per_week: number | null }[]>('SELECT per_week FROM blast_policy');
    return { perWeek: row?.per_week ?? null };
  }

  /** @throws `CHANGED_MEANWHILE` */
  async update({ perWeek }: BlastPolicy, seen = Seen.anything): Promise<BlastPolicy> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE blast_policy IN SHARE ROW EXCLUSIVE MODE');
      seen.requireSame(await this.read(manager));
      await manager.query(
        `INSERT INTO blast_policy (only_one, per_week) VALUES (true, $1)
         ON CONFLICT (only_one) DO UPDATE SET per_week = EXCLUDED.per_week`,
        [perWeek],
      );
    });
    return { perWeek };
  }
}
