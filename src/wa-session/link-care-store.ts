import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { claimValues, ownedBy, type Ownership } from './fence.js';

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

  notePulse(owner: Ownership, at: number): Promise<void> {
    return this.note(owner, 'pulsed_at', at);
  }

  noteAsked(owner: Ownership, at: number): Promise<void> {
    return this.note(owner, 'phone_asked_at', at);
  }

  private async note(owner: Ownership, column: 'pulsed_at' | 'phone_asked_at', at: number): Promise<void> {
    await this.dataSource.query(
      `WITH ${ownedBy()} UPDATE wa_session s SET ${column} = $4 FROM owned WHERE s.outlet_id = owned.outlet_id`,
      [...claimValues(owner), new Date(at)],
    );
  }
}
