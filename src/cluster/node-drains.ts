import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { isUuid } from '../common/uuid.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { drainVerdict, returnVerdict, type Goer } from './domain/staying.js';
import { Membership } from './membership.js';

type Row = Goer & { beats: string };

/** Beats and claims go on meanwhile; another wish waits, so that two do not drain the last two nodes. */
const LOCK_SQL = 'SELECT id, leaving, drained, beats FROM node ORDER BY id FOR NO KEY UPDATE';

/** People's wishes that a node hand over its outlets and stay up. The node itself finds them in its row. */
@Injectable()
export class NodeDrains {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly membership: Membership,
  ) {}

  /** It may be asked twice. @throws `NODE_NOT_FOUND`, `ONLY_NODE` */
  drain(id: string): Promise<void> {
    return this.settle(id, true, (rows) => {
      const nodes = rows.map((row) => ({ ...row, stillMs: this.membership.stillFor(row) }));
      const verdict = drainVerdict(nodes, id.toLowerCase());
      if (verdict === 'unknown') throw notFound();
      if (verdict === 'alone')
        throw new DomainError('ONLY_NODE', 409, 'nobody else would own the outlets of this node; start another first');
    });
  }

  /** It may be asked twice. @throws `NODE_NOT_FOUND`, `NODE_ENDS` */
  undrain(id: string): Promise<void> {
    return this.settle(id, false, (rows) => {
      const verdict = returnVerdict(rows, id.toLowerCase());
      if (verdict === 'unknown') throw notFound();
      if (verdict === 'ends') throw new DomainError('NODE_ENDS', 409, 'this node ends and takes nothing any more');
    });
  }

  private async settle(id: string, drained: boolean, refuse: (rows: Row[]) => void): Promise<void> {
    if (!isUuid(id)) throw notFound();
    await this.dataSource.transaction(async (manager: EntityManager) => {
      refuse(await manager.query<Row[]>(LOCK_SQL));
      await manager.query('UPDATE node SET drained = $2 WHERE id = $1', [id, drained]);
    });
  }
}

const notFound = (): DomainError => new DomainError('NODE_NOT_FOUND', 404, 'no such node');
