import { createHash, ECDH, randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CreatePushSubscription, PushPerson, PushSubscription } from '@koneksi/contracts/push';
import type { Role } from '@koneksi/contracts/roles';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { holdCaller } from '../../auth/hold-caller.js';
import { requirePerson } from '../../auth/own-password.js';
import { includesRole } from '../../auth/rights.js';
import { SignIns } from '../../auth/sign-ins.js';
import { UserEntity } from '../../auth/user.entity.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { isUuid } from '../../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { Egress } from '../../webhooks/egress.js';
import { isPushService } from './push-services.js';
import { PushSubscriptionEntity } from './push.entity.js';
import { PushVault } from './push-vault.js';

/** Of one person; with one more the oldest goes, which is most often a browser that is no more. */
const BROWSERS = 10;
/** RFC 8291, section 3.2. */
const AUTH_BYTES = 16;

const NOTHING_NAMED = new Egress([]);

export type Endpoint = Pick<CreatePushSubscription, 'endpoint' | 'keys'>;

/** The browsers in which people want to be called. */
@Injectable()
export class PushSubscriptions implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: PushVault,
    private readonly egress: Egress,
    private readonly clock: Clock,
    private readonly signIns: SignIns,
  ) {}

  /** Whoever ends every sign-in of theirs means browsers that others have by now: those are called no more either. */
  onModuleInit(): void {
    this.signIns.alsoEnd((manager, userId) => manager.delete(PushSubscriptionEntity, { userId }));
  }

  async list(caller: Caller): Promise<PushSubscription[]> {
    requirePerson(caller);
    const rows = await this.dataSource.manager.findBy(PushSubscriptionEntity, { userId: caller.id });
    return rows.map(toSubscription);
  }

  /**
   * One browser is one subscription: whoever signed in there last is called there.
   * @throws `VALIDATION_FAILED`
   */
  async create(caller: Caller, { endpoint, keys, browser }: CreatePushSubscription): Promise<PushSubscription> {
    requirePerson(caller);
    if (!isPushService(endpoint, this.reachOf(caller.role)))
      throw new ValidationFailed([fieldProblem('endpoint', 'INVALID')]);
    if (Buffer.from(keys.auth, 'base64url').length !== AUTH_BYTES)
      throw new ValidationFailed([fieldProblem('keys.auth', 'INVALID')]);
    if (!isPoint(keys.p256dh)) throw new ValidationFailed([fieldProblem('keys.p256dh', 'INVALID')]);
    const id = randomUUID();
    const made = {
      id,
      userId: caller.id,
      endpointHash: createHash('sha256').update(endpoint).digest('hex'),
      browser,
      ...this.vault.close('push-subscription', id, { endpoint, keys } satisfies Endpoint),
      createdAt: new Date(this.clock.wall()),
      lastSentAt: null,
    };
    await this.dataSource.transaction(async (manager) => {
      if (!(await holdCaller(manager, caller))) throw new DomainError('UNAUTHENTICATED', 401, 'they are gone');
      // Two tabs of one browser subscribe at once, after the same sign-in.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 4))', [made.endpointHash]);
      await manager.delete(PushSubscriptionEntity, { endpointHash: made.endpointHash });
      await manager.insert(PushSubscriptionEntity, made);
      const all = await manager.find(PushSubscriptionEntity, {
        where: { userId: caller.id },
        order: { createdAt: 'DESC' },
        select: { id: true },
      });
      const old = all.filter((each) => each.id !== id).slice(BROWSERS - 1);
      if (old.length > 0)
        await manager.delete(
          PushSubscriptionEntity,
          old.map((each) => each.id),
        );
    });
    return toSubscription(made);
  }

  /** @throws `PUSH_SUBSCRIPTION_NOT_FOUND`, alike for one of somebody else */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.require(caller, id);
    await this.forget(id);
  }

  /** @throws `PUSH_SUBSCRIPTION_NOT_FOUND` */
  async require(caller: Caller, id: string): Promise<void> {
    const isTheirs =
      isUuid(id) && (await this.dataSource.manager.existsBy(PushSubscriptionEntity, { id, userId: caller.id }));
    if (!isTheirs) throw new DomainError('PUSH_SUBSCRIPTION_NOT_FOUND', 404, 'no such subscription of theirs');
  }

  /**
   * Where a browser is reached; `null` for one that is gone, whose owner is disabled, or whom they may not have called
   * there any more. @throws {UnreadableSecret}
   */
  async open(id: string): Promise<Endpoint | null> {
    const row = await this.dataSource.manager.findOneBy(PushSubscriptionEntity, { id });
    const owner = row && (await this.dataSource.manager.findOneBy(UserEntity, { id: row.userId, isDisabled: false }));
    if (!row || !owner) return null;
    const found = this.vault.open<Endpoint>('push-subscription', id, row);
    return isPushService(found.endpoint, this.reachOf(owner.role)) ? found : null;
  }

  /** `EGRESS_ALLOW` opens the operator's own network to ADMINs alone, as with webhooks. */
  private reachOf(role: Role): Egress {
    return includesRole(role, 'ADMIN') ? this.egress : NOTHING_NAMED;
  }

  /** Its push service says that it is no more, or its owner does. */
  async forget(id: string): Promise<void> {
    await this.dataSource.manager.delete(PushSubscriptionEntity, { id });
  }

  async noteSent(id: string): Promise<void> {
    const lastSentAt = new Date(this.clock.wall());
    await this.dataSource.manager.update(PushSubscriptionEntity, { id }, { lastSentAt });
  }

  some(): Promise<boolean> {
    return this.dataSource.manager.exists(PushSubscriptionEntity);
  }

  /** Everybody whom a rule can name. */
  async people(): Promise<PushPerson[]> {
    const counted = await this.dataSource.query<{ user_id: string; count: number }[]>(
      'SELECT user_id, count(*)::int AS count FROM push_subscriptions GROUP BY user_id',
    );
    const browsers = new Map(counted.map(({ user_id: id, count }) => [id, count]));
    const users = await this.dataSource.manager.findBy(UserEntity, { isDisabled: false });
    return users.map(({ id, name, email }) => ({ id, name, email, browsers: browsers.get(id) ?? 0 }));
  }
}

/** Whether this is a point of the curve, which nothing could be encrypted for otherwise. */
function isPoint(p256dh: string): boolean {
  try {
    ECDH.convertKey(Buffer.from(p256dh, 'base64url'), 'prime256v1');
    return true;
  } catch {
    return false;
  }
}

const toSubscription = ({
  id,
  browser,
  createdAt,
  lastSentAt,
}: Pick<PushSubscriptionEntity, 'id' | 'browser' | 'createdAt' | 'lastSentAt'>): PushSubscription => ({
  id,
  browser,
  createdAt: createdAt.toISOString(),
  lastSentAt: lastSentAt?.toISOString() ?? null,
});
