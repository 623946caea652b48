import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Duties } from '../common/duties.js';
import { Membership } from './membership.js';
import { NodeIdentity } from './node-identity.js';

/** The first that stays (`stayingOf`). Locked, it can be neither buried, drained nor told to leave before the commit. */
const ELDEST_SQL = `
  SELECT id FROM node WHERE id = (SELECT id FROM node WHERE NOT leaving ORDER BY drained, started_at, id LIMIT 1) FOR SHARE`;

/** The node that has been there for longest has them: who joins changes nothing, and who dies or leaves has one heir. */
@Injectable()
export class EldestDuties extends Duties {
  constructor(
    private readonly membership: Membership,
    private readonly identity: NodeIdentity,
  ) {
    super();
  }

  get areOurs(): boolean {
    return this.membership.mayAct() && this.membership.isEldest;
  }

  async hold(manager: EntityManager): Promise<boolean> {
    if (this.membership.isAlone) return true;
    const [eldest] = await manager.query<{ id: string }[]>(ELDEST_SQL);
    return eldest?.id === this.identity.id;
  }
}
