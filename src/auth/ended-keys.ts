import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, MoreThan } from 'typeorm';
import { Clock } from '../common/clock.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { ApiKeyEntity } from './api-key.entity.js';

/** API keys end by themselves, in no transaction: whoever goes on working for one asks here whether it has. */
@Injectable()
export class EndedKeys {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
  ) {}

  /** Of these callers those that are keys whose time is over. */
  async among(callerIds: readonly string[]): Promise<string[]> {
    if (callerIds.length === 0) return [];
    const ended = await this.dataSource.manager.find(ApiKeyEntity, {
      select: { id: true },
      where: { id: In([...callerIds]), expiresAt: LessThanOrEqual(new Date(this.clock.wall())) },
    });
    return ended.map(({ id }) => id);
  }

  /** In how many ms the next one ends; `null` where none will. */
  async nextEndIn(): Promise<number | null> {
    const now = this.clock.wall();
    const [next] = await this.dataSource.manager.find(ApiKeyEntity, {
      select: { id: true, expiresAt: true },
      where: { expiresAt: MoreThan(new Date(now)) },
      order: { expiresAt: 'ASC' },
      take: 1,
    });
    return next?.expiresAt ? next.expiresAt.getTime() - now : null;
  }
}
