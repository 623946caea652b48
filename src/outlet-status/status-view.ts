import { Injectable } from '@nestjs/common';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { Caller } from '../auth/caller.js';
import { toOutletStatus } from '../wa-session/domain/outlet-status-view.js';
import type { LiveProof } from '../wa-session/domain/live-proof.js';
import type { SessionRecord } from '../wa-session/domain/session-record.js';
import { OutletRows, type OutletRow } from '../wa-session/outlet-rows.js';
import { SessionContext } from '../wa-session/session-context.js';
import { SessionRegistry } from '../wa-session/session-registry.js';

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
  since: null,
  lastEnding: null,
  everLinked: false,
};

const NO_SOCKET: LiveProof = {
  status: 'DISCONNECTED',
  qrShown: false,
  name: null,
  inMemory: false,
  websocketOpen: false,
  userPresent: false,
  silentForMs: null,
};

/** Both truths, read now: rows from PostgreSQL, proof from the sockets. */
@Injectable()
export class StatusView {
  constructor(
    private readonly rows: OutletRows,
    private readonly registry: SessionRegistry,
    private readonly context: SessionContext,
  ) {}

  async read(outletIds: Caller['outletIds'], locale: Locale): Promise<OutletStatus[]> {
    const rows = await (outletIds === 'all' ? this.rows.all() : this.rows.some(outletIds));
    return rows.map((row) => this.toStatus(row, locale));
  }

  private toStatus({ outletId, outlet, record, revision }: OutletRow, locale: Locale): OutletStatus {
    const proof = this.registry.find(outletId)?.proof() ?? NO_SOCKET;
    return {
      ...toOutletStatus(outletId, outlet, record ?? NO_RECORD, proof, this.context.maxSilenceMs, locale),
      revision,
    };
  }
}
