import type { BlastPolicy, UpdateBlastPolicy } from '@koneksi/contracts/messages';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Seen } from '../common/editing/seen.js';
import { Config } from '../config/config.js';

/**
 * Without a word after their STOP people write it again, or block and report the number, which WhatsApp counts against it;
 * so it is said unless somebody decides otherwise. What they write is theirs, and kept only where somebody decides that.
 */
const DEFAULT: Required<UpdateBlastPolicy> = { perWeek: null, confirmStop: true, keepReplies: false };

/** What holds for all blasts of all outlets. */
@Injectable()
export class BlastPolicies {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  async read(manager: EntityManager = this.dataSource.manager): Promise<BlastPolicy> {
    const [row] = await manager.query<(typeof DEFAULT)[]>(
      'SELECT per_week AS "perWeek", confirm_stop AS "confirmStop", keep_replies AS "keepReplies" FROM blast_policy',
    );
    return { ...(row ?? DEFAULT), contentDays: this.config.blastContentDays };
  }

  /** @throws `CHANGED_MEANWHILE` */
  update(changes: UpdateBlastPolicy, seen = Seen.anything): Promise<BlastPolicy> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE blast_policy IN SHARE ROW EXCLUSIVE MODE');
      const now = await this.read(manager);
      seen.requireSame(now);
      const { perWeek = now.perWeek, confirmStop = now.confirmStop, keepReplies = now.keepReplies } = changes;
      await manager.query(
        `INSERT INTO blast_policy (only_one, per_week, confirm_stop, keep_replies) VALUES (true, $1, $2, $3)
         ON CONFLICT (only_one) DO UPDATE SET per_week = EXCLUDED.per_week, confirm_stop = EXCLUDED.confirm_stop,
           keep_replies = EXCLUDED.keep_replies`,
        [perWeek, confirmStop, keepReplies],
      );
      return { ...now, perWeek, confirmStop, keepReplies };
    });
  }
}
