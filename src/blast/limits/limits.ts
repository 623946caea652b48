import type { BlastSettings, UpdateBlastSettings } from '@koneksi/contracts/blast-settings';
import type { Limits as WhatsappLimits } from '@koneksi/contracts/outlet-warnings';
import type { OutletZone } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { Seen } from '../../common/editing/seen.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { Config } from '../../config/config.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { prepared } from '../../database/prepared.js';
import { OutletBin } from '../../outlets/bin/outlet-bin.js';
import { SendingDesk } from '../../wa-session/desk/sending-desk.js';
import { toLimits, type NewChats } from '../../wa-session/domain/new-chats.js';
import { CAREFUL, capsOn, UNHURT, type Carefulness, type Usage } from '../domain/careful.js';
import { localDay } from '../domain/local-time.js';
import { BlastDayEntity, BlastSettingsEntity, OutletChatEntity } from './limits.entity.js';

/** What one outlet may send today. */
export interface OutletLimits {
  careful: Carefulness;
  usage: Usage;
  /** Milliseconds since the epoch. */
  restrictedUntil: number | null;
  /** What WhatsApp allows, as people and programs read it, and as it is reckoned with; `null` until it said so. */
  whatsapp: WhatsappLimits | null;
  newChats: NewChats | null;
  /** When its pause after the last message ends, as whoever sent that planned it. Milliseconds since the epoch. */
  restUntil: number | null;
  /** Whether a STOP is confirmed; `null`: as all outlets do. */
  confirmStop: boolean | null;
}

interface Row {
  outlet_id: string;
  zone: OutletZone | null;
  pace_min_ms: number | null;
  pace_max_ms: number | null;
  new_chats_per_day: number | null;
  known_chats_per_day: number | null;
  warm_up_days: number | null;
  quiet_hours: { from?: string; to?: string } | null;
  confirm_stop: boolean | null;
  days: { day: string; newChats: number; knownChats: number }[];
  day_count: number;
  rest_until: Date | null;
}

/** How carefully an outlet brought back from the bin sends, and whom it knows. */
const COMES_BACK = [BlastSettingsEntity, BlastDayEntity, OutletChatEntity];

const READ_SQL = `
  SELECT o.id AS outlet_id, s.zone, s.pace_min_ms, s.pace_max_ms, s.new_chats_per_day, s.known_chats_per_day,
    s.warm_up_days, s.quiet_hours, s.confirm_stop,
    (SELECT count(*)::int FROM blast_days d WHERE d.outlet_id = o.id) AS day_count,
    (SELECT max(d.rest_until) FROM blast_days d WHERE d.outlet_id = o.id AND d.day >= $2::date - 1) AS rest_until,
    coalesce((
      SELECT jsonb_agg(jsonb_build_object('day', to_char(d.day, 'YYYY-MM-DD'), 'newChats', d.new_chats, 'knownChats', d.known_chats))
      FROM blast_days d WHERE d.outlet_id = o.id AND d.day >= $2::date), '[]') AS days
  FROM outlets o LEFT JOIN blast_settings s ON s.outlet_id = o.id
  WHERE o.id = ANY ($1::uuid[])`;

const COLUMNS: Record<keyof UpdateBlastSettings, string> = {
  zone: 'zone',
  paceMinMs: 'pace_min_ms',
  paceMaxMs: 'pace_max_ms',
  newChatsPerDay: 'new_chats_per_day',
  knownChatsPerDay: 'known_chats_per_day',
  warmUpDays: 'warm_up_days',
  quietHours: 'quiet_hours',
  confirmStop: 'confirm_stop',
};

