import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { DeliveryPage, DeliveryQuery, WebhookDelivery } from '@koneksi/contracts/webhooks';
import { DataSource, LessThan } from 'typeorm';
import * as z from 'zod';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import { isUuid } from '../common/uuid.js';
import { messageIdOf } from './signature.js';
import { WebhookDeliveryEntity } from './webhook.entity.js';

const Position = z.tuple([z.string().regex(/^\d{1,19}$/)]);

/** The log of what webhooks were told: statuses of answers, never secrets or what was answered. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async page(webhookId: string, { status, after, limit }: DeliveryQuery): Promise<DeliveryPage> {
    const before = after === undefined ? null : readCursor(Position, after, 'after')[0];
    const rows = await this.dataSource.manager.find(WebhookDeliveryEntity, {
      where: { webhookId, ...(status && { status }), ...(before !== null && { seq: LessThan(before) }) },
      order: { seq: 'DESC' },
      take: limit + 1,
    });
    const { shown, next } = pageOfRows(rows, limit, ({ seq }) => [seq]);
    return { deliveries: shown.map(toDelivery), next };
  }

  /** @throws `DELIVERY_NOT_FOUND` */
  async find(id: string): Promise<WebhookDelivery> {
    const row = isUuid(id) ? await this.dataSource.manager.findOneBy(WebhookDeliveryEntity, { id }) : null;
    if (!row) throw notFound();
    return toDelivery(row);
  }

  /** Begins anew with what was given up or taken; what waits is tried at once. @throws `DELIVERY_NOT_FOUND` */
  async redrive(id: string): Promise<WebhookDelivery> {
    const change = { status: 'pending', tries: 0, nextTryAt: null, deliveredAt: null } as const;
    const { affected } = isUuid(id)
      ? await this.dataSource.manager.update(WebhookDeliveryEntity, { id }, change)
      : { affected: 0 };
    if (!affected) throw notFound();
    return this.find(id);
  }

  /**
   * Has a webhook told something, once per id; in its lane in order.
   * @returns whether it is there and on
   */
  async handOver(
    id: string,
    webhookId: string,
    told: Pick<WebhookDeliveryEntity, 'type' | 'lane' | 'at' | 'data'>,
  ): Promise<boolean> {
    const [row] = await this.dataSource.query<{ known: boolean }[]>(
      `WITH target AS (SELECT id FROM webhooks WHERE id = $2 AND paused_at IS NULL FOR KEY SHARE),
       written AS (
         INSERT INTO webhook_deliveries (id, webhook_id, type, lane, at, data)
         SELECT $1, id, $3, $4, $5, $6 FROM target ON CONFLICT (id) DO NOTHING
       )
       SELECT EXISTS (SELECT FROM target) OR EXISTS (SELECT FROM webhook_deliveries WHERE id = $1) AS known`,
      [id, webhookId, told.type, told.lane, told.at, told.data],
    );
    return row?.known === true;
  }

  /** A `webhook.test` that waits for nobody and that nobody waits for; it is not tried by itself. */
  async addTest(webhookId: string, by: string): Promise<string> {
    const id = randomUUID();
    const at = new Date(this.clock.wall());
    await this.dataSource.manager.insert(WebhookDeliveryEntity, {
      id,
      webhookId,
      type: 'webhook.test',
      lane: `test ${id}`,
      at,
      data: { by },
      status: 'dead',
    });
    return id;
  }
}

const notFound = (): DomainError => new DomainError('DELIVERY_NOT_FOUND', 404, 'no such delivery');

function toDelivery(row: WebhookDeliveryEntity): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.webhookId,
    messageId: messageIdOf(row.id),
    type: row.type,
    outletId: row.outletId,
    at: row.at.toISOString(),
    status: row.status,
    tries: row.tries,
    lastTries: row.lastTries,
    nextTryAt: row.status === 'pending' ? (row.nextTryAt?.toISOString() ?? null) : null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}
