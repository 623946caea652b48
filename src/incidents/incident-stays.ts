import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How often outlets broke, and for how long. Seconds. */
export interface Stays {
  incidents: number;
  /** Of those that are over; `null` where none is. */
  meanSeconds: number | null;
}

interface Row {
  incidents: string;
  mean: string | null;
}

/** Incidents counted, as far as they struck some outlets and lasted beyond an instant. */
@Injectable()
export class IncidentStays {
  constructor(private readonly dataSource: DataSource) {}

  /** Each incident once, from when it first struck one of these outlets until the last of them was well. */
  async together(outletIds: readonly string[], from: Date, to: Date): Promise<Stays> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT count(*) AS incidents, avg(extract(epoch FROM ended - began)) AS mean FROM (
         SELECT min(since) AS began, CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END AS ended
         FROM incident_outlet WHERE ${LASTED} GROUP BY incident_id
       ) i`,
      [outletIds, from, to],
    );
    return toStays(row!);
  }

  /** By outlet, of those that were struck at all. */
  async each(outletIds: readonly string[], from: Date, to: Date): Promise<Map<string, Stays>> {
    const rows = await this.dataSource.query<(Row & { outlet_id: string })[]>(
      `SELECT outlet_id, count(*) AS incidents, avg(extract(epoch FROM until - since)) AS mean
       FROM incident_outlet WHERE ${LASTED} GROUP BY outlet_id`,
      [outletIds, from, to],
    );
    return new Map(rows.map((row) => [row.outlet_id, toStays(row)]));
  }
}

const LASTED = 'outlet_id = ANY ($1::uuid[]) AND (until IS NULL OR until >= $2) AND since < $3';

function toStays({ incidents, mean }: Row): Stays {
  return { incidents: Number(incidents), meanSeconds: mean === null ? null : Number(mean) };
}
