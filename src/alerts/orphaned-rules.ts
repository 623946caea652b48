import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DelegatedWork } from '../auth/delegated-work.js';
import { EndedKeys } from '../auth/ended-keys.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { dropWaiting } from './drop-waiting.js';

/**
 * Rules of whoever was removed, disabled or demoted, and of revoked keys, pause in that transaction until an ADMIN takes
 * them over: nobody goes on hearing of outlets that are not theirs to know of any more. The page says so. Those of keys
 * that ended by themselves pause before they are looked at next.
 */
@Injectable()
export class OrphanedRules implements OnModuleInit {
  constructor(
    private readonly work: DelegatedWork,
    private readonly keys: EndedKeys,
    private readonly dataSource: SystemDataSource,
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
    const owners = await this.dataSource.query<{ owner_id: string }[]>(
      'SELECT DISTINCT owner_id FROM alert_rules WHERE paused_at IS NULL',
    );
    const ended = await this.keys.among(owners.map(({ owner_id: id }) => id));
    if (ended.length > 0) this.tell(await this.dataSource.transaction((manager) => this.pause(manager, ended)));
  }

  private tell(paused: number): void {
    if (paused > 0) this.facts.publish('records.changed', { kind: 'alert-rule' });
  }

  /** Answers how many. */
  private async pause(manager: EntityManager, callerIds: readonly string[]): Promise<number> {
    const [paused] = await manager.query<[{ id: string }[], number]>(
      `UPDATE alert_rules SET paused_code = 'AWAITS_ADMIN', paused_at = $2
       WHERE owner_id = ANY ($1::uuid[]) AND paused_at IS NULL RETURNING id`,
      [callerIds, new Date(this.clock.wall())],
    );
    const ruleIds = paused.map(({ id }) => id);
    await dropWaiting(manager, ruleIds);
    return ruleIds.length;
  }
}
