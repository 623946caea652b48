import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { holdCaller } from '../auth/hold-caller.js';
import { includesRole } from '../auth/rights.js';
import { hashToken } from '../auth/secret-tokens.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { AllowedOrigins } from '../config/allowed-origins.js';
import { Config } from '../config/config.js';
import { StatusBoard } from '../status-log/status-board.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import { linkState } from './domain/link-state.js';
import { dropOldLinks } from './drop-old-links.js';
import { connectedAt, factsOf } from './link-facts.js';
import { ReconnectLinkEntity } from './reconnect-link.entity.js';

/** Whoever gets it has a phone at hand, or asks an ADMIN for another. */
const LIVES_MS = 2 * 3_600_000;
/** Of one incident of one outlet; who still has none by then is helped by a person. */
const MOST = 12;

/** What a link is asked for. */
export interface LinkWanted {
  readonly incidentId: string;
  readonly outletId: string;
  /** The person in whose name it opens. */
  readonly maker: Pick<Caller, 'id' | 'name'>;
}

/**
 * Links that go out with news of an incident: one that opens for each outlet and incident, the same for whoever is told
 * and however often it is tried to tell them. None is kept but as its hash: it is found anew from the secret of this
 * installation, so that a process that died between making and sending it loses nothing.
 */
@Injectable()
export class IncidentLinks {
  private readonly secret: Buffer;

  constructor(
    private readonly dataSource: DataSource,
    private readonly board: StatusBoard,
    private readonly audit: LinkAudit,
    private readonly origins: AllowedOrigins,
    private readonly clock: Clock,
    private readonly events: EventBus,
    config: Config,
  ) {
    this.secret = Buffer.from(hkdfSync('sha256', config.secrets.jwtSecret, '', 'koneksi incident links', 32));
  }

  /** `null` where its maker is no ADMIN any more, a person revoked one, or the outlet needs none. */
  async of(wanted: LinkWanted): Promise<string | null> {
    const { incidentId, outletId, maker } = wanted;
    if (connectedAt(this.board.status(outletId)) !== null) return null;
    const replaced: string[] = [];
    let isNew = false;
    const id = await this.dataSource.transaction(async (manager) => {
      const held = await holdCaller(manager, { ...maker, kind: 'user', role: 'ADMIN', outletIds: 'all' });
      if (!held || !includesRole(held.rights.role, 'ADMIN')) return null;
      // Of several who are told at once, one makes it.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`link ${incidentId} ${outletId}`]);
      const last = await this.lastOf(manager, wanted);
      if (last && this.isOpen(last)) {
        if (await this.prolong(manager, last)) return last.id;
        await this.replace(manager, last);
        replaced.push(last.id);
      }
      const count = last?.ordinal ?? 0;
      if (last?.endedCode === 'REVOKED' || count >= MOST) return null;
      isNew = true;
      return this.make(manager, wanted, count + 1);
    });
    if (replaced.length > 0) this.events.publish('reconnect-link.ended', { linkIds: replaced });
    if (isNew || replaced.length > 0)
      this.events.publish('records.changed', { kind: 'reconnect-link', outletIds: [outletId] });
    return id && `${this.origins.home}/r/${this.tokenOf(id)}`;
  }

  /** Held, so that none is revoked beside this. */
  private lastOf(manager: EntityManager, { incidentId, outletId }: LinkWanted): Promise<ReconnectLinkEntity | null> {
    return manager.findOne(ReconnectLinkEntity, {
      where: { incidentId, outletId },
      order: { ordinal: 'DESC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  private isOpen(link: ReconnectLinkEntity): boolean {
    return linkState(factsOf(link), connectedAt(this.board.status(link.outletId)), this.clock.wall()) === 'open';
  }

  /** Each who is told of it has all of its time. `false` where it was made under another secret: its token is lost. */
  private async prolong(manager: EntityManager, { id }: ReconnectLinkEntity): Promise<boolean> {
    const own = { id, hash: hashToken(this.tokenOf(id)) };
    const { affected } = await manager.update(ReconnectLinkEntity, own, { expiresAt: this.end() });
    return affected === 1;
  }

  private async replace(manager: EntityManager, link: ReconnectLinkEntity): Promise<void> {
    const { id, outletId, makerId, makerKind: kind, makerName: name } = link;
    const ended = { endedAt: new Date(this.clock.wall()), endedCode: 'REPLACED' } as const;
    await manager.update(ReconnectLinkEntity, { id }, ended);
    await this.audit.note(manager, 'reconnect-link-ended', [{ outletId, by: { id: makerId, kind, name } }]);
  }

  private async make(
    manager: EntityManager,
    { incidentId, outletId, maker }: LinkWanted,
    ordinal: number,
  ): Promise<string> {
    const [id, now] = [randomUUID(), this.clock.wall()];
    await dropOldLinks(manager, outletId, now);
    await manager.insert(ReconnectLinkEntity, {
      id,
      hash: hashToken(this.tokenOf(id)),
      outletId,
      incidentId,
      ordinal,
      makerId: maker.id,
      makerKind: 'user',
      makerName: maker.name,
      createdAt: new Date(now),
      expiresAt: this.end(),
    });
    await this.audit.note(manager, 'reconnect-link-made', [{ outletId, by: { ...maker, kind: 'user' } }]);
    return id;
  }

  private end(): Date {
    return new Date(this.clock.wall() + LIVES_MS);
  }

  /** Of its row's random id, which no other row ever has: not after a restore, nor where old ones were deleted. */
  private tokenOf(id: string): string {
    return createHmac('sha256', this.secret).update(id).digest('base64url');
  }
}
