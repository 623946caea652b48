import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { StartupFault } from '../config/startup-fault.js';
import { describeHolder } from './holder.js';
import type { Reservation } from './reservation.js';

export interface SingleProcessOptions {
  /** How long another Koneksi may take to end before we give up; by default until a dead host's lock is free. */
  patienceMs?: number | undefined;
  retakeEveryMs?: number;
  /** Beside others that share it as well, and beside nobody who wants it alone. */
  shared?: boolean;
  say?: (text: string) => void;
  /** Run before each attempt to come back, e.g. to revive the embedded server. */
  beforeRetake?: () => Promise<void>;
  /** Another Koneksi holds the database for good: this one must not go on. */
  onUsurped?: () => void;
}

/** "KONEKSI" in ASCII. */
export const LOCK_KEY = String(0x4b4f4e454b5349n);
/** Of a row of `pg_locks l`, by the key as $1. */
const IS_LOCK = `
  l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (l.classid::bigint << 32) + l.objid::bigint = $1::bigint`;
const RETAKE_EVERY_MS = 1000;
/** When PostgreSQL finds that a silent host is gone. Seconds. */
const KEEPALIVE = { idle: 15, interval: 5, count: 6 };
/** As long as that takes, and a little: whoever waits less gives up on a lock whose holder is dead. */
export const TAKE_OVER_MS = (KEEPALIVE.idle + KEEPALIVE.interval * KEEPALIVE.count + 10) * 1_000;
/** A holder's name begins so; PostgreSQL cuts what is longer than 63 bytes. */
const APPLICATION = 'koneksi lock';
const LONGEST_HOST = 24;

/**
 * Two processes that open the same WhatsApp sessions throw each other out for ever. So one process at a time works on
 * a database, or several that know of each other: it holds an advisory lock on a connection of its own, alone or shared,
 * which PostgreSQL frees when the process is gone.
 */
export class SingleProcess implements Reservation {
  private readonly logger = new Logger('Database');
  private readonly applicationName = [
    APPLICATION,
    `${process.pid}@${hostname().slice(0, LONGEST_HOST)}`,
    randomBytes(6).toString('hex'),
  ].join(' ');
  private client: pg.Client | undefined;
  /** The one by which the lock was taken last. */
  private holding: pg.Client | undefined;
  private released = false;

  private constructor(
    private readonly url: string,
    private readonly options: SingleProcessOptions,
  ) {}

  /** Fails with what `pg` says where the database refuses. */
  static async acquire(url: string, options: SingleProcessOptions = {}): Promise<SingleProcess> {
    const lock = new SingleProcess(url, options);
    await lock.acquire(options.patienceMs ?? TAKE_OVER_MS);
    return lock;
  }

  /** The lock lives for exactly as long as its connection answers. */
  async holds(): Promise<boolean> {
    const { holding } = this;
    if (!holding) return false;
    return holding.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  /** Whether who asks by these connections is at the database that this lock keeps. */
  async isSeenBy(dataSource: DataSource): Promise<boolean> {
    const [of] = (await this.holding?.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))?.rows ?? [];
    const seen = await dataSource.query<unknown[]>(`SELECT 1 FROM pg_locks l WHERE ${IS_LOCK} AND l.pid = $2`, [
      LOCK_KEY,
      of?.pid,
    ]);
    return seen.length > 0;
  }

  private hold(client: pg.Client): void {
    this.holding = client;
    client.once('end', () => void this.retake());
  }

  /** @param first what still needs the database to itself, such as stopping its server under whoever waits for it */
  async release(first: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.released = true;
    try {
      await first();
    } finally {
      await this.disconnect();
    }
  }

  private async acquire(patienceMs: number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    try {
      const client = await this.connect();
      let told = false;
      while (!(await this.tryLock(client))) {
        if (performance.now() > deadline)
          throw new StartupFault(
            `Another Koneksi${await holderOf(client)} already uses this database: end it first.${this.hint}`,
          );
        if (!told) {
          const seconds = Math.ceil((deadline - performance.now()) / 1_000);
          this.options.say?.(
            `Another Koneksi${await holderOf(client)} still uses this database; waiting up to ${seconds} s for it to end …`,
          );
        }
        told = true;
        await sleep(100);
      }
      this.hold(client);
    } catch (error) {
      await this.disconnect();
      throw error;
    }
  }

  private async tryLock(client: pg.Client): Promise<boolean> {
    const lock = this.options.shared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
    const { rows } = await client.query<{ locked: boolean }>(`SELECT ${lock}($1) AS locked`, [LOCK_KEY]);
    return rows[0]?.locked === true;
  }

  /** For who would share with one that does not. */
  private get hint(): string {
    return this.options.shared ? ' Several share one where each is started with SEVERAL_NODES=on.' : '';
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: this.applicationName,
      connectionTimeoutMillis: 5000,
      query_timeout: 5000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    // `end` follows every error, and is what we act on.
    client.on('error', () => undefined);
    // From here on it is ended by whoever gives up, whatever fails below.
    this.client = client;
    await client.connect();
    // A server that cannot reach us any more must free the lock in a minute, not in the two hours TCP would take.
    const { idle, interval, count } = KEEPALIVE;
    await client.query(
      `SET tcp_keepalives_idle = ${idle}; SET tcp_keepalives_interval = ${interval}; SET tcp_keepalives_count = ${count}`,
    );
    return client;
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** Runs once per lost connection, until the lock is ours again or provably somebody else's. */
  private async retake(): Promise<void> {
    if (this.released) return;
    this.logger.warn('The connection that reserves the database broke; taking it again');
    let heldByOther = 0;
    let holder = '';
    while (!this.released) {
      try {
        await this.options.beforeRetake?.();
        const client = await this.connect();
        if (this.released) return await this.disconnect();
        if (await this.tryLock(client)) {
          this.hold(client);
          this.logger.log('The database is reserved again');
          return;
        }
        await this.endOurOldConnection(client);
        holder = await holderOf(client);
        heldByOther++;
      } catch {
        // The database is away; readiness says so.
      }
      await this.disconnect();
      if (heldByOther >= 10) {
        this.logger.error(`Another Koneksi${holder} took over this database`);
        this.options.onUsurped?.();
        return;
      }
      await sleep(this.options.retakeEveryMs ?? RETAKE_EVERY_MS);
    }
  }

  /** After a network split the server may not know yet that our former connection is dead. */
  private async endOurOldConnection(client: pg.Client): Promise<void> {
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
      [this.applicationName],
    );
  }
}

/** Whoever holds the lock, in words; nothing where it was given up meanwhile, or is not ours to see. */
async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string | null; since: Date | null }>(
    `SELECT a.application_name AS name, a.backend_start AS since
     FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE ${IS_LOCK}`,
    [LOCK_KEY],
  );
  const [row] = rows;
  const [, pid, host] = /^koneksi lock (\d+)@(\S+) /.exec(row?.name ?? '') ?? [];
  if (!row?.since || !pid || !host) return '';
  return describeHolder({ host, pid: Number(pid), since: row.since.toISOString() });
}
