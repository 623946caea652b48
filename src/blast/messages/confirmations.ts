import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { violatesUnique } from '../../common/postgres-errors.js';
import { untilItWorks } from '../../common/until-it-works.js';
import { OwedConfirmations, type OwedConfirmation } from '../../consent/owed-confirmations.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { BlastPolicies } from '../blast-policy.js';
import { ONE_BLAST_PER_KEY } from '../blast.entity.js';
import { Ledger } from '../ledger.js';
import { Limits } from '../limits/limits.js';
import { BlastRunner } from '../sending/blast-runner.js';
import { CONFIRMATION_TEXTS } from './confirmation-texts.js';
import { KONEKSI } from './koneksi.js';
import { OneMessageWriter } from './one-message.js';

const RETRY_MS = 2_000;
/** Said later than this after their STOP it would be one more message that nobody asked for. Milliseconds. */
const IN_TIME_MS = 24 * 3_600_000;

/**
 * Tells who wrote STOP, once for each opt-out, that nothing more comes: from the outlet that got it, under the same ledger,
 * pace, caps and quiet hours as everything else. What is owed was written with the opt-out; it and the message that pays it
 * change in one transaction.
 */
@Injectable()
export class Confirmations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Blast');
  private readonly stopped = new AbortController();
  private readonly working = new Set<Promise<unknown>>();

  constructor(
    private readonly owed: OwedConfirmations,
    private readonly policies: BlastPolicies,
    private readonly limits: Limits,
    private readonly writer: OneMessageWriter,
    private readonly ledger: Ledger,
    private readonly runner: BlastRunner,
    private readonly dataSource: SystemDataSource,
    bus: EventBus,
  ) {
    bus.on('optout.recorded', ({ number }) => this.takeUp(number));
  }

  /** What a process that died left between an opt-out and its answer. */
  onApplicationBootstrap(): void {
    this.takeUp(null);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.working);
  }

  private takeUp(number: string | null): void {
    const work = async (): Promise<void> => {
      for (const one of await this.owed.list(number)) await this.pay(one);
    };
    const done: Promise<unknown> = untilItWorks(work, {
      pauseMs: RETRY_MS,
      signal: this.stopped.signal,
      onFailure: (error) =>
        this.logger.error(`A confirmation waits: ${error instanceof Error ? error.name : 'unknown error'}`),
    }).finally(() => this.working.delete(done));
    this.working.add(done);
  }

  private async pay(one: OwedConfirmation): Promise<void> {
    const { id, number, outletId } = one;
    const confirms = await this.confirms(outletId);
    if (confirms) await this.withdrawEarlier(number);
    const blastId = await this.write(one, confirms);
    if (blastId === null) return;
    this.ledger.touched([blastId]);
    this.runner.wake([outletId]);
    this.logger.debug(`The STOP of ${id} is confirmed`);
  }

  /** What the outlet says, or else the chain. */
  private async confirms(outletId: string): Promise<boolean> {
    const own = (await this.limits.of([outletId])).get(outletId)?.confirmStop ?? null;
    return own ?? (await this.policies.read()).confirmStop;
  }

  /** Of an opt-out that a person took back meanwhile: this one says the same. */
  private async withdrawEarlier(number: string): Promise<void> {
    const where = `r.number = $6 AND EXISTS (SELECT FROM blasts b WHERE b.id = r.blast_id AND b.kind = 'confirmation')`;
    await this.ledger.moveMany('skipped', 'CANCELED', ['queued'], where, [number]);
  }

  /** The message that pays what is owed; `null` where it is not to be said, or was written by another process. */
  private async write(
    { id, number, outletId, language, at }: OwedConfirmation,
    confirms: boolean,
  ): Promise<string | null> {
    const blastId = randomUUID();
    try {
      return await this.dataSource.transaction(async (manager) => {
        // Taken back since it was listed, and perhaps owed anew: that is told by itself.
        const isOwed = await this.owed.settle(id, manager);
        const [outlet] =
          isOwed && confirms
            ? await manager.query<{ id: string; name: string }[]>(OUTLET_SQL, [outletId, number, at])
            : [];
        if (!outlet) return null;
        await this.writer.write(manager, KONEKSI, {
          id: blastId,
          kind: 'confirmation',
          outlet,
          phone: number,
          text: CONFIRMATION_TEXTS[language],
          idempotencyKey: `confirmation ${id}`,
          request: id,
          notAfter: new Date(at.getTime() + IN_TIME_MS).toISOString(),
        });
        return blastId;
      });
    } catch (error) {
      if (!violatesUnique(error, ONE_BLAST_PER_KEY)) throw error;
      await this.owed.settle(id);
      return null;
    }
  }
}

/** Whoever wrote is no stranger to the outlet, however WhatsApp named them then. An outlet that was removed answers nobody. */
const OUTLET_SQL = `
  WITH outlet AS (SELECT id, name FROM outlets WHERE id = $1 FOR KEY SHARE),
  chat AS (
    INSERT INTO outlet_chats AS c (outlet_id, number, since, replied_at) SELECT id, $2, $3, $3 FROM outlet
    ON CONFLICT (outlet_id, number) DO UPDATE SET replied_at = EXCLUDED.replied_at WHERE c.replied_at IS NULL)
  SELECT id, name FROM outlet`;