/** How carefully each outlet sends, and how much it has sent on its day. */
@Injectable()
export class Limits {
  private readonly defaults: Carefulness;

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly desk: SendingDesk,
    private readonly clock: Clock,
    { blastPaceMs: { min, max } }: Config,
    bin: OutletBin,
  ) {
    for (const entity of COMES_BACK) bin.keep({ entity });
    this.defaults = { ...(max === 0 ? UNHURT : CAREFUL), paceMinMs: min, paceMaxMs: max };
  }

  async of(outletIds: readonly string[], manager?: EntityManager): Promise<Map<string, OutletLimits>> {
    const now = this.clock.wall();
    const values = [outletIds, localDay(now, 'Asia/Jakarta')];
    const rows = manager
      ? await manager.query<Row[]>(READ_SQL, values)
      : await prepared<Row>(this.dataSource, READ_SQL, values);
    return new Map(rows.map((row) => [row.outlet_id, this.toLimits(row, now)]));
  }

  async settings(outletId: string, manager?: EntityManager): Promise<BlastSettings> {
    const { careful, usage, restrictedUntil, confirmStop } = (await this.of([outletId], manager)).get(outletId) ?? {
      careful: this.defaults,
      usage: { newChats: 0, knownChats: 0, sendingDay: 1 },
      restrictedUntil: null,
      confirmStop: null,
    };
    const caps = capsOn(usage.sendingDay, careful);
    const isRestricted = restrictedUntil !== null && restrictedUntil > this.clock.wall();
    return {
      outletId,
      ...careful,
      confirmStop,
      today: {
        newChats: usage.newChats,
        newChatsCap: caps.newChats,
        knownChats: usage.knownChats,
        knownChatsCap: caps.knownChats,
      },
      restrictedUntil: isRestricted ? new Date(restrictedUntil).toISOString() : null,
    };
  }

  /** Of two who change the same settings one waits. @throws `VALIDATION_FAILED`, `CHANGED_MEANWHILE` */
  async update(outletId: string, changes: UpdateBlastSettings, seen = Seen.anything): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`blast settings ${outletId}`]);
      const now = await this.settings(outletId, manager);
      seen.requireSame(now);
      await this.write(manager, outletId, now, changes);
    });
  }

  private async write(
    manager: EntityManager,
    outletId: string,
    now: BlastSettings,
    changes: UpdateBlastSettings,
  ): Promise<void> {
    const after = { ...now, ...changes };
    if (after.paceMinMs > after.paceMaxMs) {
      const field = changes.paceMaxMs === undefined ? 'paceMinMs' : 'paceMaxMs';
      throw new ValidationFailed([fieldProblem(field, 'PACE_ORDER')]);
    }
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    if (given.length === 0) return;
    const columns = given.map(([name]) => COLUMNS[name as keyof UpdateBlastSettings]);
    const values = given.map(([name, value]) => (name === 'quietHours' ? JSON.stringify(value ?? {}) : value));
    await manager.query(
      `INSERT INTO blast_settings (outlet_id, ${columns.join(', ')})
       VALUES ($1, ${columns.map((_, index) => `$${index + 2}`).join(', ')})
       ON CONFLICT (outlet_id) DO UPDATE SET ${columns.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`,
      [outletId, ...values],
    );
  }

  /** Counts a message that leaves beside the blasts against the caps of the outlet's day. */
  async countOne(outletId: string, isNew: boolean): Promise<void> {
    const zone = (await this.of([outletId])).get(outletId)?.careful.zone ?? this.defaults.zone;
    await this.dataSource.query(
      `INSERT INTO blast_days (outlet_id, day, new_chats, known_chats) SELECT id, $2::date, $3::int, $4::int FROM outlets WHERE id = $1
       ON CONFLICT (outlet_id, day) DO UPDATE SET
         new_chats = blast_days.new_chats + EXCLUDED.new_chats, known_chats = blast_days.known_chats + EXCLUDED.known_chats`,
      [outletId, localDay(this.clock.wall(), zone), isNew ? 1 : 0, isNew ? 0 : 1],
    );
  }

  private toLimits(row: Row, now: number): OutletLimits {
    const { defaults } = this;
    const zone = row.zone ?? defaults.zone;
    const { from, to } = row.quiet_hours ?? {};
    const own = row.quiet_hours === null ? defaults.quietHours : from && to ? { from, to } : null;
    const newChats = this.desk.newChats(row.outlet_id);
    const today = row.days.find(({ day }) => day === localDay(now, zone));
    return {
      careful: {
        zone,
        paceMinMs: row.pace_min_ms ?? defaults.paceMinMs,
        paceMaxMs: Math.max(row.pace_max_ms ?? defaults.paceMaxMs, row.pace_min_ms ?? defaults.paceMinMs),
        newChatsPerDay: row.new_chats_per_day ?? defaults.newChatsPerDay,
        knownChatsPerDay: row.known_chats_per_day ?? defaults.knownChatsPerDay,
        warmUpDays: row.warm_up_days ?? defaults.warmUpDays,
        quietHours: own,
      },
      usage: {
        newChats: today?.newChats ?? 0,
        knownChats: today?.knownChats ?? 0,
        sendingDay: row.day_count + (today ? 0 : 1),
      },
      restrictedUntil: newChats?.lockedUntil ?? null,
      whatsapp: toLimits(newChats),
      newChats,
      restUntil: row.rest_until?.getTime() ?? null,
      confirmStop: row.confirm_stop,
    };
  }
}
