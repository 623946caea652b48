import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { REASON_STATUS } from '@koneksi/contracts/outlet-status';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { IncidentEntity, IncidentOutletEntity } from '../../incidents/incident.entity.js';
import { OutletEntity } from '../../outlets/outlet.entity.js';
import { StatusChangeEntity, StatusCursorEntity } from '../../status-log/status-change.entity.js';
import { proofTold } from '../../wa-session/domain/live-proof.js';
import { toOutletStatus } from '../../wa-session/domain/outlet-status-view.js';
import type { SessionRecord } from '../../wa-session/domain/session-record.js';
import { DEMO_OUTLETS, type DemoOutlet } from '../demo-data.js';
import { weekBefore, type PastIncident, type Turn, type Week } from './week.js';

interface Lived {
  id: string;
  outlet: DemoOutlet;
  record: SessionRecord;
  revision: number;
}

/**
 * The demo's outlets with a week behind them, in the tables where a week would have left it. Written before anything of
 * the product looks at them, as after a restart: what is live is found out by the product itself.
 */
@Injectable()
export class PastLog implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (await manager.exists(OutletEntity)) return;
      await this.write(manager, weekBefore(this.clock.wall()));
    });
  }

  private async write(manager: EntityManager, { turns, incidents }: Week): Promise<void> {
    const began = new Date(turns[0]!.at);
    const lived = new Map(DEMO_OUTLETS.map((outlet) => [outlet.name, newcomer(outlet)]));
    await manager.insert(
      OutletEntity,
      [...lived.values()].map(({ id, outlet: { name, whatsappNumber, city, tags } }) => ({
        id,
        name,
        whatsappNumber,
        city,
        tags,
        createdAt: began,
        updatedAt: began,
      })),
    );
    const { value } = await manager.findOneByOrFail(StatusCursorEntity, { id: 1 });
    const base = Number(value);
    await manager.insert(
      StatusChangeEntity,
      turns.map((turn, index) => changeOf(lived.get(turn.outlet)!, turn, base + index + 1)),
    );
    await manager.update(StatusCursorEntity, { id: 1 }, { value: String(base + turns.length) });
    for (const one of lived.values()) await manager.query(SESSION_SQL, sessionOf(one));
    for (const incident of incidents) await writeIncident(manager, incident, lived);
  }
}

const newcomer = (outlet: DemoOutlet): Lived => ({
  id: randomUUID(),
  outlet,
  revision: 0,
  record: {
    status: 'DISCONNECTED',
    reason: 'NEVER_LINKED',
    params: {},
    sessionName: null,
    connectedAt: null,
    lastSeen: null,
    retryCount: 0,
    nextRetryAt: null,
    qrShown: false,
    limits: null,
    warnings: [],
    phoneSeenAt: null,
    listeningSince: null,
    since: null,
    lastEnding: null,
    tries: { refusal: null, ranOut: null, codeLimit: null },
    everLinked: false,
    conflictAt: null,
    leaving: false,
  },
});

/** The line of the log that tells this turn; `lived` is after it what the outlet's row says. */
function changeOf(lived: Lived, turn: Turn, cursor: number): StatusChangeEntity {
  const { outlet, record } = lived;
  const previous = record.status;
  const isUp = turn.code === null;
  lived.revision++;
  lived.record = {
    ...record,
    status: turn.code === null ? 'CONNECTED' : REASON_STATUS[turn.code],
    reason: turn.code,
    params: turn.params,
    sessionName: isUp ? outlet.phone.name : record.sessionName,
    connectedAt: isUp ? turn.at : null,
    lastSeen: record.status === 'CONNECTED' || isUp ? turn.at : record.lastSeen,
    everLinked: record.everLinked || isUp,
    qrShown: turn.code === 'PAIRING',
    since: turn.at,
    lastEnding:
      turn.code === 'LOGGED_OUT'
        ? { code: turn.code, params: {}, at: turn.at, number: outlet.whatsappNumber, link: 'gone', retryAt: null }
        : null,
  };
  return {
    cursor: String(cursor),
    outletId: lived.id,
    at: new Date(turn.at),
    revision: String(lived.revision),
    previous,
    status: lived.record.status,
    reasonCode: turn.code,
    reasonParams: turn.params,
    milestone: true,
    pressed: turn.pressed,
    element: toOutletStatus(lived.id, settingsOf(outlet), lived.record, proofTold(lived.record, undefined)),
  };
}

const settingsOf = ({ name, whatsappNumber, city, tags }: DemoOutlet): Parameters<typeof toOutletStatus>[1] => ({
  name,
  number: whatsappNumber,
  isActive: true,
  autoReconnect: true,
  city,
  tags,
});

const SESSION_SQL = `
  INSERT INTO wa_session
    (outlet_id, status, reason_code, reason_params, session_name, last_seen, since, last_ending, ever_linked, revision)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

function sessionOf({ id, record, revision }: Lived): unknown[] {
  const { status, reason, params, sessionName, lastSeen, since, lastEnding, everLinked } = record;
  return [
    id,
    status,
    reason,
    params,
    sessionName,
    lastSeen && new Date(lastSeen),
    since && new Date(since),
    lastEnding,
    everLinked,
    revision,
  ];
}

async function writeIncident(
  manager: EntityManager,
  { code, caredBy, members }: PastIncident,
  lived: ReadonlyMap<string, Lived>,
): Promise<void> {
  const id = randomUUID();
  const [first] = members;
  await manager.insert(IncidentEntity, {
    id,
    code,
    startedAt: new Date(first!.since),
    lastFellAt: new Date(first!.since),
    endedAt: first!.until && new Date(first!.until),
    ...(caredBy !== null && { acknowledgedAt: new Date(first!.since + 5 * 60_000), acknowledgedBy: caredBy }),
  });
  await manager.insert(
    IncidentOutletEntity,
    members.map(({ outlet, since, until }) => ({
      incidentId: id,
      outletId: lived.get(outlet)!.id,
      name: outlet,
      since: new Date(since),
      until: until && new Date(until),
    })),
  );
}
