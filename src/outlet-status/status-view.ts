import { Injectable } from '@nestjs/common';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { sayStatus, type StatusFacts } from '@koneksi/contracts/status-facts';
import type { Caller } from '../auth/caller.js';
import { mapInTurns } from '../common/give-way.js';
import { StatusDesk } from '../wa-session/desk/status-desk.js';
import { toOutletStatus } from '../wa-session/domain/outlet-status-view.js';
import type { SessionRecord } from '../wa-session/domain/session-record.js';
import { OutletRows, type OutletRow } from '../wa-session/outlet-rows.js';

/** An outlet nobody has claimed or written about yet. */
const NO_RECORD: SessionRecord = {
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
};

/** Both truths, read now: rows from PostgreSQL, proof from the sockets. */
@Injectable()
export class StatusView {
  constructor(
    private readonly rows: OutletRows,
    private readonly desk: StatusDesk,
  ) {}

  async read(outletIds: Caller['outletIds'], locale: Locale): Promise<OutletStatus[]> {
    return mapInTurns(await this.facts(outletIds), (facts) => sayStatus(facts, locale));
  }

  async facts(outletIds: Caller['outletIds']): Promise<StatusFacts[]> {
    const rows = await (outletIds === 'all' ? this.rows.all() : this.rows.some(outletIds));
    return mapInTurns(rows, (row) => this.toFacts(row));
  }

  private toFacts({ outletId, outlet, record, revision }: OutletRow): StatusFacts {
    const known = record ?? NO_RECORD;
    return { ...toOutletStatus(outletId, outlet, known, this.desk.proof(outletId, known)), revision };
  }
}
