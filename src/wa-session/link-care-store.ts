import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What is kept of one link's care. Milliseconds since the epoch; `null` for never. */
export interface Care {
  offsetMinutes: number;
  pulsedAt: number | null;
  phoneAskedAt: number | null;
  /** When its credentials were made. */
  linkedSince: number;
}

interface Row {
  outlet_id: string;
  zone: OutletZone | null;
  pulsed_at: Date | null;
  phone_asked_at: Date | null;
  created_at: Date;
}

/** An outlet without a zone of its own is where most are. */
const DEFAULT_ZONE: OutletZone = 'Asia/Jakarta';

/** What must survive a restart, so that nothing is done twice a day. */
@Injectable()
export class LinkCareStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Of every linked outlet, by its id. */
  async read(): Promise<Map<string, Care>> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT s.outlet_id, b.zone, s.pulsed_at, s.phone_asked_at, c.created_at
       FROM wa_session s
       JOIN wa_credential c ON c.outlet_id = s.outlet_id AND c.quarantined_at IS NULL AND c.linked_number IS NOT NULL
       LEFT JOIN blast_settings b ON b.outlet_id = s.outlet_id`,
    );
    return new Map(
      rows.map((row) => [
        row.outlet_id,
        {
          offsetMinutes: OUTLET_ZONES[row.zone ?? DEFAULT_ZONE].offsetMinutes,
          pulsedAt: row.pulsed_at?.getTime() ?? null,
          phoneAskedAt: row.phone_asked_at?.getTime() ?? null,
          linkedSince: row.created_at.getTime(),
        },
      ]),
    );
  }

  async notePulse(outletId: string, at: number): Promise<void> {
    await this.dataSource.query('UPDATE wa_session SET pulsed_at = $2 WHERE outlet_id = $1', [outletId, new Date(at)]);
  }

  async noteAsked(outletId: string, at: number): Promise<void> {
    await this.dataSource.query('UPDATE wa_session SET phone_asked_at = $2 WHERE outlet_id = $1', [
      outletId,
      new Date(at),
    ]);
  }
}
