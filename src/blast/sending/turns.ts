import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import type { Pool } from 'pg';
import { Clock } from '../../common/clock.js';
import { messageOf } from '../../common/message-of.js';
import { SystemDataSource } from '../../database/system-data-source.js';

const QUEUES = 'blast-turn';
const queueOf = (nodeId: string): string => `${QUEUES}-${nodeId}`;
const MAX_FETCH = 100;
/** Looks for turns by itself this often, in case a wake-up was lost with the database. */
const LOOK_EVERY_MS = 15_000;
const AFTER_FAILURE_MS = 5_000;
/** A job is looked for this long after it was due. */
const AFTER_DUE_MS = 20;

/** Answers nothing where no turn waits. */
const NO_LATER_SQL = `
  UPDATE pgboss.job SET start_after = least(start_after, now() + make_interval(secs => $3::float8))
  WHERE name = $1 AND singleton_key = $2 AND state = 'created' RETURNING 1`;

interface Turn {
  outletId: string;
}

interface Job {
  queue: string;
  id: string;
}

/** Sends for one outlet; answers when its next turn comes, by the monotonic clock, or `null` for none. */
export type TakeTurn = (outletId: string) => Promise<number | null>;

/**
 * Whose turn it is to send, kept by pg-boss in PostgreSQL: one job per outlet that has something to send, due when the
 * outlet may send next. The messages themselves are in the ledger, so what is fetched here does not grow with them.
 * Each node has a queue of its own, made from the ledger and worthless after its end.
 */
@Injectable()
export class Turns {
  private readonly logger = new Logger('Blast');
  private readonly boss: PgBoss;
  private queue = '';
  /** Which queue is there for sure. */
  private made = '';
  private readonly busy = new Map<string, Promise<void>>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private fetching: Promise<void> | null = null;
  private lookAgain = false;
  private look: NodeJS.Timeout | undefined;
  private takeTurn: TakeTurn | null = null;
  /** Turns are nobody's request, though one may have asked for them. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
  ) {
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    this.boss = new PgBoss({ db: { executeSql: (text, values) => pool.query(text, values) }, schedule: false });
    this.boss.on('error', (error) => this.logger.debug(`Queue: ${error.message}`));
  }

  /** Nobody has a turn yet. What nodes left that are not among `living` is thrown away. */
  async start(
    node: { readonly id: string },
    takeTurn: TakeTurn,
    living: () => Promise<readonly string[]>,
  ): Promise<void> {
    await this.boss.start();
    this.queue = queueOf(node.id);
    await this.make();
    await this.clear(living);
    this.takeTurn = takeTurn;
    // It may have been taken for dead meanwhile.
    await this.moveTo(node.id);
    this.look = setInterval(() => this.fetch(), LOOK_EVERY_MS);
  }

  private get isRunning(): boolean {
    return this.takeTurn !== null;
  }

  /** This node begins anew under another id, with no turns. */
  async moveTo(nodeId: string): Promise<void> {
    const former = this.queue;
    if (!this.isRunning || former === queueOf(nodeId)) return;
    this.queue = queueOf(nodeId);
    await this.throwAway(former);
  }

  /** Nobody takes the turns of a node that is dead. */
  async forget(nodeId: string): Promise<void> {
    if (this.isRunning) await this.throwAway(queueOf(nodeId));
  }

  private async make(): Promise<void> {
    const { queue } = this;
    if (this.made === queue) return;
    await this.boss.createQueue(queue, { policy: 'short', retryLimit: 0, deleteAfterSeconds: 60 });
    this.made = queue;
  }

  /** pg-boss may say nothing of a queue that is gone: what was asked for is nowhere then. Else it is being taken. */
  private async requireQueue(): Promise<void> {
    if (await this.boss.getQueue(this.queue)) return;
    this.made = '';
    throw new Error(`queue ${this.queue} is not there`);
  }

  private async clear(living: () => Promise<readonly string[]>): Promise<void> {
    const queues = (await this.boss.getQueues()).map(({ name }) => name).filter((name) => name.startsWith(QUEUES));
    // Read after them: whoever has a queue was there before it.
    const kept = new Set([this.queue, ...(await living()).map(queueOf)]);
    for (const name of queues) if (!kept.has(name)) await this.throwAway(name);
  }

  /** Several nodes may find the same one dead at once: whoever comes second finds its queue gone, which pg-boss takes ill. */
  private async throwAway(name: string): Promise<void> {
    try {
      await this.boss.deleteQueue(name);
    } catch (error) {
      if (await this.boss.getQueue(name)) throw error;
    }
  }

