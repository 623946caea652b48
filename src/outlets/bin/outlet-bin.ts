import { Injectable } from '@nestjs/common';
import { BIN_DAYS, type BinnedOutlet } from '@koneksi/contracts/bin';
import { DataSource, type EntityManager } from 'typeorm';
import { ApiKeyOutletEntity } from '../../auth/api-key.entity.js';
import { UserOutletEntity } from '../../auth/user.entity.js';
import { Clock } from '../../common/clock.js';
import { violatesUnique } from '../../common/postgres-errors.js';
import { isUuid } from '../../common/uuid.js';
import { NUMBER_IS_UNIQUE, OutletEntity } from '../outlet.entity.js';
import { noSuchOutlet, numberTaken } from '../refusals.js';
import { BinnedOutletEntity, BinnedOutletRowEntity } from './binned-outlet.entity.js';
import { bringBack, keepRows, tableOf, type KeptTable } from './kept-rows.js';

/** Of a removal, what everything that goes with the outlet is kept under. */
export interface Removal {
  at: Date;
  /** As they are called. */
  by: string;
}

/** A room whose rows of an outlet are too many for the outlet's own place in the bin, or are found there by themselves. */
export interface OwnBin {
  /** Before the rows go, in the transaction they go in. @returns how many went */
  put(manager: EntityManager, outletId: string, removal: Removal): Promise<number>;
  takeBack(manager: EntityManager, outletId: string): Promise<void>;
  /** The outlet is gone for good. */
  forget(manager: EntityManager, outletId: string): Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * Where removed outlets are for 30 days. Their rows go from every table as if there were no bin, so that nothing has to
 * know of one: what is to come back is written down in the transaction that removes it. Links do not come back: their
 * devices have taken leave.
 */
@Injectable()
export class OutletBin {
  private readonly tables: KeptTable[] = [{ entity: UserOutletEntity }, { entity: ApiKeyOutletEntity }];
  private readonly others: OwnBin[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The rows of this table come back with their outlet. */
  keep(table: KeptTable): void {
    this.tables.push(table);
  }

  keepBy(other: OwnBin): void {
    this.others.push(other);
  }

  /** Removed last, first. */
  async list(): Promise<BinnedOutlet[]> {
    const rows = await this.dataSource.manager.find(BinnedOutletEntity, { order: { removedAt: 'DESC', id: 'ASC' } });
    return rows.filter(({ removedAt }) => removedAt > this.oldest()).map(toBinned);
  }

  /** Takes the outlet away, in the caller's transaction. @returns whether it was there */
  async put(manager: EntityManager, id: string, by: string): Promise<boolean> {
    const removal: Removal = { at: new Date(this.clock.wall()), by };
    // Whoever adds something to the outlet meanwhile waits, and then finds it gone.
    const kept = await manager.query<unknown[]>(PUT_SQL, [id, removal.at, by]);
    if (kept.length === 0) return false;
    for (const table of this.tables) await keepRows(manager, table, id);
    let contacts = 0;
    for (const other of this.others) contacts += await other.put(manager, id, removal);
    await manager.update(BinnedOutletEntity, { id }, { contacts });
    await manager.delete(OutletEntity, { id });
    return true;
  }

  /**
   * Brings the outlet back with all that was kept of it. @returns whose rights it is part of again, by user or API key
   * @throws `OUTLET_NOT_FOUND`, `NUMBER_TAKEN`, and where another outlet's quota is too small for what comes back
   */
  async takeBack(id: string): Promise<string[]> {
    try {
      return await this.dataSource.transaction((manager) => this.takeBackIn(manager, id));
    } catch (error) {
      if (violatesUnique(error, NUMBER_IS_UNIQUE)) throw numberTaken();
      throw error;
    }
  }

  /** For good. @throws `OUTLET_NOT_FOUND` */
  async forget(id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.hold(manager, id);
      await this.forgetIn(manager, id);
    });
  }

  /** Those whose time is over. @returns how many */
  async forgetOld(mayGoOn: () => boolean): Promise<number> {
    const old = (await this.dataSource.manager.find(BinnedOutletEntity)).filter(
      ({ removedAt }) => removedAt <= this.oldest(),
    );
    let forgotten = 0;
    for (const { id } of old) {
      if (!mayGoOn()) break;
      await this.dataSource.transaction((manager) => this.forgetIn(manager, id));
      forgotten++;
    }
    return forgotten;
  }

  private async takeBackIn(manager: EntityManager, id: string): Promise<string[]> {
    const { outlet } = await this.hold(manager, id);
    const updatedAt = new Date(this.clock.wall()).toISOString();
    await bringBack(manager, { entity: OutletEntity }, [{ ...outlet, updated_at: updatedAt }]);
    const rows = await manager.find(BinnedOutletRowEntity, { where: { outletId: id }, order: { id: 'ASC' } });
    const callers: unknown[] = [];
    for (const table of this.tables) {
      const name = tableOf(manager, table);
      const own = rows.filter((row) => row.table === name).map(({ row }) => row);
      const back = await bringBack(manager, table, own);
      callers.push(...back.map(({ user_id: userId, api_key_id: keyId }) => userId ?? keyId));
    }
    for (const other of this.others) await other.takeBack(manager, id);
    await manager.delete(BinnedOutletEntity, { id });
    return callers.filter((caller): caller is string => typeof caller === 'string');
  }

  private async forgetIn(manager: EntityManager, id: string): Promise<void> {
    for (const other of this.others) await other.forget(manager, id);
    await manager.delete(BinnedOutletEntity, { id });
  }

  /** Until the transaction ends nobody else brings it back or forgets it. */
  private async hold(manager: EntityManager, id: string): Promise<BinnedOutletEntity> {
    const row = isUuid(id)
      ? await manager.findOne(BinnedOutletEntity, { where: { id }, lock: { mode: 'pessimistic_write' } })
      : null;
    if (!row || row.removedAt <= this.oldest()) throw noSuchOutlet();
    return row;
  }

  private oldest(): Date {
    return new Date(this.clock.wall() - BIN_DAYS * DAY_MS);
  }
}

const PUT_SQL = `
  INSERT INTO binned_outlets (id, outlet, removed_at, removed_by)
  SELECT id, to_jsonb(o), $2::timestamptz, $3::text FROM outlets o WHERE id = $1 FOR UPDATE RETURNING id`;

function toBinned({ id, outlet, contacts, removedAt, removedBy }: BinnedOutletEntity): BinnedOutlet {
  return {
    id,
    name: String(outlet['name']),
    whatsappNumber: String(outlet['whatsapp_number']),
    city: typeof outlet['city'] === 'string' ? outlet['city'] : null,
    contacts,
    removedAt: removedAt.toISOString(),
    removedBy,
    expiresAt: new Date(removedAt.getTime() + BIN_DAYS * DAY_MS).toISOString(),
  };
}
