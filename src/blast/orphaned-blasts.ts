import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DelegatedWork, type EndedAuthority } from '../auth/delegated-work.js';
import { Ledger } from './ledger.js';

/**
 * Blasts of whoever was removed, disabled, demoted or lost an outlet, and of revoked keys: they pause in the same
 * transaction, and only an ADMIN sends them on.
 */
@Injectable()
export class OrphanedBlasts implements OnModuleInit {
  constructor(
    private readonly work: DelegatedWork,
    private readonly ledger: Ledger,
  ) {}

  onModuleInit(): void {
    this.work.onEnd((manager, ended) => this.pause(manager, ended));
  }

  private async pause(manager: EntityManager, { callerIds, outletIds }: EndedAuthority): Promise<() => void> {
    // First: a repetition that is just being made is waited for here, and met by the pause of blasts.
    await manager.query(PAUSE_REPEATING_SQL, [callerIds, outletIds]);
    // Between two batches of the ledger, whose rows these are; it waits for the commit and not the other way round.
    const [paused] = await this.ledger.between(() =>
      manager.query<[{ id: string }[], number]>(PAUSE_SQL, [callerIds, outletIds]),
    );
    return () => this.ledger.touched(paused.map(({ id }) => id));
  }
}

const PAUSE_SQL = `
  UPDATE blasts b SET status = 'paused', awaits_admin = true, revision = revision + 1
  WHERE b.created_by = ANY ($1::uuid[]) AND b.status IN ('scheduled', 'running', 'paused') AND NOT b.awaits_admin
    AND EXISTS (SELECT FROM blast_outlets o WHERE o.blast_id = b.id AND NOT o.outlet_id = ANY ($2::uuid[]))
  RETURNING b.id`;

const PAUSE_REPEATING_SQL = `
  UPDATE repeating_blasts SET status = 'paused', awaits_admin = true
  WHERE by_id = ANY ($1::uuid[]) AND status <> 'stopped' AND NOT awaits_admin
    AND (outlet_ids IS NULL OR NOT outlet_ids <@ $2::uuid[])`;
