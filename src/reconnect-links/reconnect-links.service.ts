import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CreatedReconnectLink, CreateReconnectLink, ReconnectLink } from '@koneksi/contracts/reconnect-links';
import { DataSource, IsNull, MoreThan, type EntityManager } from 'typeorm';
import { maySee, type Caller } from '../auth/caller.js';
import { hashToken, randomToken } from '../auth/secret-tokens.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { requireRoom, type QuotaFact } from '../common/quota-reached.js';
import { takeQuotaTurn } from '../common/quota-turn.js';
import { isUuid } from '../common/uuid.js';
import { AllowedOrigins } from '../config/allowed-origins.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { Presses } from '../outlets/presses.js';
import { StatusBoard } from '../status-log/status-board.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import { linkState } from './domain/link-state.js';
import { dropOldLinks } from './drop-old-links.js';
import { connectedAt, factsOf } from './link-facts.js';
import { holdMaker } from './maker.js';
import { ReconnectLinkEntity } from './reconnect-link.entity.js';

/** Open at once for one outlet: somebody lost the last one, or has it printed beside the till. */
const OPEN_LINKS = 10;
const MINUTE_MS = 60_000;

/** Links as those manage them who may connect the outlet themselves. */
@Injectable()
export class ReconnectLinks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outlets: OutletsService,
    private readonly board: StatusBoard,
    private readonly audit: LinkAudit,
    private readonly origins: AllowedOrigins,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly presses: Presses,
  ) {}

  /** @throws `OUTLET_NOT_FOUND`, {QuotaReached}, {TooManyAttempts} */
  async create(caller: Caller, id: string, { expiresInMinutes }: CreateReconnectLink): Promise<CreatedReconnectLink> {
    const { id: outletId } = await this.outlets.require(caller, id);
    await this.presses.take(caller.id, outletId);
    const token = randomToken();
    const link = await this.dataSource.transaction(async (manager) => {
      const makerUntil = await holdMaker(manager, caller, outletId);
      await this.refuseTooMany(manager, outletId);
      const now = this.clock.wall();
      const until = Math.min(now + expiresInMinutes * MINUTE_MS, makerUntil?.getTime() ?? Infinity);
      const made = {
        id: randomUUID(),
        hash: hashToken(token),
        outletId,
        makerId: caller.id,
        makerKind: caller.kind,
        makerName: caller.name,
        createdAt: new Date(now),
        expiresAt: new Date(until),
      };
      await manager.insert(ReconnectLinkEntity, made);
      await this.audit.note(manager, 'reconnect-link-made', [{ outletId, by: caller }]);
      return made;
    });
    return { id: link.id, url: `${this.origins.home}/r/${token}`, expiresAt: link.expiresAt.toISOString() };
  }

  /** Those that still open, newest first. @throws `OUTLET_NOT_FOUND` */
  async list(caller: Caller, id: string): Promise<ReconnectLink[]> {
    const { id: outletId } = await this.outlets.require(caller, id);
    return (await this.open(this.dataSource.manager, outletId)).map((link) => ({
      id: link.id,
      createdAt: link.createdAt.toISOString(),
      createdBy: { id: link.makerId, name: link.makerName },
      expiresAt: link.expiresAt.toISOString(),
      openedAt: link.openedAt?.toISOString() ?? null,
    }));
  }

  /** @throws `LINK_GONE` alike for one that is foreign, unknown or over */
  async revoke(caller: Caller, id: string): Promise<void> {
    if (!isUuid(id)) throw gone();
    await this.dataSource.transaction(async (manager) => {
      const link = await manager.findOne(ReconnectLinkEntity, {
        where: { id, endedAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      const now = this.clock.wall();
      if (!link || !maySee(caller, link.outletId) || this.stateOf(link, now) !== 'open') throw gone();
      await manager.update(ReconnectLinkEntity, { id }, { endedAt: new Date(now), endedCode: 'REVOKED' });
      await this.audit.note(manager, 'reconnect-link-revoked', [{ outletId: link.outletId, by: caller }]);
    });
    this.events.publish('reconnect-link.ended', { linkIds: [id.toLowerCase()] });
  }

  private async refuseTooMany(manager: EntityManager, outletId: string): Promise<void> {
    await takeQuotaTurn(manager, 'reconnect-links', outletId);
    await dropOldLinks(manager, outletId, this.clock.wall());
    requireRoom(await this.quota(outletId, manager), 'reconnectLinks');
  }

  /** Of one outlet. Those that alerts told of are no matter of the people here, and have their own measure. */
  async quota(outletId: string, manager: EntityManager = this.dataSource.manager): Promise<QuotaFact> {
    const used = (await this.open(manager, outletId)).filter(({ incidentId }) => incidentId === null).length;
    return { name: 'reconnect-links', limit: OPEN_LINKS, used };
  }

  private async open(manager: EntityManager, outletId: string): Promise<ReconnectLinkEntity[]> {
    const now = this.clock.wall();
    const links = await manager.find(ReconnectLinkEntity, {
      where: { outletId, endedAt: IsNull(), expiresAt: MoreThan(new Date(now)) },
      order: { createdAt: 'DESC', id: 'ASC' },
    });
    return links.filter((link) => this.stateOf(link, now) === 'open');
  }

  private stateOf(link: ReconnectLinkEntity, now: number): ReturnType<typeof linkState> {
    return linkState(factsOf(link), connectedAt(this.board.status(link.outletId)), now);
  }
}

const gone = (): DomainError => new DomainError('LINK_GONE', 404, 'no such link, or it is over');
