import type { BlastPolicy } from '@koneksi/contracts/messages';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How often anybody may be written to, over all blasts and outlets. */
@Injectable()
export class BlastPolicies {
  constructor(private readonly dataSource: DataSource) {}

  async read(): Promise<BlastPolicy> {
    const [row] = await this.dataSource.query<{ per_week: number | null }[]>('SELECT per_week FROM blast_policy');
    return { perWeek: row?.per_week ?? null };
  }

  async update({ perWeek }: BlastPolicy): Promise<BlastPolicy> {
    await this.dataSource.query(
      `INSERT INTO blast_policy (only_one, per_week) VALUES (true, $1)
       ON CONFLICT (only_one) DO UPDATE SET per_week = EXCLUDED.per_week`,
      [perWeek],
    );
    return { perWeek };
  }
}
