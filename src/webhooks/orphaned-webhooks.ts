import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DelegatedWork } from '../auth/delegated-work.js';

/** Webhooks of whoever was removed, disabled or demoted, and of revoked keys, pause in that transaction until an ADMIN takes them over. */
@Injectable()
export class OrphanedWebhooks implements OnModuleInit {
  constructor(
    private readonly work: DelegatedWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.work.onEnd(async (manager, { callerIds }) => {
      await manager.query(
        `UPDATE webhooks SET paused_code = 'AWAITS_ADMIN', paused_at = $2
         WHERE owner_id = ANY ($1::uuid[]) AND paused_at IS NULL`,
        [callerIds, new Date(this.clock.wall())],
      );
      return () => undefined;
    });
  }
}
