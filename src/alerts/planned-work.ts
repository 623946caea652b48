import { Injectable } from '@nestjs/common';
import { SystemDataSource } from '../database/system-data-source.js';
import type { PlannedFor } from '../status-log/planned-time.js';
import type { AlertSettings } from './alert.entity.js';
import { isInScope } from './domain/scope.js';

type Planned = Pick<AlertSettings, 'scope' | 'maintenance'>;

/** The windows of planned work that people entered, whether the rule they stand in tells anybody or not. */
@Injectable()
export class PlannedWork {
  constructor(private readonly dataSource: SystemDataSource) {}

  /** Those of an outlet, by its id and city. */
  async read(): Promise<PlannedFor> {
    const rows = await this.dataSource.query<{ settings: Planned }[]>(
      `SELECT settings FROM alert_rules WHERE jsonb_array_length(settings -> 'maintenance') > 0`,
    );
    const rules = rows.map(({ settings: { scope, maintenance } }) => ({
      scope,
      windows: maintenance.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    }));
    return (outletId, city) =>
      rules.filter(({ scope }) => isInScope({ outletId, city }, scope)).flatMap(({ windows }) => windows);
  }
}
