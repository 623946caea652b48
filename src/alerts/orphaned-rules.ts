import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DelegatedWork } from '../auth/delegated-work.js';
import { Clock } from '../common/clock.js';

/**
 * Rules of whoever was removed, disabled or demoted, and of revoked keys, pause in that transaction until an ADMIN takes
 * them over: nobody goes on hearing of outlets that are not theirs to know of any more. The page says so.
 */
@Injectable()
export class OrphanedRules implements OnModuleInit {
  constructor(
    private readonly work: DelegatedWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.work.onEnd(async (manager, { callerIds }) => {
      await manager.query(
        `WITH paused AS (
           UPDATE alert_rules SET paused_code = 'AWAITS_ADMIN', paused_at = $2
           WHERE owner_id = ANY ($1::uuid[]) AND paused_at IS NULL RETURNING id
         )
         UPDATE alert_deliveries SET status = 'dropped', next_try_at = NULL
         WHERE status = 'pending' AND rule_id IN (SELECT id FROM paused)`,
        [callerIds, new Date(this.clock.wall())],
      );
      return () => undefined;
    });
  }
}
