import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { StatusRemoval } from '@koneksi/contracts/realtime';
import type { CreateOutlet, Outlet, UpdateOutlet } from '@koneksi/contracts/outlets';
import { DataSource, In, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { maySee, type Caller } from '../auth/caller.js';
import { includesRole } from '../auth/rights.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { Seen } from '../common/editing/seen.js';
import { EventBus } from '../common/event-bus.js';
import { violatesUnique } from '../common/postgres-errors.js';
import { withoutDeadlock } from '../common/without-deadlock.js';
import { isUuid } from '../common/uuid.js';
import { APPEND_REMOVAL_SQL } from '../status-log/append-sql.js';
import { StatusTail } from '../status-log/status-tail.js';
import { OutletBin } from './bin/outlet-bin.js';
import { NUMBER_IS_UNIQUE, OutletEntity } from './outlet.entity.js';
import { Presses } from './presses.js';
import { noSuchOutlet, numberTaken } from './refusals.js';

@Injectable()
export class OutletsService {
  private readonly removing: ((outletId: string) => Promise<void>)[] = [];
  private readonly saving: ((outletId: string) => Promise<void>)[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly tail: StatusTail,
    private readonly bin: OutletBin,
    private readonly presses: Presses,
  ) {}

  /** Every outlet there is, for work that no caller asked for. */
  all(): Promise<Outlet[]> {
    return this.read({});
  }

  list(caller: Caller): Promise<Outlet[]> {
    return this.read(caller.outletIds === 'all' ? {} : { id: In(caller.outletIds) });
  }

  /** `null` for an outlet that does not exist for this caller, and for what is no id at all. */
  async find(caller: Caller, id: string): Promise<Outlet | null> {
    if (!isUuid(id) || !maySee(caller, id.toLowerCase())) return null;
    const [outlet] = await this.read({ id });
    return outlet ?? null;
  }

  /** @throws `OUTLET_NOT_FOUND` alike for unknown, foreign and malformed ids. */
  async require(caller: Caller, id: string): Promise<Outlet> {
    const outlet = await this.find(caller, id);
    if (!outlet) throw noSuchOutlet();
    return outlet;
  }

  /** @throws `FORBIDDEN` to those who see the outlet and may not change it; for others it still does not exist. */
  async requireAsAdmin(caller: Caller, id: string): Promise<Outlet> {
    const outlet = await this.require(caller, id);
    if (!includesRole(caller.role, 'ADMIN')) throw new DomainError('FORBIDDEN', 403, 'only an ADMIN may do this');
    return outlet;
  }

  async create(request: CreateOutlet): Promise<Outlet> {
    const outlet = { id: randomUUID(), ...request };
    const now = new Date(this.clock.wall());
    await refusingTakenNumbers(
      this.dataSource.manager.insert(OutletEntity, { ...outlet, createdAt: now, updatedAt: now }),
    );
    this.events.publish('outlet.created', { outletId: outlet.id });
    await this.tellSaved(outlet.id);
    return outlet;
  }

  /** @throws `CHANGED_MEANWHILE`, `NUMBER_TAKEN`, and what `requireAsAdmin` and {@link Presses.take} do */
  async update(caller: Caller, id: string, request: UpdateOutlet, seen = Seen.anything): Promise<Outlet> {
    const before = await this.requireAsAdmin(caller, id);
    if ((request.isActive ?? before.isActive) !== before.isActive) await this.presses.take(caller.id, before.id);
    const updatedAt = new Date(this.clock.wall());
    await refusingTakenNumbers(
      this.dataSource.transaction(async (manager) => {
        const [now] = await readRows(manager, { id: before.id }, true);
        if (!now) throw noSuchOutlet();
        seen.requireSame(now);
        await manager.update(OutletEntity, { id: before.id }, { ...request, updatedAt });
      }),
    );
    this.events.publish('outlet.updated', { outletId: before.id });
    await this.tellSaved(before.id);
    if (request.city !== undefined && request.city !== before.city) this.tellMoved([before.id]);
    return this.require(caller, before.id);
  }

  /** Who must know of an outlet before whoever made or changed it is answered; it ends by itself, and fails without a word. */
  afterSaving(work: (outletId: string) => Promise<void>): void {
    this.saving.push(work);
  }

  /** What became of many at once: every session and page hears of each. */
  async told(added: readonly string[], updated: readonly string[], moved: readonly string[]): Promise<void> {
    for (const outletId of added) this.events.publish('outlet.created', { outletId });
    for (const outletId of updated) this.events.publish('outlet.updated', { outletId });
    await Promise.all([...added, ...updated].map((outletId) => this.tellSaved(outletId)));
    this.tellMoved(moved);
  }

  private tellMoved(outletIds: readonly string[]): void {
    if (outletIds.length > 0) this.events.publish('outlets.moved', { outletIds });
  }

  private async tellSaved(outletId: string): Promise<void> {
    await Promise.allSettled(this.saving.map((work) => work(outletId)));
  }

  /** What must be tried while the outlet's rows still exist; it ends by itself, and fails without a word. */
  beforeRemoving(work: (outletId: string) => Promise<void>): void {
    this.removing.push(work);
  }

  /**
   * Into the bin. What was seen is compared before anything ends for it.
   * @throws `CHANGED_MEANWHILE`, and what `requireAsAdmin` does
   */
  async remove(caller: Caller, id: string, seen = Seen.anything): Promise<void> {
    const outlet = await this.requireAsAdmin(caller, id);
    seen.requireSame(outlet);
    await Promise.allSettled(this.removing.map((work) => work(outlet.id)));
    this.tail.committed(await withoutDeadlock(() => this.takeAway(outlet.id, caller.name)));
    this.events.publish('outlet.removed', { outletId: outlet.id });
  }

  /**
   * The row goes into the bin, and that it went is told, in one commit: whoever owns the session may die in between. A
   * status or key written in the same moment locks the same rows in another order; PostgreSQL then ends one of both.
   */
  private takeAway(outletId: string, by: string): Promise<StatusRemoval[]> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await this.bin.put(manager, outletId, by))) throw noSuchOutlet();
      const rows = await manager.query<{ cursor: string }[]>(APPEND_REMOVAL_SQL, [outletId]);
      return rows.map(({ cursor }) => ({ cursor: Number(cursor), outletId }));
    });
  }

  /** Out of the bin, as it was but for its link. @throws `OUTLET_NOT_FOUND`, `NUMBER_TAKEN` */
  async restore(caller: Caller, id: string): Promise<Outlet> {
    const outletId = id.toLowerCase();
    const callerIds = await this.bin.takeBack(outletId);
    this.events.publish('outlet.created', { outletId });
    for (const callerId of callerIds) this.events.publish('access.changed', { callerId });
    await this.tellSaved(outletId);
    return this.require(caller, outletId);
  }

  private read(where: FindOptionsWhere<OutletEntity>): Promise<Outlet[]> {
    return readRows(this.dataSource.manager, where);
  }
}

/** `forChange`: held until the transaction ends. */
export async function readRows(
  manager: EntityManager,
  where: FindOptionsWhere<OutletEntity>,
  forChange = false,
): Promise<Outlet[]> {
  const rows = await manager.find(OutletEntity, {
    where,
    order: { name: 'ASC', id: 'ASC' },
    ...(forChange && { lock: { mode: 'for_no_key_update' } }),
  });
  return rows.map(({ id, name, whatsappNumber, isActive, autoReconnect, city, tags }) => ({
    id,
    name,
    whatsappNumber,
    isActive,
    autoReconnect,
    city,
    tags,
  }));
}

/** The constraint decides, not a look beforehand: of two at once, one wins. */
export async function refusingTakenNumbers<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!violatesUnique(error, NUMBER_IS_UNIQUE)) throw error;
    throw numberTaken();
  }
}
