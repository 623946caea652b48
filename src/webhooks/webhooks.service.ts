import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type {
  CreatedWebhook,
  CreateWebhook,
  RotatedSecret,
  RotateSecret,
  UpdateWebhook,
  Webhook,
} from '@koneksi/contracts/webhooks';
import { DataSource, type EntityManager } from 'typeorm';
import { holdAdmin } from '../auth/hold-caller.js';
import { requireOutletsToExist } from '../auth/outlet-assignments.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { Seen } from '../common/editing/seen.js';
import { requireRoom, type QuotaFact } from '../common/quota-reached.js';
import { takeQuotaTurn } from '../common/quota-turn.js';
import { isUuid } from '../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { isOpenPort } from './domain/closed-ports.js';
import { Egress } from './egress.js';
import { newSecret } from './signature.js';
import { WebhookVault, type Target } from './webhook-vault.js';
import { WebhookEntity } from './webhook.entity.js';

/** Deliveries that one statement changes, so that none takes long. */
const CHUNK = 2_000;
/** Each event is written once per webhook. */
const WEBHOOKS = 50;
const HOUR_MS = 3_600_000;

/** Webhooks as ADMINs manage them. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: WebhookVault,
    private readonly egress: Egress,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<Webhook[]> {
    const rows = await this.dataSource.manager.find(WebhookEntity, { order: { createdAt: 'ASC', id: 'ASC' } });
    const waiting = await this.pending(rows.map(({ id }) => id));
    return rows.map((row) => this.toWebhook(row, waiting.get(row.id) ?? 0));
  }

  /** Of the chain. */
  async quota(manager: EntityManager = this.dataSource.manager): Promise<QuotaFact> {
    return { name: 'webhooks', limit: WEBHOOKS, used: await manager.count(WebhookEntity) };
  }

  /** @throws `WEBHOOK_NOT_FOUND` */
  async find(id: string): Promise<Webhook> {
    const row = await this.require(this.dataSource.manager, id);
    return this.toWebhook(row, (await this.pending([id])).get(row.id) ?? 0);
  }

  /** @throws `VALIDATION_FAILED` for an address that may not be reached or an outlet that is not there; {QuotaReached} */
  async create(caller: Caller, { url, events, outletIds }: CreateWebhook): Promise<CreatedWebhook> {
    const host = this.hostOf(url);
    const secret = newSecret();
    const id = randomUUID();
    await this.dataSource.transaction(async (manager) => {
      await holdAdmin(manager, caller);
      await requireOutletsToExist(manager, outletIds ?? []);
      await takeQuotaTurn(manager, 'webhooks');
      requireRoom(await this.quota(manager), 'webhooks');
      await manager.insert(WebhookEntity, {
        id,
        ownerId: caller.id,
        ownerName: caller.name,
        host,
        events: [...new Set(events)],
        outletIds: outletIds && [...new Set(outletIds)],
        ...this.vault.close(id, { url: new URL(url).href, secret, previousSecret: null }),
        afterCursor: await newestCursor(manager),
        createdAt: new Date(this.clock.wall()),
      });
    });
    return { ...(await this.find(id)), secret };
  }

  /** @throws `WEBHOOK_NOT_FOUND`, `VALIDATION_FAILED`, `CHANGED_MEANWHILE` */
  async update(
    caller: Caller,
    id: string,
    { url, events, outletIds, enabled }: UpdateWebhook,
    seen = Seen.anything,
  ): Promise<Webhook> {
    const host = url === undefined ? undefined : this.hostOf(url);
    seen.requireSame(await this.find(id));
    if (enabled === true) await this.dropBacklog(id);
    await this.dataSource.transaction(async (manager) => {
      await holdAdmin(manager, caller);
      const row = await this.require(manager, id, true);
      seen.requireSame(this.toWebhook(row, (await this.pending([id], manager)).get(id) ?? 0));
      await requireOutletsToExist(manager, outletIds ?? []);
      const target = url === undefined ? null : { ...this.vault.open(row.id, row), url: new URL(url).href };
      const change: Partial<WebhookEntity> = {
        // Whoever says where it goes answers for it.
        ...(target && { host, ownerId: caller.id, ownerName: caller.name, ...this.vault.close(row.id, target) }),
        ...(events && { events: [...new Set(events)] }),
        ...(outletIds !== undefined && { outletIds: outletIds && [...new Set(outletIds)] }),
        ...(enabled === true && (await this.switchedOn(manager, row, caller))),
        ...(enabled === false && row.pausedAt === null && this.switchedOff()),
      };
      if (Object.keys(change).length > 0) await manager.update(WebhookEntity, { id: row.id }, change);
    });
    return this.find(id);
  }

  /** What was seen is compared before anything goes. @throws `WEBHOOK_NOT_FOUND`, `CHANGED_MEANWHILE` */
  async remove(id: string, seen = Seen.anything): Promise<void> {
    const { manager } = this.dataSource;
    seen.requireSame(await this.find(id));
    const row = await this.require(manager, id);
    // Nothing is added to it any more, and what goes with it goes in pieces: blasts write beside this.
    if (row.pausedAt === null) await manager.update(WebhookEntity, { id: row.id }, this.switchedOff());
    await this.inChunks(
      `DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE webhook_id = $1 LIMIT ${CHUNK})`,
      row.id,
    );
    await manager.delete(WebhookEntity, { id: row.id });
  }

  /** @throws `WEBHOOK_NOT_FOUND` */
  async rotate(id: string, { overlapHours }: RotateSecret): Promise<RotatedSecret> {
    const secret = newSecret();
    const until = overlapHours === 0 ? null : new Date(this.clock.wall() + overlapHours * HOUR_MS);
    await this.dataSource.transaction(async (manager) => {
      const row = await this.require(manager, id, true);
      const before = this.vault.open(row.id, row);
      const target: Target = { url: before.url, secret, previousSecret: until && before.secret };
      await manager.update(
        WebhookEntity,
        { id: row.id },
        { ...this.vault.close(row.id, target), previousSecretUntil: until },
      );
    });
    return { secret, previousSecretUntil: until?.toISOString() ?? null };
  }

  /** Whoever switches it on answers for it from now on. */
  private async switchedOn(
    manager: EntityManager,
    row: WebhookEntity,
    caller: Caller,
  ): Promise<Partial<WebhookEntity>> {
    return {
      ...(row.pausedAt !== null && { afterCursor: await newestCursor(manager) }),
      ownerId: caller.id,
      ownerName: caller.name,
      pausedCode: null,
      pausedAt: null,
      failures: 0,
      failingSince: null,
      notBefore: null,
    };
  }

  /** One that was too far behind begins anew; what waited can be sent again one by one. */
  private async dropBacklog(id: string): Promise<void> {
    const row = await this.require(this.dataSource.manager, id);
    if (row.pausedCode !== 'BACKLOG') return;
    await this.inChunks(
      `UPDATE webhook_deliveries SET status = 'dead', next_try_at = NULL, leased_until = NULL WHERE id IN (
         SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND status = 'pending' LIMIT ${CHUNK})`,
      row.id,
    );
  }

  private async inChunks(sql: string, id: string): Promise<void> {
    for (let changed = CHUNK; changed === CHUNK;)
      [, changed] = await this.dataSource.query<[unknown, number]>(sql, [id]);
  }

  private switchedOff(): Partial<WebhookEntity> {
    return { pausedCode: 'SWITCHED_OFF', pausedAt: new Date(this.clock.wall()) };
  }

  /** @throws `VALIDATION_FAILED` where it is an address that no name can change. */
  private hostOf(url: string): string {
    const target = new URL(url);
    const { hostname, host } = target;
    if (this.egress.refusesLiteral(hostname)) throw new ValidationFailed([fieldProblem('url', 'ADDRESS_NOT_PUBLIC')]);
    if (!isOpenPort(target)) throw new ValidationFailed([fieldProblem('url', 'PORT_NOT_HTTP')]);
    return host;
  }

  private async require(manager: EntityManager, id: string, forChange = false): Promise<WebhookEntity> {
    const row = isUuid(id)
      ? await manager.findOne(WebhookEntity, {
          where: { id },
          ...(forChange && { lock: { mode: 'pessimistic_write' } }),
        })
      : null;
    if (!row) throw new DomainError('WEBHOOK_NOT_FOUND', 404, 'no such webhook');
    return row;
  }

  private async pending(ids: string[], manager: EntityManager = this.dataSource.manager): Promise<Map<string, number>> {
    const rows = await manager.query<{ webhook_id: string; count: number }[]>(
      `SELECT webhook_id, count(*)::int AS count FROM webhook_deliveries
       WHERE webhook_id = ANY ($1) AND status = 'pending' GROUP BY webhook_id`,
      [ids],
    );
    return new Map(rows.map(({ webhook_id: id, count }) => [id, count]));
  }

  private toWebhook(row: WebhookEntity, pending: number): Webhook {
    const { previousSecretUntil: until } = row;
    return {
      id: row.id,
      url: this.vault.open(row.id, row).url,
      events: row.events,
      outletIds: row.outletIds,
      enabled: row.pausedAt === null,
      paused: row.pausedAt && row.pausedCode && { code: row.pausedCode, at: row.pausedAt.toISOString() },
      failingSince: row.failingSince?.toISOString() ?? null,
      pending,
      previousSecretUntil: until && until.getTime() > this.clock.wall() ? until.toISOString() : null,
      createdAt: row.createdAt.toISOString(),
      createdBy: { id: row.ownerId, name: row.ownerName },
    };
  }
}

/** Taking the row keeps changes that are being committed on the far side of the line. */
async function newestCursor(manager: EntityManager): Promise<string> {
  const [row] = await manager.query<{ value: string }[]>('SELECT value FROM status_cursor WHERE id = 1 FOR SHARE');
  return row?.value ?? '0';
}
