import { Injectable } from '@nestjs/common';
import type { LinkAct, LinkAuditEntry, LinkAuditQuery, LinkCode, PasskeyAct } from '@koneksi/contracts/link-audit';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import * as z from 'zod';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import { STORE_DEADLINE_MS } from './credentials/credential-store.js';
import { withDeadline } from '../common/deadline.js';
import type { Pairing } from './desk/shown-codes.js';
import { LinkAuditEntity } from './link-audit.entity.js';

/** The id of the last row; PostgreSQL's `bigint`. */
const Position = z.tuple([z.string().regex(/^\d{1,18}$/)]);

type Seen = LinkCode | PasskeyAct;
type Shown = Map<string, 'written' | Promise<void>>;
type Who = Pick<Caller, 'id' | 'kind' | 'name'>;

/** Who was shown a QR or pairing code, written before it is shown, once per caller and round. */
@Injectable()
export class LinkAudit {
  /** Who saw what of the newest round of each outlet. */
  private readonly rounds = new Map<string, { round: string; shown: Shown }>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    bus.on('outlet.removed', ({ outletId }) => this.rounds.delete(outletId));
  }

  /** Whether this caller is on record already, so that the code can be shown in the same turn. */
  has(caller: Caller, pairing: Pairing, code: LinkCode): boolean {
    return this.shownIn(pairing).get(keyOf(caller, code)) === 'written';
  }

  /** Rejects where it cannot be written; then nothing may be shown. */
  async record(caller: Caller, pairing: Pairing, code: Seen): Promise<void> {
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
  async list(
    outletId: string,
    { after, limit }: LinkAuditQuery,
  ): Promise<{ entries: LinkAuditEntry[]; next: string | null }> {
    const before = after === undefined ? {} : { id: LessThan(readCursor(Position, after, 'after')[0]) };
    const rows = await this.dataSource.manager.find(LinkAuditEntity, {
      where: { outletId, ...before },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const { shown, next } = pageOfRows(rows, limit, ({ id }) => [id]);
    const entries = shown.map(({ at, code, callerId: id, callerKind: kind, callerName: name }) => ({
      at: at.toISOString(),
      code,
      by: { id, kind, name },
    }));
    return { entries, next };
  }

  /** What became of reconnect links, in the transaction that does it. */
  async note(manager: EntityManager, act: LinkAct, links: readonly { outletId: string; by: Who }[]): Promise<void> {
    if (links.length === 0) return;
    await manager.insert(
      LinkAuditEntity,
      links.map(({ outletId, by }) => this.row(by, outletId, act)),
    );
  }

  private shownIn({ outletId, epoch, round: number }: Pairing): Shown {
    const round = `${epoch} ${number}`;
    let known = this.rounds.get(outletId);
    if (known?.round !== round) this.rounds.set(outletId, (known = { round, shown: new Map() }));
    return known.shown;
  }

  private async write(caller: Caller, outletId: string, code: Seen): Promise<void> {
    const row = this.row(caller, outletId, code);
    await withDeadline(this.dataSource.manager.insert(LinkAuditEntity, row), STORE_DEADLINE_MS, 'link audit');
  }

  private row({ id, kind, name }: Who, outletId: string, code: Seen | LinkAct): Omit<LinkAuditEntity, 'id'> {
    return { at: new Date(this.clock.wall()), outletId, code, callerId: id, callerKind: kind, callerName: name };
  }
}

const keyOf = (caller: Caller, code: Seen): string => `${code} ${caller.id}`;
