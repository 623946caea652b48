import { Injectable, Logger } from '@nestjs/common';
import type { ConnectRequest } from '@koneksi/contracts/outlets';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { ActivityLog } from '../acts/activity-log.js';
import type { Caller } from '../auth/caller.js';
import { hashToken } from '../auth/secret-tokens.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { StatusBoard } from '../status-log/status-board.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import { WaSessionService } from '../wa-session/wa-session.service.js';
import { linkState } from './domain/link-state.js';
import { connectedAt, factsOf, isConnected } from './link-facts.js';
import { LinkLimiter } from './link-limiter.js';
import { actByLink, LinkUses } from './link-uses.js';
import { ReconnectLinkEntity } from './reconnect-link.entity.js';

/** What a token looks like; nothing else is looked up. */
const TOKEN = /^[\w-]{43}$/;

/** Whoever came by a link: a caller for whom one outlet exists, and nothing but linking it. */
export interface LinkVisitor {
  caller: Caller;
  outletId: string;
  expiresAt: Date;
}

/** What people do who have a link and no account. */
@Injectable()
export class LinkVisits {
  private readonly logger = new Logger('ReconnectLinks');

  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: WaSessionService,
    private readonly board: StatusBoard,
    private readonly audit: LinkAudit,
    private readonly limiter: LinkLimiter,
    private readonly uses: LinkUses,
    private readonly clock: Clock,
    private readonly activity: ActivityLog,
    private readonly facts: EventBus,
  ) {}

  /**
   * Who comes by this token; `null` alike for one that was guessed, is used, revoked or past its time: all take the
   * same way and leave the same line.
   * @throws {TooManyAttempts} where the address tried too many that open nothing; where the database is away, which is
   * no guess of theirs
   */
  async find(token: string, address: string): Promise<LinkVisitor | null> {
    await this.limiter.admit(address);
    const visitor = await this.visitorBy(token).catch(async (error: unknown) => {
      await this.limiter.forgive(address);
      throw error;
    });
    if (visitor) await this.limiter.forgive(address);
    else this.logger.debug('A link that opens nothing was tried');
    return visitor;
  }

  /** On record that somebody came in by it, once. */
  async noteOpened({ caller, outletId }: LinkVisitor): Promise<void> {
    await this.once(caller, outletId, 'openedAt', 'reconnect-link-opened');
  }

  /** @throws {TooManyAttempts}, `LINK_GONE`, and what connecting throws */
  async connect(visitor: LinkVisitor, method: ConnectRequest['method']): Promise<void> {
    const { caller, outletId } = visitor;
    await this.limiter.admitConnect(caller.id);
    const isToConnect = await this.beginConnecting(visitor).catch(async (error: unknown) => {
      await this.limiter.forgiveConnect(caller.id);
      throw error;
    });
    if (isToConnect) await this.sessions.connect(caller, outletId, method);
  }

  /**
   * From now on a connection of its outlet uses the link up: before its visitor sees a code, whoever asked for it, and
   * before they ask for one.
   */
  async start(caller: Caller, outletId: string): Promise<void> {
    await this.once(caller, outletId, 'startedAt', 'reconnect-link-started');
    await this.uses.expect(outletId);
  }

  /** Whether there is anything to connect. */
  private async beginConnecting({ caller, outletId }: LinkVisitor): Promise<boolean> {
    if (!(await this.isOpen(caller.id))) throw new DomainError('LINK_GONE', 404, 'the link is over');
    if (isConnected(this.board.status(outletId))) return false;
    await this.start(caller, outletId);
    return !isConnected(this.board.status(outletId));
  }

  private async isOpen(id: string): Promise<boolean> {
    const link = await this.dataSource.manager.findOneBy(ReconnectLinkEntity, { id });
    return link !== null && this.stateOf(link) === 'open';
  }

  private async visitorBy(token: string): Promise<LinkVisitor | null> {
    if (!TOKEN.test(token)) return null;
    const link = await this.dataSource.manager.findOneBy(ReconnectLinkEntity, { hash: hashToken(token) });
    if (!link || this.stateOf(link) !== 'open') return null;
    return { caller: callerOf(link), outletId: link.outletId, expiresAt: link.expiresAt };
  }

  private stateOf(link: ReconnectLinkEntity): ReturnType<typeof linkState> {
    return linkState(factsOf(link), connectedAt(this.board.status(link.outletId)), this.clock.wall());
  }

  private async once(
    caller: Caller,
    outletId: string,
    instant: 'openedAt' | 'startedAt',
    act: 'reconnect-link-opened' | 'reconnect-link-started',
  ): Promise<void> {
    const isNews = await this.dataSource.transaction(async (manager: EntityManager) => {
      const at = new Date(this.clock.wall());
      const isFirst = { id: caller.id, endedAt: IsNull(), [instant]: IsNull() };
      const { affected } = await manager.update(ReconnectLinkEntity, isFirst, { [instant]: at });
      if (!affected) return false;
      await this.audit.note(manager, act, [{ outletId, by: caller }]);
      if (act === 'reconnect-link-started')
        await this.activity.note(manager, [actByLink('reconnect-link.started')({ outletId, by: caller })]);
      return true;
    });
    if (isNews) this.facts.publish('records.changed', { kind: 'reconnect-link', outletIds: [outletId] });
  }
}

/** It may link that outlet, whatever its maker may. */
function callerOf({ id, makerName, outletId }: ReconnectLinkEntity): Caller {
  return {
    id,
    kind: 'reconnect-link',
    name: makerName,
    role: 'USER',
    outletIds: [outletId],
    scopes: ['links:write'],
  };
}
