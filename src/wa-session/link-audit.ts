import { Injectable } from '@nestjs/common';
import type { LinkAct, LinkAuditEntry, LinkCode } from '@koneksi/contracts/link-audit';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { STORE_DEADLINE_MS } from './credentials/credential-store.js';
import { withDeadline } from './deadline.js';
import { LinkAuditEntity } from './link-audit.entity.js';

/** What shows codes of an outlet. A QR that WhatsApp renews belongs to the same round. */
interface Pairing {
  readonly outletId: string;
  readonly round: number;
}

type Who = Pick<Caller, 'id' | 'kind' | 'name'>;

/** Who was shown a QR or pairing code, written before it is shown, once per caller and round. */
@Injectable()
export class LinkAudit {
  private readonly rounds = new WeakMap<Pairing, { round: number; shown: Map<string, 'written' | Promise<void>> }>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Whether this caller is on record already, so that the code can be shown in the same turn. */
  has(caller: Caller, pairing: Pairing, code: LinkCode): boolean {
    return this.shownIn(pairing).get(keyOf(caller, code)) === 'written';
  }

  /** Rejects where it cannot be written; then nothing may be shown. */
  async record(caller: Caller, pairing: Pairing, code: LinkCode): Promise<void> {
    const shown = this.shownIn(pairing);
    const key = keyOf(caller, code);
    const known = shown.get(key);
    if (known) return known === 'written' ? undefined : known;
    const writing = this.write(caller, pairing.outletId, code);
    shown.set(key, writing);
    try {
      await writing;
      shown.set(key, 'written');
    } catch (error) {
      shown.delete(key);
      throw error;
    }
  }

  /** Newest first. */
  async list(outletId: string, limit: number): Promise<LinkAuditEntry[]> {
    const rows = await this.dataSource.manager.find(LinkAuditEntity, {
      where: { outletId },
      order: { id: 'DESC' },
      take: limit,
    });
    return rows.map(({ at, code, callerId: id, callerKind: kind, callerName: name }) => ({
      at: at.toISOString(),
      code,
      by: { id, kind, name },
    }));
  }

  /** What became of reconnect links, in the transaction that does it. */
  async note(manager: EntityManager, act: LinkAct, links: readonly { outletId: string; by: Who }[]): Promise<void> {
    if (links.length === 0) return;
    await manager.insert(
      LinkAuditEntity,
      links.map(({ outletId, by }) => this.row(by, outletId, act)),
    );
  }

  private shownIn(pairing: Pairing): Map<string, 'written' | Promise<void>> {
    let known = this.rounds.get(pairing);
    if (known?.round !== pairing.round) this.rounds.set(pairing, (known = { round: pairing.round, shown: new Map() }));
    return known.shown;
  }

  private async write(caller: Caller, outletId: string, code: LinkCode): Promise<void> {
    const row = this.row(caller, outletId, code);
    await withDeadline(this.dataSource.manager.insert(LinkAuditEntity, row), STORE_DEADLINE_MS, 'link audit');
  }

  private row({ id, kind, name }: Who, outletId: string, code: LinkCode | LinkAct): Omit<LinkAuditEntity, 'id'> {
    return { at: new Date(this.clock.wall()), outletId, code, callerId: id, callerKind: kind, callerName: name };
  }
}

const keyOf = (caller: Caller, code: LinkCode): string => `${code} ${caller.id}`;
