import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { RECIPIENT_STATUSES } from '@koneksi/contracts/blast-states';
import { DataSource } from 'typeorm';
import { EventBus } from '../common/event-bus.js';

/** How blasts go, over all outlets. No label names a blast, an outlet or a person. */
@Injectable()
export class BlastMetrics {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: EventBus,
  ) {}

  registerIn(registry: Registry): void {
    this.measureQueue(registry);
    this.countMoves(registry);
    this.timeAnswers(registry);
  }

  /** From the totals that each move keeps up to date, of parts that have something open: never by counting recipients. */
  private measureQueue(registry: Registry): void {
    const { dataSource } = this;
    new Gauge({
      name: 'koneksi_blast_queue',
      help: 'Recipients of running blasts that wait (queued) or are on their way (sending)',
      labelNames: ['status'],
      registers: [registry],
      async collect() {
        // A database that is away leaves a gap, not a wrong number, and takes no other metric with it.
        this.reset();
        const [open] = await dataSource
          .query<{ queued: string; sending: string }[]>(
            `SELECT coalesce(sum(o.queued), 0) AS queued, coalesce(sum(o.sending), 0) AS sending
             FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
             WHERE o.queued + o.sending > 0 AND b.status = 'running'`,
          )
          .catch(() => []);
        if (!open) return;
        this.set({ status: 'queued' }, Number(open.queued));
        this.set({ status: 'sending' }, Number(open.sending));
      },
    });
  }

  private countMoves(registry: Registry): void {
    const moves = new Counter({
      name: 'koneksi_blast_recipients_total',
      help: 'Recipients of blasts by what they became: sent, delivered, read, failed, skipped, unknown …',
      labelNames: ['status'],
      registers: [registry],
    });
    for (const status of RECIPIENT_STATUSES) moves.inc({ status }, 0);
    this.bus.on('blast-recipients.moved', (counts) => {
      for (const [status, count] of Object.entries(counts)) moves.inc({ status }, count);
    });
  }

  private timeAnswers(registry: Registry): void {
    const answers = new Histogram({
      name: 'koneksi_blast_answer_seconds',
      help: 'From handing a message to its socket to the word of WhatsApp, by outcome; uncertain is no word in time',
      labelNames: ['outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
      registers: [registry],
    });
    answers.zero({ outcome: 'acknowledged' });
    this.bus.on('blast-message.answered', ({ outcome, seconds }) => answers.observe({ outcome }, seconds));
  }
}
