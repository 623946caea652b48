import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { ApiKey, CreateApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import { DataSource, type FindOptionsWhere } from 'typeorm';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { isUuid } from '../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { ApiKeyEntity, ApiKeyOutletEntity } from './api-key.entity.js';
import type { Caller } from './caller.js';
import { DelegatedWork } from './delegated-work.js';
import { requireOutletsToExist } from './outlet-assignments.js';
import { rightsOf, sharedRights } from './rights.js';
import { hashToken, randomToken } from './secret-tokens.js';

export const API_KEY_PREFIX = 'kon_';

const LAST_USED_RESOLUTION_MS = 60_000;

@Injectable()
export class ApiKeysService {
  private readonly logger = new Logger(ApiKeysService.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly work: DelegatedWork,
  ) {}

  async list(caller: Caller): Promise<ApiKey[]> {
    requirePerson(caller);
    const keys = await this.dataSource.manager.find(ApiKeyEntity, {
      where: manageableBy(caller),
      relations: { assignments: true, maker: true },
      order: { createdAt: 'DESC', id: 'ASC' },
    });
    return keys.map(toApiKey);
  }

  async create(caller: Caller, request: CreateApiKey): Promise<CreatedApiKey> {
    requirePerson(caller);
    const expiresAt = request.expiresAt === null ? null : new Date(request.expiresAt);
    const role = request.role ?? (request.scopes && request.outletIds.length === 0 ? 'ADMIN' : 'USER');
    const outletIds = role === 'USER' ? [...new Set(request.outletIds)] : [];
    if (expiresAt && expiresAt.getTime() <= this.clock.wall()) {
      throw new ValidationFailed([fieldProblem('expiresAt', 'IN_THE_PAST')]);
    }
    if (role === 'USER' && outletIds.length === 0) {
      throw new ValidationFailed([fieldProblem('outletIds', 'OUTLETS_NEEDED')]);
    }
    const key = API_KEY_PREFIX + randomToken();
    const id = randomUUID();
    await this.dataSource.transaction(async (manager) => {
      await requireOutletsToExist(manager, role === 'USER' ? request.outletIds : []);
      const { name, scopes } = request;
      await manager.insert(ApiKeyEntity, {
        id,
        name,
        role,
        scopes: scopes ? [...new Set(scopes)] : null,
        hash: hashToken(key),
        makerId: caller.id,
        createdAt: new Date(this.clock.wall()),
        expiresAt,
      });
      await manager.insert(
        ApiKeyOutletEntity,
        outletIds.map((outletId) => ({ apiKeyId: id, outletId })),
      );
    });
    const [created] = await this.dataSource.manager.find(ApiKeyEntity, {
      where: { id },
      relations: { assignments: true, maker: true },
    });
    return { ...toApiKey(created!), key };
  }

  async remove(caller: Caller, id: string): Promise<void> {
    requirePerson(caller);
    const found =
      isUuid(id) && (await this.dataSource.manager.findOneBy(ApiKeyEntity, { ...manageableBy(caller), id }));
    if (!found) throw new DomainError('API_KEY_NOT_FOUND', 404, 'no such API key');
    const tell = await this.dataSource.transaction(async (manager) => {
      await manager.delete(ApiKeyEntity, { id });
      return this.work.end(manager, { callerIds: [id], outletIds: [] });
    });
    tell();
    this.events.publish('access.changed', { callerId: id });
  }

  /** Who an API key speaks for, as of now; `null` where it is unknown or has ended. */
  async authenticate(key: string): Promise<{ caller: Caller; expiresAt: Date | null } | null> {
    const [found] = await this.dataSource.manager.find(ApiKeyEntity, {
      where: { hash: hashToken(key) },
      relations: { assignments: true, maker: { assignments: true } },
    });
    if (!found || found.maker.isDisabled || (found.expiresAt && found.expiresAt.getTime() <= this.clock.wall()))
      return null;
    await this.noteUse(found);
    const { id, name, maker, expiresAt, scopes } = found;
    const rights = sharedRights(rightsOf(found), rightsOf(maker));
    return { caller: { id, kind: 'api-key', name, ...rights, scopes }, expiresAt };
  }

  private async noteUse({ id, lastUsedAt }: ApiKeyEntity): Promise<void> {
    const now = this.clock.wall();
    if (lastUsedAt && now - lastUsedAt.getTime() < LAST_USED_RESOLUTION_MS) return;
    try {
      await this.dataSource.manager.update(ApiKeyEntity, { id }, { lastUsedAt: new Date(now) });
    } catch {
      this.logger.warn(`the use of API key ${id} could not be noted`);
    }
  }
}

/** A key that could make keys would outlive its own end. */
function requirePerson(caller: Caller): void {
  if (caller.kind !== 'user') throw new DomainError('FORBIDDEN', 403, 'API keys are managed by people');
}

function manageableBy(caller: Caller): FindOptionsWhere<ApiKeyEntity> {
  return caller.role === 'SUPERADMIN' ? {} : { makerId: caller.id };
}

function toApiKey({ id, name, role, scopes, outletIds, maker, ...key }: ApiKeyEntity): ApiKey {
  const { createdAt, expiresAt, lastUsedAt } = key;
  return {
    id,
    name,
    role,
    scopes,
    outletIds,
    createdBy: { id: maker.id, name: maker.name },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