  /** Resolves when the turns under way are over; no other begins. */
  async stop(): Promise<void> {
    const started = this.isRunning;
    this.takeTurn = null;
    clearInterval(this.look);
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.fetching;
    await Promise.all(this.busy.values());
    if (started) await this.boss.stop({ graceful: false });
  }

  /** Resolves when the turns of these that are under way are over. */
  async over(outletIds: readonly string[]): Promise<void> {
    await Promise.all(outletIds.map((outletId) => this.busy.get(outletId) ?? Promise.resolve()));
  }

  /** Their turn is now, whatever was planned; a little later where it cannot be asked for now, for nobody asks again. */
  async wake(outletIds: readonly string[]): Promise<void> {
    if (outletIds.length === 0 || !this.isRunning) return;
    const waiting = new Set(outletIds);
    try {
      await this.make();
      for (const outletId of outletIds) {
        const { jobs } = await this.boss.upsert(this.queue, { outletId }, { singletonKey: outletId, startAfter: 0 });
        if (jobs.length === 0) await this.requireQueue();
        waiting.delete(outletId);
      }
    } catch (error) {
      this.logger.warn(`Turns of ${waiting.size} outlets are asked for again: ${messageOf(error)}`);
      // It may have gone with another life of this node.
      this.made = '';
      for (const outletId of waiting) this.later(outletId);
    }
    this.fetch();
  }

  private fetch(): void {
    if (!this.isRunning) return;
    this.lookAgain = true;
    this.fetching ??= this.outside(() => this.fetchDue()).finally(() => {
      this.fetching = null;
      // Asked for between the last look and now.
      if (this.lookAgain) this.fetch();
    });
  }

  private async fetchDue(): Promise<void> {
    while (this.lookAgain && this.isRunning) {
      this.lookAgain = false;
      try {
        const { queue } = this;
        const jobs = await this.boss.fetch<Turn>(queue, { batchSize: MAX_FETCH });
        if (jobs.length === MAX_FETCH) this.lookAgain = true;
        for (const { id, data } of jobs) void this.take({ queue, id }, data.outletId);
      } catch {
        // The database is away; the next look finds them.
      }
    }
  }

  /** An outlet has one turn at a time: one that comes meanwhile follows it. */
  private async take(job: Job, outletId: string): Promise<void> {
    const before = this.busy.get(outletId) ?? Promise.resolve();
    const turn = before.then(() => this.run(job, outletId));
    this.busy.set(outletId, turn);
    await turn;
    if (this.busy.get(outletId) === turn) this.busy.delete(outletId);
  }

  private async run({ queue, id }: Job, outletId: string): Promise<void> {
    const { takeTurn } = this;
    if (!takeTurn) return;
    try {
      const next = await takeTurn(outletId);
      if (next !== null) await this.plan(outletId, next);
      // One that went with its node's former life is over by that.
      if (queue === this.queue) await this.boss.complete(queue, id);
    } catch (error) {
      this.logger.warn(`A turn of outlet ${outletId} failed: ${messageOf(error)}`);
      await this.plan(outletId, this.clock.now() + AFTER_FAILURE_MS).catch(() => this.later(outletId));
    }
  }

  /** The earlier of this and what is planned already: a turn too many only looks, one too late keeps people waiting. */
  private async plan(outletId: string, at: number): Promise<void> {
    const wait = at - this.clock.now();
    const seconds = Math.max(0, wait) / 1_000;
    // The database goes by a clock of its own, so it is told how long and not when.
    await this.make();
    const sent = await this.boss.send(this.queue, { outletId }, { singletonKey: outletId, startAfter: seconds });
    // One that is there keeps its own time; one that began meanwhile plans anew when it ends.
    if (sent === null) {
      const [planned] = await this.dataSource.query<[unknown[], number]>(NO_LATER_SQL, [this.queue, outletId, seconds]);
      if (planned.length === 0) await this.requireQueue();
    }
    // Counted from here on, as the database counts: whoever fetches earlier finds nothing.
    this.fetchAt(outletId, this.clock.now() + wait);
  }

  private fetchAt(outletId: string, at: number): void {
    clearTimeout(this.timers.get(outletId));
    this.timers.delete(outletId);
    const wait = at - this.clock.now();
    if (wait <= 0) return this.fetch();
    if (wait > LOOK_EVERY_MS) return;
    this.timers.set(
      outletId,
      setTimeout(() => this.fetchAt(outletId, at), Math.ceil(wait) + AFTER_DUE_MS),
    );
  }

  /** Not even planning was possible: the database is away. */
  private later(outletId: string): void {
    clearTimeout(this.timers.get(outletId));
    const again = (): void => void this.wake([outletId]);
    if (this.isRunning) this.timers.set(outletId, setTimeout(again, AFTER_FAILURE_MS));
  }
}
