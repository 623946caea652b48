import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { AlertRecipient, AlertRule, CreateAlertRule, UpdateAlertRule } from '@koneksi/contracts/alerts';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { holdAdmin } from '../auth/hold-caller.js';
import { requireOutletsToExist } from '../auth/outlet-assignments.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { Seen } from '../common/editing/seen.js';
import { requireRoom, type QuotaFact } from '../common/quota-reached.js';
import { takeQuotaTurn } from '../common/quota-turn.js';
import { isUuid } from '../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { WebhooksService } from '../webhooks/webhooks.service.js';
import { AlertRuleEntity, type AlertSettings } from './alert.entity.js';
import { dropWaiting } from './drop-waiting.js';
import { PushSubscriptions } from './push/push-subscriptions.service.js';
import { addressOf } from './recipients.js';

/** Each is looked at whenever an incident changes. */
const RULES = 50;

/** Rules as ADMINs manage them. */
@Injectable()
export class AlertRules {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly webhooks: WebhooksService,
    private readonly browsers: PushSubscriptions,
    private readonly facts: EventBus,
  ) {
    // What is planned for a city holds for others then.
    facts.on('outlets.moved', ({ outletIds }) =>
      facts.publish('planned-work.changed', { scopes: [{ kind: 'outlets', outletIds: [...outletIds] }] }),
    );
  }

  async list(): Promise<AlertRule[]> {
    const rows = await this.dataSource.manager.find(AlertRuleEntity, { order: { createdAt: 'ASC', id: 'ASC' } });
    return rows.map(toRule);
  }

  /** Of the chain. */
  async quota(manager: EntityManager = this.dataSource.manager): Promise<QuotaFact> {
    return { name: 'alert-rules', limit: RULES, used: await manager.count(AlertRuleEntity) };
  }

  /** @throws `ALERT_RULE_NOT_FOUND` */
  async find(id: string): Promise<AlertRule> {
    return toRule(await this.require(this.dataSource.manager, id));
  }

  /** @throws `VALIDATION_FAILED` for an outlet that is not there; {QuotaReached} */
  async create(caller: Caller, { name, ...settings }: CreateAlertRule): Promise<AlertRule> {
    const id = randomUUID();
    await this.requireRecipients(settings, []);
    await this.dataSource.transaction(async (manager) => {
      await holdAdmin(manager, caller);
      await requireOutletsOf(manager, settings);
      await takeQuotaTurn(manager, 'alert-rules');
      requireRoom(await this.quota(manager), 'alert rules');
      const createdAt = new Date(this.clock.wall());
      await manager.insert(AlertRuleEntity, {
        id,
        name,
        settings,
        ownerId: caller.id,
        ownerName: caller.name,
        createdAt,
      });
    });
    this.tellPlanned(null, settings);
    return this.find(id);
  }

  /** @throws `ALERT_RULE_NOT_FOUND`, `VALIDATION_FAILED`, `CHANGED_MEANWHILE` */
  async update(
    caller: Caller,
    id: string,
    { name, enabled, ...changed }: UpdateAlertRule,
    seen = Seen.anything,
  ): Promise<AlertRule> {
    const known = await this.require(this.dataSource.manager, id);
    await this.requireRecipients(changed, readersOf(known.settings));
    const [before, after] = await this.dataSource.transaction(async (manager) => {
      await holdAdmin(manager, caller);
      const row = await this.require(manager, id, true);
      seen.requireSame(toRule(row));
      await requireOutletsOf(manager, changed);
      const tellsOthers = changed.recipients !== undefined || changed.escalation !== undefined;
      const settings = { ...row.settings, ...changed };
      const letsConnect =
        settings.reconnectLink === true && (changed.reconnectLink === true || changed.scope !== undefined);
      const isTakenOver = enabled === true || tellsOthers || letsConnect;
      const change: Partial<AlertRuleEntity> = {
        ...(name !== undefined && { name }),
        settings,
        // Whoever says who is told, or that they may connect what, answers for it.
        ...(isTakenOver && { ownerId: caller.id, ownerName: caller.name }),
        ...(enabled === true && { pausedCode: null, pausedAt: null }),
        ...(enabled === false && row.pausedAt === null && this.switchedOff()),
      };
      await manager.update(AlertRuleEntity, { id: row.id }, change);
      if (enabled === false) await dropWaiting(manager, [row.id]);
      else if (tellsOthers) await dropWaiting(manager, [row.id], readersOf(settings).map(addressOf));
      return [row.settings, settings] as const;
    });
    this.tellPlanned(before, after);
    return this.find(id);
  }

  /** @throws `ALERT_RULE_NOT_FOUND`, `CHANGED_MEANWHILE` */
  async remove(id: string, seen = Seen.anything): Promise<void> {
    const before = await this.dataSource.transaction(async (manager) => {
      const row = await this.require(manager, id, true);
      seen.requireSame(toRule(row));
      await dropWaiting(manager, [row.id]);
      await manager.delete(AlertRuleEntity, { id: row.id });
      return row.settings;
    });
    this.tellPlanned(before, null);
  }

  /** Work counts as planned whether the rule tells anybody or not. */
  private tellPlanned(before: AlertSettings | null, after: AlertSettings | null): void {
    const [was, is] = [before, after].map((settings) => settings && plannedBy(settings));
    if (isDeepStrictEqual(was, is)) return;
    const scopes = [was, is].flatMap((planned) => planned?.scope ?? []);
    this.facts.publish('planned-work.changed', { scopes });
  }

  /**
   * Whom the rule names already may stay, though they are disabled or gone by now.
   * @throws `VALIDATION_FAILED`, each by its place
   */
  private async requireRecipients(
    { recipients, escalation }: Pick<UpdateAlertRule, 'recipients' | 'escalation'>,
    before: readonly AlertRecipient[],
  ): Promise<void> {
    const named = [
      ...placed('recipients', recipients ?? []),
      ...placed('escalation.recipients', escalation?.recipients ?? []),
    ];
    const kinds = new Set(named.map(({ kind }) => kind));
    const known = new Set([
      ...placed('', before).map(({ id }) => id),
      ...(kinds.has('webhookId') ? (await this.webhooks.list()).map(({ id }) => id) : []),
      ...(kinds.has('userId') ? (await this.browsers.people()).map(({ id }) => id) : []),
    ]);
    const strange = named.filter(({ id }) => !known.has(id));
    if (strange.length > 0) throw new ValidationFailed(strange.map(({ field }) => fieldProblem(field, 'INVALID')));
  }

  private switchedOff(): Partial<AlertRuleEntity> {
    return { pausedCode: 'SWITCHED_OFF', pausedAt: new Date(this.clock.wall()) };
  }

  private async require(manager: EntityManager, id: string, forChange = false): Promise<AlertRuleEntity> {
    const lock = { lock: { mode: 'pessimistic_write' } } as const;
    const row = isUuid(id) ? await manager.findOne(AlertRuleEntity, { where: { id }, ...(forChange && lock) }) : null;
    if (!row) throw new DomainError('ALERT_RULE_NOT_FOUND', 404, 'no such alert rule');
    return row;
  }
}

