import { Injectable } from '@nestjs/common';
import {
  ALERT_CHANNELS,
  type AlertChannel,
  type AlertChannelState,
  type AlertDelivery,
  type AlertDeliveryPage,
  type AlertDeliveryQuery,
  type AlertTry,
} from '@koneksi/contracts/alerts';
import { DataSource, In, LessThan } from 'typeorm';
import * as z from 'zod';
import { FromAnyOutlet } from '../blast/messages/from-any-outlet.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import { AlertDeliveryEntity } from './alert.entity.js';
import { PushSubscriptions } from './push/push-subscriptions.service.js';
import { Mailer } from '../mail/mailer.js';

const Position = z.tuple([z.string().regex(/^\d{1,19}$/)]);

interface ChannelRow {
  channel: AlertChannel;
  pending: number;
  last_sent_at: Date | null;
  last_try: AlertTry | null;
}

/** What was said to whom, and how each road is. */
@Injectable()
export class AlertLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly mailer: Mailer,
    private readonly outlets: FromAnyOutlet,
    private readonly browsers: PushSubscriptions,
  ) {}

  /** Newest first. */
  async page({ ruleId, status, after, limit }: AlertDeliveryQuery): Promise<AlertDeliveryPage> {
    const before = after === undefined ? null : readCursor(Position, after, 'after')[0];
    const rows = await this.dataSource.manager.find(AlertDeliveryEntity, {
      where: {
        ...(ruleId && { ruleId }),
        ...(status && { status }),
        ...(before !== null && { seq: LessThan(before) }),
      },
      order: { seq: 'DESC' },
      take: limit + 1,
    });
    const { shown, next } = pageOfRows(rows, limit, ({ seq }) => [seq]);
    return { items: shown.map(toDelivery), next };
  }

  /** In the order they were sent in. */
  async these(ids: readonly string[]): Promise<AlertDelivery[]> {
    const rows = await this.dataSource.manager.find(AlertDeliveryEntity, {
      where: { id: In(ids) },
      order: { seq: 'ASC' },
    });
    return rows.map(toDelivery);
  }

  async channels(): Promise<AlertChannelState[]> {
    const rows = await this.dataSource.query<ChannelRow[]>(CHANNELS_SQL, [ALERT_CHANNELS]);
    const someBrowser = await this.browsers.some();
    return rows.map(({ channel, pending, last_sent_at: sentAt, last_try: lastTry }) => ({
      channel,
      ...(channel === 'push' ? { ready: someBrowser, from: null } : this.readiness(channel)),
      pending,
      lastSentAt: sentAt?.toISOString() ?? null,
      // What an outlet has and sends in its turn did not fail.
      lastFault: lastTry?.fault && lastTry.fault !== 'WAITING_TURN' ? lastTry : null,
    }));
  }

  private readiness(channel: AlertChannel): Pick<AlertChannelState, 'ready' | 'from'> {
    if (channel === 'email')
      return { ready: this.mailer.from !== null, from: this.mailer.from?.replaceAll('"', '') ?? null };
    return { ready: channel === 'webhook' || this.outlets.someFree(), from: null };
  }
}

/** Of the newest that was tried, which is found by an index; an older one that is tried again fails as it did. */
export const CHANNELS_SQL = `
  SELECT c.channel,
    (SELECT count(*)::int FROM alert_deliveries WHERE channel = c.channel AND status = 'pending') AS pending,
    (SELECT max(sent_at) FROM alert_deliveries WHERE channel = c.channel AND sent_at IS NOT NULL) AS last_sent_at,
    (SELECT last_tries -> 0 FROM alert_deliveries WHERE channel = c.channel AND tries > 0
     ORDER BY seq DESC LIMIT 1) AS last_try
  FROM unnest($1::text[]) WITH ORDINALITY AS c(channel, place) ORDER BY c.place`;

function toDelivery(row: AlertDeliveryEntity): AlertDelivery {
  const { items, kind, ruleName } = row.content;
  return {
    id: row.id,
    ruleId: row.ruleId,
    ruleName,
    kind,
    channel: row.channel,
    // Of push, whose browser; which of them is for nobody else to know.
    to: row.target.split(' ')[0]!,
    outlets: items.reduce((sum, { outlets }) => sum + outlets, 0),
    names: items.flatMap(({ names }) => names).slice(0, 3),
    at: row.at.toISOString(),
    status: row.status,
    tries: row.tries,
    lastTries: row.lastTries,
    nextTryAt: row.status === 'pending' ? (row.nextTryAt?.toISOString() ?? null) : null,
    sentAt: row.sentAt?.toISOString() ?? null,
  };
}
