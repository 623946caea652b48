import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { ActivityLog } from '../acts/activity-log.js';
import { shortAgent } from '../acts/agent.js';
import { Limiters, type Limiter } from '../common/limiters.js';
import { GUESSES_EACH } from './code-limiter.js';
import type { UserEntity } from './user.entity.js';

/**
 * Leaves a line once a day where so many codes behind the right password were wrong as one place may give: somebody may
 * hold the password. Right ones between them silence nothing, since the owner signs in, too.
 */
@Injectable()
export class CodeAlarm {
  private readonly wrong: Limiter;

  constructor(
    private readonly dataSource: DataSource,
    private readonly activity: ActivityLog,
    limiters: Limiters,
  ) {
    this.wrong = limiters.of({ keyPrefix: 'codes-guessed', points: GUESSES_EACH, duration: 24 * 3_600 });
  }

  async wrongCode({ id, name }: Pick<UserEntity, 'id' | 'name'>, request: Request): Promise<void> {
    const { consumedPoints } = await this.wrong.penalty(id);
    if (consumedPoints !== GUESSES_EACH) return;
    await this.activity.note(this.dataSource.manager, [
      {
        action: 'sign-in.codes-guessed',
        actor: { id, kind: 'user', name },
        address: request.ip ?? null,
        agent: shortAgent(request.headers['user-agent']),
        subject: { id, name, outletIds: [], people: [] },
      },
    ]);
  }
}
