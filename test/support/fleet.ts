import { REASON_STATUS, type OutletStatusName, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type { OutletStatus, ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import { reasonSentences } from '@koneksi/contracts/reason-texts';
import { randomUUID } from 'node:crypto';
import { EventBus } from '../../src/common/event-bus.js';
import type { Koneksi } from './koneksi.js';

const CITIES = [
  'Jakarta',
  'Surabaya',
  'Bandung',
  'Medan',
  'Semarang',
  'Makassar',
  'Denpasar',
  'Malang',
  'Solo',
  'Bogor',
];
const STREETS = ['Sudirman', 'Diponegoro', 'Panakkukang', 'Ahmad Yani', 'Gajah Mada', 'Merdeka', 'Veteran', 'Kartini'];
const MINUTE_MS = 60_000;

export interface State {
  code: ReasonCode | null;
  params?: ReasonParams;
  /** What the database says, where it is not the same. */
  database?: OutletStatusName;
  minutesAgo?: number;
  /** What WhatsApp allows. */
  limits?: OutletStatus['limits'];
}

/**
 * Many outlets as pages see them: rows and history in the database, their states told on the bus as the journal tells
 * them. No phone stands behind them, so what a page looks like with hundreds can be judged in seconds.
 */
export class Fleet {
  readonly members: OutletStatus[] = [];
  private cursor = 1_000_000;

  private constructor(private readonly koneksi: Koneksi) {}

  /** So many outlets; `stateOf` says how each one is. */
  static async seed(koneksi: Koneksi, count: number, stateOf: (index: number) => State): Promise<Fleet> {
    const fleet = new Fleet(koneksi);
    for (let index = 0; index < count; index += 1) fleet.members.push(member(index));
    await fleet.insertOutlets();
    await fleet.insertHistory(fleet.members.map((_, index) => stateOf(index)));
    fleet.members.forEach(({ outletId }, index) => fleet.become(outletId, stateOf(index)));
    return fleet;
  }

  /** Tells every open page, as the journal would. */
  become(outletId: string, { code, params = {}, database, minutesAgo = 0, limits = null }: State): void {
    const at = this.members.findIndex((status) => status.outletId === outletId);
    const before = this.members[at]!;
    const live = code ? REASON_STATUS[code] : 'CONNECTED';
    const isUp = live === 'CONNECTED';
    const criteria = {
      databaseConnected: (database ?? live) === 'CONNECTED',
      liveConnected: isUp,
      websocketOpen: isUp,
      userPresent: isUp,
      autoReconnect: true,
    };
    const status: OutletStatus = {
      ...before,
      outlet: { ...before.outlet, isActive: code !== 'INACTIVE' },
      session: { ...before.session, status: database ?? live, ...(code === 'NEVER_LINKED' && NEVER_LINKED) },
      liveStatus: { status: live, qrCode: null, name: isUp ? before.session.sessionName : null },
      criteria,
      healthy: Object.values(criteria).every(Boolean),
      revision: before.revision + 1,
      limits,
      since: new Date(Date.now() - (code ? minutesAgo : 30 * 60) * MINUTE_MS).toISOString(),
      reason: code && { code, params, ...reasonSentences(code, params, 'id') },
    };
    this.members[at] = status;
    this.koneksi.app.app.get(EventBus).publish('outlet-status.changed', {
      cursor: ++this.cursor,
      at: new Date(Date.now() - minutesAgo * MINUTE_MS).toISOString(),
      status,
      previous: before.session.status,
    });
  }

  private async insertOutlets(): Promise<void> {
    const rows = this.members.map(({ outletId, outlet }) => ({ id: outletId, ...outlet }));
    await this.koneksi.database.dataSource.query(
      `INSERT INTO outlets (id, name, whatsapp_number, city)
       SELECT id, name, "whatsappNumber", city
       FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, name text, "whatsappNumber" text, city text)`,
      [JSON.stringify(rows)],
    );
  }

  /** Connected for a day, then what `states` say since then. */
  private async insertHistory(states: readonly State[]): Promise<void> {
    const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
    const changes = this.members.flatMap(({ outletId }, index) => {
      const { code, minutesAgo = 0 } = states[index]!;
      const first = { outletId, at: ago(30 * 60), status: code === 'NEVER_LINKED' ? 'DISCONNECTED' : 'CONNECTED' };
      return code ? [first, { outletId, at: ago(minutesAgo), status: REASON_STATUS[code] }] : [first];
    });
    await this.koneksi.database.dataSource.query(
      `INSERT INTO outlet_status_change (cursor, outlet_id, at, revision, status, milestone)
       SELECT n, "outletId", at, n, status, true
       FROM jsonb_to_recordset($1::jsonb) AS x(n bigint, "outletId" uuid, at timestamptz, status text)`,
      [JSON.stringify(changes.map((change, index) => ({ n: index + 1, ...change })))],
    );
  }
}

const NEVER_LINKED = { sessionName: null, connectedAt: null, lastSeen: null };

function member(index: number): OutletStatus {
  const city = CITIES[index % CITIES.length]!;
  const name = `${city} ${STREETS[Math.floor(index / CITIES.length) % STREETS.length]} ${index + 1}`;
  const down = { status: 'DISCONNECTED', qrCode: null } as const;
  return {
    outletId: randomUUID(),
    outlet: { name, whatsappNumber: `6281300${String(index).padStart(5, '0')}`, isActive: true, city, tags: [] },
    session: {
      ...down,
      sessionName: name,
      connectedAt: new Date(Date.now() - (index + 1) * 60 * MINUTE_MS).toISOString(),
      lastSeen: new Date(Date.now() - (index % 20) * 1_000).toISOString(),
      autoReconnect: true,
      retryCount: 0,
    },
    liveStatus: { ...down, name: null },
    healthy: false,
    criteria: {
      databaseConnected: false,
      liveConnected: false,
      websocketOpen: false,
      userPresent: false,
      autoReconnect: true,
    },
    revision: 1,
    reason: null,
    nextRetryAt: null,
    since: null,
    limits: null,
    warnings: [],
  };
}

/** Mostly well: 7 broken, 6 never linked, 4 paused; the last of the broken is in two minds. */
export function mostlyWell(index: number): State {
  if (index < 7) {
    const code = (['LOGGED_OUT', 'WHATSAPP_UNREACHABLE', 'BLOCKED', 'REPLACED'] as const)[index % 4]!;
    return { code, minutesAgo: 12 + index * 9, ...(index === 6 && { database: 'CONNECTED' }) };
  }
  if (index < 13) return { code: 'NEVER_LINKED', minutesAgo: 200 };
  if (index < 17) return { code: 'PAUSED_BY', params: { by: 'Sari', at: new Date().toISOString() } };
  return { code: null };
}
