import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DelegatedWork, type EndedAuthority } from '../auth/delegated-work.js';
import { EndedKeys } from '../auth/ended-keys.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { LookLoop } from '../common/look-loop.js';
import { windDown } from '../common/winding-down.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { CanceledBlasts } from './canceled-blasts.js';
import { Ledger } from './ledger.js';
import { moveBlasts } from './move-blasts.js';

/**
 * Blasts of whoever was removed, disabled, demoted or lost an outlet, and of revoked keys: they pause in the same
 * transaction, and only an ADMIN sends them on. Those of keys that end by themselves pause at that time. Messages to one,
 * which no list shows to anybody who could decide, are canceled instead.
 */
@Injectable()
export class OrphanedBlasts implements OnModuleInit, OnModuleDestroy {
  /** For keys that ended. */
  private readonly looks = new LookLoop({
    look: () => this.pauseEnded(),
    nextDueIn: () => this.keys.nextEndIn(),
  });

  constructor(
    private readonly work: DelegatedWork,
    private readonly keys: EndedKeys,
    private readonly ledger: Ledger,
    private readonly canceled: CanceledBlasts,
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {
    bus.on('clock.stepped', () => this.looks.wake());
  }

  /** Keys may have ended while nothing ran: before anything is sent. */
  async onModuleInit(): Promise<void> {
    this.work.onEnd((manager, ended) => this.pause(manager, ended));
    await this.pauseEnded();
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return windDown(() => this.looks.stop());
  }

  private async pauseEnded(): Promise<void> {
    const owners = await this.dataSource.query<{ id: string }[]>(OWNERS_SQL);
    const callerIds = await this.keys.among(owners.map(({ id }) => id));
    if (callerIds.length === 0) return;
    const tell = await this.dataSource.transaction((manager) => this.pause(manager, { callerIds, outletIds: [] }));
    tell();
  }

  private async pause(manager: EntityManager, { callerIds, outletIds }: EndedAuthority): Promise<() => void> {
    // First: a repetition that is just being made is waited for here, and met by the pause of blasts.
    const [, paused] = await manager.query<[unknown[], number]>(PAUSE_REPEATING_SQL, [callerIds, outletIds]);
    // Between two batches of the ledger, whose rows these are; it waits for the commit and not the other way round.
    const stopped = await this.ledger.between(async () => {
      const theirs = await manager.query<{ id: string }[]>(THEIRS_SQL, [callerIds, outletIds]);
      const ids = theirs.map(({ id }) => id);
      return moveBlasts(manager, 'withdraw', ids, this.clock.wall());
    });
    const messageIds = stopped.filter(({ kind }) => kind === 'message').map(({ id }) => id);
    return () => {
      if (paused > 0) this.bus.publish('records.changed', { kind: 'repeating-blast' });
      this.ledger.touched(stopped.map(({ id }) => id));
      if (messageIds.length > 0) void this.canceled.skip(messageIds);
    };
  }
}

/** By whose right something is to be sent. */
const OWNERS_SQL = `
  SELECT coalesce(sent_on_by, created_by) AS id FROM blasts
  WHERE status IN ('scheduled', 'running', 'paused') AND NOT awaits_admin
  UNION SELECT by_id FROM repeating_blasts WHERE status <> 'stopped' AND NOT awaits_admin`;

/** Locked, so that nobody sends one on by another's right meanwhile. */
const THEIRS_SQL = `
  SELECT b.id FROM blasts b
  WHERE coalesce(b.sent_on_by, b.created_by) = ANY ($1::uuid[]) AND b.status IN ('scheduled', 'running', 'paused') AND NOT b.awaits_admin
    AND EXISTS (SELECT FROM blast_outlets o WHERE o.blast_id = b.id AND NOT o.outlet_id = ANY ($2::uuid[]))
  ORDER BY b.id FOR NO KEY UPDATE OF b`;

const PAUSE_REPEATING_SQL = `
  UPDATE repeating_blasts SET status = 'paused', awaits_admin = true
  WHERE by_id = ANY ($1::uuid[]) AND status <> 'stopped' AND NOT awaits_admin
    AND (outlet_ids IS NULL OR NOT outlet_ids <@ $2::uuid[])`;
