import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, IsNull, Not } from 'typeorm';
import { ActivityLog, type Actor } from '../acts/activity-log.js';
import { DelegatedWork } from '../auth/delegated-work.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { StatusBoard } from '../status-log/status-board.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import type { LinkEnd } from './domain/link-state.js';
import { isConnected } from './link-facts.js';
import { ReconnectLinkEntity } from './reconnect-link.entity.js';

/** The line of what somebody does who came by a link. */
export const actByLink =
  (action: 'reconnect-link.started' | 'reconnect-link.used') =>
  ({ outletId, by }: { outletId: string; by: Actor }) => ({
    action,
    actor: by,
    subject: { id: outletId, name: null, outletIds: [outletId], people: [] },
  });

interface EndedLink {
  id: string;
  outletId: string;
  makerId: string;
  makerKind: ReconnectLinkEntity['makerKind'];
  makerName: string;
}

const RETURNING = `RETURNING id, outlet_id AS "outletId", maker_id AS "makerId", maker_kind AS "makerKind", maker_name AS "makerName"`;

/**
 * Ends links: those that did their work, once their outlet is connected; those whose maker may not vouch any more, in
 * that transaction.
 */
@Injectable()
export class LinkUses implements OnApplicationBootstrap {
  private readonly logger = new Logger('ReconnectLinks');
  /** Outlets that somebody is about to connect by a link, so that all the others cost nothing when they connect. */
  private readonly expected = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: LinkAudit,
    private readonly events: EventBus,
    private readonly board: StatusBoard,
    private readonly clock: Clock,
    private readonly activity: ActivityLog,
    work: DelegatedWork,
  ) {
    events.on('outlet-status.changed', ({ status }) => {
      if (isConnected(status) && this.expected.delete(status.outletId)) void this.finish(status.outletId);
    });
    events.on('outlet.removed', ({ outletId }) => this.expected.delete(outletId));
    work.onEnd(async (manager, { callerIds }) => {
      const [ended] = await manager.query<[EndedLink[], number]>(
        `UPDATE reconnect_links SET ended_at = $2, ended_code = 'MAKER_ENDED' WHERE maker_id = ANY ($1::uuid[]) AND ended_at IS NULL ${RETURNING}`,
        [callerIds, new Date(this.clock.wall())],
      );
      const byMaker = ended.map(({ outletId, makerId: id, makerKind: kind, makerName: name }) => ({
        outletId,
        by: { id, kind, name },
      }));
      await this.audit.note(manager, 'reconnect-link-ended', byMaker);
      return () => this.tell(ended);
    });
  }

  /** What was begun before a restart is finished after it. */
  async onApplicationBootstrap(): Promise<void> {
    const begun = await this.dataSource.manager.find(ReconnectLinkEntity, {
      where: { endedAt: IsNull(), startedAt: Not(IsNull()) },
      select: { id: true, outletId: true },
    });
    for (const { outletId } of begun) this.expected.add(outletId);
  }

  /** Somebody connects this outlet by a link, which says so by now: what connected meanwhile found none that did. */
  async expect(outletId: string): Promise<void> {
    this.expected.add(outletId);
    if (isConnected(this.board.status(outletId)) && this.expected.delete(outletId)) await this.finish(outletId);
  }

  /** A link that could not be marked opens nothing all the same: its outlet is connected since it was started. */
  private async finish(outletId: string): Promise<void> {
    try {
      const used = await this.dataSource.transaction(async (manager) => {
        const code: LinkEnd = 'USED';
        const [ended] = await manager.query<[EndedLink[], number]>(
          `UPDATE reconnect_links SET ended_at = $2, ended_code = $3 WHERE outlet_id = $1 AND started_at IS NOT NULL AND ended_at IS NULL ${RETURNING}`,
          [outletId, new Date(this.clock.wall()), code],
        );
        const byLink = ended.map(({ id, makerName: name }) => ({
          outletId,
          by: { id, kind: 'reconnect-link' as const, name },
        }));
        await this.audit.note(manager, 'reconnect-link-used', byLink);
        await this.activity.note(manager, byLink.map(actByLink('reconnect-link.used')));
        return ended;
      });
      this.tell(used);
    } catch (error) {
      this.expected.add(outletId);
      const reason = messageOf(error);
      this.logger.warn(`The links that connected outlet ${outletId} could not be marked as used: ${reason}`);
    }
  }

  private tell(ended: readonly EndedLink[]): void {
    if (ended.length === 0) return;
    this.events.publish('reconnect-link.ended', { linkIds: ended.map(({ id }) => id) });
    this.events.publish('records.changed', {
      kind: 'reconnect-link',
      outletIds: ended.map(({ outletId }) => outletId),
    });
  }
}
