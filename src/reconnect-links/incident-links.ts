import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { holdCaller } from '../auth/hold-caller.js';
import { includesRole } from '../auth/rights.js';
import { hashToken } from '../auth/secret-tokens.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { AllowedOrigins } from '../config/allowed-origins.js';
import { Config } from '../config/config.js';
import { StatusBoard } from '../status-log/status-board.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import { linkState } from './domain/link-state.js';
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
    config: Config,
  ) {
    this.secret = Buffer.from(hkdfSync('sha256', config.secrets.jwtSecret, '', 'koneksi incident links', 32));
  }

  /** `null` where its maker is no ADMIN any more, a person revoked one, or the outlet needs none. */
  async of({ incidentId, outletId, maker }: LinkWanted): Promise<string | null> {
    if (connectedAt(this.board.status(outletId)) !== null) return null;
    return this.dataSource.transaction(async (manager) => {
      const held = await holdCaller(manager, { ...maker, kind: 'user', role: 'ADMIN', outletIds: 'all' });
      if (!held || !includesRole(held.rights.role, 'ADMIN')) return null;
      // Of several who are told at once, one makes it.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`link ${incidentId} ${outletId}`]);
      const [made] = await this.ofIncident(manager, incidentId, outletId);
      const count = made?.ordinal ?? 0;
      if (made && this.isOpen(made)) return this.urlOf(incidentId, outletId, count);
      if (made?.endedCode === 'REVOKED' || count >= MOST) return null;
      await this.make(manager, { incidentId, outletId, maker }, count + 1);
      return this.urlOf(incidentId, outletId, count + 1);
    });
  }

  private ofIncident(manager: EntityManager, incidentId: string, outletId: string): Promise<ReconnectLinkEntity[]> {
    return manager.find(ReconnectLinkEntity, { where: { incidentId, outletId }, order: { ordinal: 'DESC' }, take: 1 });
  }

  private isOpen(link: ReconnectLinkEntity): boolean {
    return linkState(factsOf(link), connectedAt(this.board.status(link.outletId)), this.clock.wall()) === 'open';
  }

  private async make(
    manager: EntityManager,
    { incidentId, outletId, maker }: LinkWanted,
    ordinal: number,
  ): Promise<void> {
    const now = this.clock.wall();
    await manager.insert(ReconnectLinkEntity, {
      id: randomUUID(),
      hash: hashToken(this.tokenOf(incidentId, outletId, ordinal)),
      outletId,
      incidentId,
      ordinal,
      makerId: maker.id,
      makerKind: 'user',
      makerName: maker.name,
      createdAt: new Date(now),
      expiresAt: new Date(now + LIVES_MS),
    });
    await this.audit.note(manager, 'reconnect-link-made', [{ outletId, by: { ...maker, kind: 'user' } }]);
  }

  private urlOf(incidentId: string, outletId: string, ordinal: number): string {
    return `${this.origins.home}/r/${this.tokenOf(incidentId, outletId, ordinal)}`;
  }

  private tokenOf(incidentId: string, outletId: string, ordinal: number): string {
    return createHmac('sha256', this.secret).update(`${incidentId} ${outletId} ${ordinal}`).digest('base64url');
  }
}
