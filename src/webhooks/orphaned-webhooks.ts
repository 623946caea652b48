import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DelegatedWork } from '../auth/delegated-work.js';
import { EndedKeys } from '../auth/ended-keys.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';

/**
 * Webhooks of whoever was removed, disabled or demoted, and of revoked keys, pause in that transaction until an ADMIN
 * takes them over; those of keys that ended by themselves, soon after.
 */
@Injectable()
export class OrphanedWebhooks implements OnModuleInit {
  constructor(
    private readonly work: DelegatedWork,
    private readonly keys: EndedKeys,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly facts: EventBus,
  ) {}

  onModuleInit(): void {
    this.work.onEnd(async (manager, { callerIds }) => {
      const paused = await this.pause(manager, callerIds);
      return () => this.tell(paused);
    });
  }

  async pauseEnded(): Promise<void> {
    const { manager } = this.dataSource;
    const owners = await manager.query<{ owner_id: string }[]>(
      'SELECT DISTINCT owner_id FROM webhooks WHERE paused_at IS NULL',
    );
    const ended = await this.keys.among(owners.map(({ owner_id: id }) => id));
    if (ended.length > 0) this.tell(await this.pause(manager, ended));
  }

  private tell(paused: number): void {
    if (paused > 0) this.facts.publish('records.changed', { kind: 'webhook' });
  }

  /** Answers how many. */
  private async pause(manager: EntityManager, callerIds: readonly string[]): Promise<number> {
    const [, paused] = await manager.query<[unknown, number]>(
      `UPDATE webhooks SET paused_code = 'AWAITS_ADMIN', paused_at = $2
       WHERE owner_id = ANY ($1::uuid[]) AND paused_at IS NULL`,
      [callerIds, new Date(this.clock.wall())],
    );
    return paused;
  }
}