/** Recipients that name something else by its id, and where. */
const placed = (path: string, recipients: readonly AlertRecipient[]): { field: string; kind: string; id: string }[] =>
  recipients.flatMap((recipient, index) => {
    const name = (kind: string, id: string) => [{ field: `${path}.${index}.${kind}`, kind, id }];
    if (recipient.channel === 'webhook') return name('webhookId', recipient.webhookId);
    return recipient.channel === 'push' ? name('userId', recipient.userId) : [];
  });

const plannedBy = ({ scope, maintenance }: AlertSettings): Pick<AlertSettings, 'scope' | 'maintenance'> | null =>
  maintenance.length > 0 ? { scope, maintenance } : null;

const readersOf = ({ recipients, escalation }: AlertSettings): AlertRecipient[] => [
  ...recipients,
  ...(escalation?.recipients ?? []),
];

/** @throws `VALIDATION_FAILED`, each by its place */
async function requireOutletsOf(manager: EntityManager, { scope }: Pick<UpdateAlertRule, 'scope'>): Promise<void> {
  if (scope?.kind !== 'outlets') return;
  try {
    await requireOutletsToExist(manager, scope.outletIds);
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    throw new ValidationFailed(error.problems.map(({ field }) => fieldProblem(`scope.${field}`, 'OUTLET_UNKNOWN')));
  }
}

function toRule({
  id,
  name,
  settings,
  ownerId,
  ownerName,
  pausedAt,
  pausedCode,
  createdAt,
}: AlertRuleEntity): AlertRule {
  return {
    id,
    name,
    ...settings,
    reconnectLink: settings.reconnectLink ?? false,
    enabled: pausedAt === null,
    paused: pausedAt && pausedCode && { code: pausedCode, at: pausedAt.toISOString() },
    createdAt: createdAt.toISOString(),
    createdBy: { id: ownerId, name: ownerName },
  };
}
