import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { IncidentReader } from '../incidents/incident-reader.js';
import { OutletsService } from '../outlets/outlets.service.js';
import type { AlertSettings } from './alert.entity.js';
import type { AlertFacts, DueKind, StruckIncident, Told } from './domain/alert-state.js';

const MINUTE_MS = 60_000;
/** Outlets that fall again within this time keep falling. */
const LATELY_MS = 30 * MINUTE_MS;
/** An end that nobody could be told of for so long, because of quiet hours or a rule that was off, is no news. */
const END_IS_NEWS_MS = 24 * 60 * MINUTE_MS;

/** A rule that tells, and whom. */
export interface ActiveRule extends AlertSettings {
  id: string;
  name: string;
}

interface ToldRow {
  rule_id: string;
  incident_id: string;
  kind: DueKind;
  round: number;
  part: number;
  at: Date;
  outlet_ids: string[];
}

/** What rules decide by, as rows have it: so it is the same before and after a restart. */
@Injectable()
export class AlertFactsReader {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly incidents: IncidentReader,
    private readonly outlets: OutletsService,
    private readonly clock: Clock,
  ) {}

  rules(): Promise<ActiveRule[]> {
    return this.dataSource
      .query<{ id: string; name: string; settings: AlertSettings }[]>(
        'SELECT id, name, settings FROM alert_rules WHERE paused_at IS NULL ORDER BY created_at, id',
      )
      .then((rows) => rows.map(({ id, name, settings }) => ({ id, name, ...settings })));
  }

  /** By rule. */
  async read(ruleIds: readonly string[]): Promise<(ruleId: string) => AlertFacts> {
    const now = this.clock.wall();
    const ago = (ms: number): Date => new Date(now - ms);
    const records = await this.incidents.read(ago(LATELY_MS), await this.endsUntold(ruleIds, now), ago(END_IS_NEWS_MS));
    const cityOf = records.length > 0 ? await this.cities() : new Map<string, string | null>();
    const incidents = records.map((record): StruckIncident => ({
      id: record.id,
      code: record.code,
      params: record.params,
      endedAt: record.endedAt?.getTime() ?? null,
      isAcknowledged: record.isAcknowledged,
      outlets: record.outlets.map(({ outletId, name, since, until }) => ({
        outletId,
        name,
        city: cityOf.get(outletId) ?? null,
        since: since.getTime(),
        until: until?.getTime() ?? null,
      })),
    }));
    const told = Map.groupBy(await this.told(ruleIds, incidents, now), ({ rule_id }) => rule_id);
    return (ruleId) => ({ incidents, told: (told.get(ruleId) ?? []).map(toTold) });
  }

  /** Incidents that are over, of which one of these rules said that they began and not that they ended. */
  private async endsUntold(ruleIds: readonly string[], now: number): Promise<string[]> {
    const over = await this.incidents.endedAfter(new Date(now - END_IS_NEWS_MS));
    const rows = await this.dataSource.query<{ incident_id: string }[]>(
      `SELECT DISTINCT incident_id FROM alert_told t
       WHERE rule_id = ANY ($1::uuid[]) AND incident_id = ANY ($2::uuid[]) AND kind = 'down' AND NOT EXISTS (
         SELECT FROM alert_told e
         WHERE (e.rule_id, e.incident_id, e.round, e.kind) = (t.rule_id, t.incident_id, t.round, 'recovered'))`,
      [ruleIds, over],
    );
    return rows.map(({ incident_id }) => incident_id);
  }

  private told(ruleIds: readonly string[], incidents: readonly StruckIncident[], now: number): Promise<ToldRow[]> {
    return this.dataSource.query<ToldRow[]>(
      `SELECT * FROM alert_told
       WHERE rule_id = ANY ($1::uuid[]) AND (incident_id = ANY ($2::uuid[]) OR at > $3) ORDER BY at`,
      [ruleIds, incidents.map(({ id }) => id), new Date(now - 60 * MINUTE_MS)],
    );
  }

  private async cities(): Promise<Map<string, string | null>> {
    return new Map((await this.outlets.all()).map(({ id, city }) => [id, city]));
  }
}

function toTold({ incident_id, kind, round, part, at, outlet_ids }: ToldRow): Told {
  return { incidentId: incident_id, kind, round, part, at: at.getTime(), outletIds: outlet_ids };
}
