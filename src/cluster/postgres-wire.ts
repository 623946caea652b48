import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { withDeadline } from '../common/deadline.js';
import { messageOf } from '../common/message-of.js';
import { ALL } from './frames.js';
import type { Wire, WireListener } from './wire.js';

/** PostgreSQL refuses a payload of 8,000 bytes or more. */
const LONGEST = 7_800;
const RETRY_MS = 250;
/** A connection that died without a word is found by asking it something. */
const LOOK_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;

const channelOf = (to: string): string => (to === ALL ? 'koneksi' : `koneksi_${to}`);

interface Waiting {
  channel: string;
  frame: string;
  settled: (error?: unknown) => void;
}

/**
 * LISTEN and NOTIFY by one connection of its own, past any pooler. What waits goes in one statement, whose words arrive
 * together and in order; NOTIFY writes nothing to disk.
 */
export class PostgresWire implements Wire {
  readonly longest = LONGEST;
  private readonly logger = new Logger('Cluster');
  private readonly closing = new AbortController();
  private client: pg.Client | null = null;
  private waiting: Waiting[] = [];
  private isSending = false;
  private looking: NodeJS.Timeout | null = null;
  private readonly nodeIds = new Set<string>();
  private listener: WireListener = { heard: () => undefined, back: () => undefined };

  constructor(private readonly url: string) {}

  async open(nodeId: string, listener: WireListener): Promise<void> {
    this.nodeIds.add(nodeId);
    this.listener = listener;
    try {
      await this.connect();
    } catch (error) {
      this.logger.warn(`No connection to listen to other nodes by: ${messageOf(error)}. Trying on`);
      void this.reconnect();
    }
    this.looking = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  async alsoAs(nodeId: string): Promise<void> {
    this.nodeIds.add(nodeId);
    // Where there is no connection, the next one listens to all of them.
    if (this.client) await listen(this.client, [channelOf(nodeId)]);
  }

  send(to: string, frames: readonly string[]): Promise<void> {
    const channel = channelOf(to);
    const sent = frames.map(
      (frame) =>
        new Promise<void>((resolve, reject) => {
          const settled = (error?: unknown): void =>
            error === undefined ? resolve() : reject(error instanceof Error ? error : new Error('not sent'));
          this.waiting.push({ channel, frame, settled });
        }),
    );
    void this.flush();
    return Promise.all(sent).then(() => undefined);
  }

  sendSql(text: string): string {
    return `pg_notify('${channelOf(ALL)}', ${pg.escapeLiteral(text)})`;
  }

  async close(): Promise<void> {
    this.closing.abort();
    if (this.looking) clearInterval(this.looking);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'koneksi-listener',
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
    });
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.listener.heard(payload ?? ''));
    try {
      await client.connect();
      await listen(client, [ALL, ...this.nodeIds].map(channelOf));
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    client.on('end', () => void this.lost(client));
    this.client = client;
    void this.flush();
  }

  private async lost(client: pg.Client): Promise<void> {
    if (this.client !== client) return;
    this.client = null;
    const waiting = this.waiting.splice(0);
    for (const { settled } of waiting) settled(new Error('the connection to other nodes was lost'));
    if (this.closing.signal.aborted) return;
    this.logger.warn('The connection to listen to other nodes by was lost');
    await this.reconnect();
  }

  private async reconnect(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.connect();
      } catch {
        continue;
      }
      this.logger.log('Other nodes are heard again');
      return this.listener.back();
    }
  }

  /** One statement at a time, with all that waits. */
  private async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        await this.notify(batch);
        for (const { settled } of batch) settled();
      } catch (error) {
        for (const { settled } of batch) settled(error);
      }
    }
    this.isSending = false;
  }

  private async notify(batch: readonly Waiting[]): Promise<void> {
    if (!this.client) throw new Error('no connection to other nodes');
    const values = [batch.map(({ channel }) => channel), batch.map(({ frame }) => frame)];
    const sql = 'SELECT pg_notify(channel, frame) FROM unnest($1::text[], $2::text[]) AS said(channel, frame)';
    await withDeadline(this.client.query(sql, values), ANSWER_WITHIN_MS, 'NOTIFY');
  }

  private async look(): Promise<void> {
    const { client } = this;
    if (!client || this.isSending) return;
    try {
      await withDeadline(client.query('SELECT 1'), ANSWER_WITHIN_MS, 'looking at the connection to other nodes');
    } catch {
      void client.end().catch(() => undefined);
      await this.lost(client);
    }
  }
}

async function listen(client: pg.Client, channels: readonly string[]): Promise<void> {
  const sql = channels.map((channel) => `LISTEN "${channel}"`).join('; ');
  await withDeadline(client.query(sql), ANSWER_WITHIN_MS, 'LISTEN');
}
