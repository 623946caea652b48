import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { LookLoop } from '../common/look-loop.js';
import { windDown } from '../common/winding-down.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { Ledger } from './ledger.js';

/** Whoever cancels a blast skips its recipients right after, and counts them; by then they have. Milliseconds. */
const GRACE_MS = 30_000;

/**
 * Whoever waits in a blast that was canceled is skipped, however the process ended that canceled it, or the database was
 * away: else they wait for ever, and what it says is never purged.
 */
@Injectable()
export class CanceledBlasts implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Blast');
  /** At the start, whatever a dead process left. */
  private graceMs = 0;
  private readonly looks = new LookLoop({
    look: async () => {
      await this.skipLeft();
      this.graceMs = GRACE_MS;
    },
    nextDueIn: () => Promise.resolve(null),
  });

  constructor(
    private readonly ledger: Ledger,
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    bus.on('store.back', () => this.looks.wake());
  }

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return windDown(() => this.looks.stop());
  }

  /** Of blasts whose cancellation is committed. What cannot be written now is later. */
  async skip(blastIds: readonly string[]): Promise<void> {
    try {
      await this.ledger.moveMany('skipped', 'CANCELED', ['queued'], 'r.blast_id = ANY ($6::uuid[])', [blastIds]);
    } catch (error) {
      this.logger.error(`Recipients of canceled blasts stand as queued for now: ${messageOf(error)}`);
    }
  }

  private async skipLeft(): Promise<void> {
    const before = new Date(this.clock.wall() - this.graceMs);
    const left = await this.dataSource.query<{ id: string }[]>(LEFT_SQL, [before]);
    if (left.length > 0) await this.skip(left.map(({ id }) => id));
  }
}

/** The index of open parts is what makes it cheap. */
const LEFT_SQL = `
  SELECT DISTINCT b.id FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
  WHERE o.queued + o.sending > 0 AND o.queued > 0 AND b.status = 'canceled' AND coalesce(b.finished_at <= $1, true)`;
