import { REASON_STATUS, STATUS_NAMES } from '@koneksi/contracts/outlet-status';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { EventBus } from '../common/event-bus.js';
import { StatusDesk } from '../wa-session/desk/status-desk.js';
import { liveStatus } from '../wa-session/domain/live-proof.js';
import { BlastMetrics } from './blast-metrics.js';

/** What operators watch, counted from what is live and what was committed. No label names an outlet or a person. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor(
    private readonly desk: StatusDesk,
    private readonly bus: EventBus,
    blasts: BlastMetrics,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.countSessions();
    this.countChanges();
    this.watchStore();
    blasts.registerIn(this.registry);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private countSessions(): void {
    const { desk } = this;
    const registers = [this.registry];
    new Gauge({
      name: 'koneksi_sessions',
      help: 'Outlets by the status their session has now',
      labelNames: ['status'],
      registers,
      collect() {
        for (const status of STATUS_NAMES) this.set({ status }, 0);
        for (const { status } of desk.proofs()) this.inc({ status });
      },
    });
    new Gauge({
      name: 'koneksi_session_reasons',
      help: 'Outlets whose session is not CONNECTED now, by the reason',
      labelNames: ['reason'],
      registers,
      collect() {
        for (const reason of Object.keys(REASON_STATUS)) this.set({ reason }, 0);
        for (const reason of desk.reasons()) this.inc({ reason });
      },
    });
    new Gauge({
      name: 'koneksi_sessions_proven',
      help: 'Outlets whose socket proves now that it lives: open, logged in, heard of',
      registers,
      collect() {
        this.set(desk.proofs().filter((proof) => liveStatus(proof) === 'CONNECTED').length);
      },
    });
    new Counter({
      name: 'koneksi_drift_found_total',
      help: 'Rows or sockets the reconciler found to differ',
      registers,
      collect() {
        this.reset();
        this.inc(desk.figures.driftFound);
      },
    });
    new Counter({
      name: 'koneksi_inbound_stalls_total',
      help: 'Connections that answered but read no mail any more, and were replaced',
      registers,
      collect() {
        this.reset();
        this.inc(desk.figures.stallsFound);
      },
    });
    new Counter({
      name: 'koneksi_inbound_given_up_total',
      help: 'Incoming stanzas that held up all others twice, and were acknowledged unread',
      registers,
      collect() {
        this.reset();
        this.inc(desk.figures.mailGivenUp);
      },
    });
    new Counter({
      name: 'koneksi_histories_given_up_total',
      help: 'Parts of histories that cannot be read, or were not for as long as WhatsApp keeps them',
      registers,
      collect() {
        this.reset();
        this.inc(desk.figures.historiesGivenUp);
      },
    });
  }

  private countChanges(): void {
    const registers = [this.registry];
    const changes = new Counter({
      name: 'koneksi_status_changes_total',
      help: 'Committed changes of status, by the status and the reason they led to',
      labelNames: ['status', 'reason'],
      registers,
    });
    const losses = new Counter({
      name: 'koneksi_connections_lost_total',
      help: 'Sessions that were CONNECTED and are no longer, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.bus.on('outlet-status.changed', ({ status, previous }) => {
      const { status: name } = status.session;
      if (name === previous) return;
      const reason = status.reason?.code ?? 'none';
      changes.inc({ status: name, reason });
      if (previous === 'CONNECTED') losses.inc({ reason });
    });
  }

  private watchStore(): void {
    const { desk } = this;
    const registers = [this.registry];
    new Gauge({
      name: 'koneksi_journal_pending',
      help: 'Changes of status that wait for PostgreSQL to take them',
      registers,
      collect() {
        this.set(desk.figures.unwritten);
      },
    });
    const lost = new Gauge({
      name: 'koneksi_store_lost',
      help: '1 while PostgreSQL has not taken a write for so long that sessions were ended',
      registers,
    });
    this.bus.on('store.lost', () => lost.set(1));
    this.bus.on('store.back', () => lost.set(0));
  }
}
