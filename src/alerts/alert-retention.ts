import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';
import { IncidentReader } from '../incidents/incident-reader.js';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 90;
const BATCH = 2_000;

/** Forgets after 90 days who was told what, and what was said of incidents that are over: of those nothing is said again. */
@Injectable()
export class AlertRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly incidents: IncidentReader,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, { name: 'forget-alerts', logger: 'Alerts', complaint: 'Old alerts were not forgotten' });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    const before = new Date(this.clock.wall() - KEPT_DAYS * DAY_MS);
    // Of those that ended lately that may still have to be said.
    const ended = await this.incidents.endedAfter(new Date(this.clock.wall() - 2 * DAY_MS));
    const open = [...(await this.incidents.lasting()), ...ended];
    return (
      (await this.forget(DELIVERIES_SQL, [before], mayGoOn)) + (await this.forget(TOLD_SQL, [before, open], mayGoOn))
    );
  }

  private async forget(sql: string, values: unknown[], mayGoOn: () => boolean): Promise<number> {
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch)
      [, batch] = await this.dataSource.query<[unknown[], number]>(sql, values);
    return forgotten;
  }
}

const DELIVERIES_SQL = `
  DELETE FROM alert_deliveries WHERE id IN (
    SELECT id FROM alert_deliveries WHERE status <> 'pending' AND at < $1 LIMIT ${BATCH})`;

const TOLD_SQL = `
  DELETE FROM alert_told t USING (
    SELECT rule_id, incident_id, round, kind, part FROM alert_told
    WHERE at < $1 AND incident_id <> ALL ($2::uuid[]) LIMIT ${BATCH}) old
  WHERE (t.rule_id, t.incident_id, t.round, t.kind, t.part)
    = (old.rule_id, old.incident_id, old.round, old.kind, old.part)`;
