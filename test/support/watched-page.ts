import type { ClientToServerEvents, ResumeAnswer, ServerToClientEvents } from '@koneksi/contracts/realtime';
import { io, type Socket } from 'socket.io-client';
import type { PageFact } from './history-check.ts';

const ANSWERED_WITHIN_MS = 10_000;
const ASK_AGAIN_MS = 500;

/**
 * An open page of somebody who may see every outlet: it writes down each cursor it is told, comes back by itself, and asks
 * for what it missed, as pages do.
 */
export class WatchedPage {
  private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  private readonly facts: PageFact[];
  /** Up to here it knows everything; `null` before its first snapshot. */
  cursor: number | null = null;
  /** The newest it was told on this connection. */
  private newest = 0;
  /** Whether it asks for what it missed. */
  private asks = false;
  private connections = 0;

  private constructor(url: string, token: () => Promise<string>, facts: PageFact[]) {
    this.facts = facts;
    const auth = (give: (auth: object) => void): void =>
      void token().then(
        (known) => give({ token: known }),
        () => give({}),
      );
    this.socket = io(url, { auth, transports: ['websocket'], forceNew: true, reconnectionDelayMax: 1_000 });
    this.socket.on('outlet-status:snapshot', ({ cursor }) => this.begins(cursor));
    this.socket.on('outlet-status:changed', ({ cursor }) => this.hears(cursor));
    this.socket.on('outlet-status:removed', ({ cursor }) => this.hears(cursor));
    this.socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') this.socket.connect();
    });
  }

  /** Resolves with its first snapshot. */
  static async open(url: string, token: () => Promise<string>, facts: PageFact[]): Promise<WatchedPage> {
    const page = new WatchedPage(url, token, facts);
    await new Promise((resolve, reject) => {
      page.socket.once('outlet-status:snapshot', resolve);
      page.socket.once('connect_error', reject);
    });
    return page;
  }

  close(): void {
    this.connections++;
    this.socket.disconnect();
  }

  private begins(cursor: number): void {
    this.facts.push({ kind: 'snapshot', cursor });
    this.newest = cursor;
    const connection = ++this.connections;
    if (this.cursor === null) this.cursor = cursor;
    else void this.resume(this.cursor, connection);
  }

  private hears(cursor: number): void {
    this.facts.push({ kind: 'told', cursor });
    this.newest = Math.max(this.newest, cursor);
    if (!this.asks) this.cursor = this.newest;
  }

  /** Until it is answered, or the connection is another. */
  private async resume(from: number, connection: number): Promise<void> {
    this.asks = true;
    for (;;) {
      const answer = await this.ask(from);
      if (connection !== this.connections) return;
      if (answer?.success) return this.knows(from, answer);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  private ask(from: number): Promise<ResumeAnswer | null> {
    return this.socket
      .timeout(ANSWERED_WITHIN_MS)
      .emitWithAck('outlet-status:resume', { cursor: from })
      .catch(() => null);
  }

  private knows(from: number, answer: ResumeAnswer & { success: true }): void {
    if ('changes' in answer) {
      const cursors = answer.changes.map(({ cursor }) => cursor);
      this.facts.push({ kind: 'resumed', from, cursors, to: answer.cursor });
    }
    this.asks = false;
    this.cursor = Math.max(this.newest, answer.cursor);
  }
}
