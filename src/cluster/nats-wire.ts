import { Logger } from '@nestjs/common';
import { connect, type Msg, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { ALL } from './frames.js';
import type { Wire, WireListener } from './wire.js';
import { messageOf } from '../common/message-of.js';

/** Well below what a server takes by default, a megabyte. */
const LONGEST = 500_000;
const RETRY_MS = 250;
/** A server that died without a word is found after two of these. */
const PING_EVERY_MS = 5_000;

const subjectOf = (to: string): string => (to === ALL ? 'koneksi.all' : `koneksi.node.${to}`);

/** NATS core, for more nodes than NOTIFY carries well. What is said while there is no server is lost, as with NOTIFY. */
export class NatsWire implements Wire {
  readonly longest = LONGEST;
  private readonly logger = new Logger('Cluster');
  private connection: NatsConnection | null = null;
  private isUp = false;
  private isClosed = false;
  private readonly nodeIds = new Set<string>();
  private listener: WireListener = { heard: () => undefined, back: () => undefined };

  constructor(private readonly url: string) {}

  /** Waits for no server: until one is there nothing is carried. */
  open(nodeId: string, listener: WireListener): Promise<void> {
    this.nodeIds.add(nodeId);
    this.listener = listener;
    const { promise, resolve } = Promise.withResolvers<void>();
    let isLate = false;
    const patience = setTimeout(() => {
      isLate = true;
      this.logger.warn('NATS_URL leads to no server that answers. Trying on');
      resolve();
    }, PING_EVERY_MS);
    connect({ ...toOptions(this.url), ...OPTIONS, name: `koneksi ${nodeId}` }).then(
      (connection) => {
        clearTimeout(patience);
        if (this.isClosed) return void connection.close();
        this.begin(connection);
        // Only once the server knows what we listen to is nothing missed.
        void connection.flush().then(() => {
          if (isLate) listener.back();
          resolve();
        }, resolve);
      },
      (error: unknown) => {
        clearTimeout(patience);
        this.logger.error(`NATS is not used: ${messageOf(error)}`);
        resolve();
      },
    );
    return promise;
  }

  async alsoAs(nodeId: string): Promise<void> {
    this.nodeIds.add(nodeId);
    if (!this.connection) return;
    this.listenTo(this.connection, nodeId);
    await this.connection.flush();
  }

  async send(to: string, frames: readonly string[]): Promise<void> {
    const { connection } = this;
    // The client would keep it for later; then it may be a command that nobody waits for any more.
    if (!connection || !this.isUp) throw new Error('no connection to other nodes');
    for (const frame of frames) connection.publish(subjectOf(to), frame);
    return Promise.resolve();
  }

  sendSql(): null {
    return null;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.connection?.close();
  }

  private begin(connection: NatsConnection): void {
    this.connection = connection;
    this.isUp = true;
    for (const to of [ALL, ...this.nodeIds]) this.listenTo(connection, to);
    void this.follow(connection);
  }

  private listenTo(connection: NatsConnection, to: string): void {
    const callback = (error: Error | null, message: Msg): void => {
      if (!error) this.listener.heard(message.string());
    };
    connection.subscribe(subjectOf(to), { callback });
  }

  private async follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') {
        this.isUp = false;
        this.logger.warn('The connection to NATS was lost');
      }
      if (type !== 'reconnect') continue;
      this.isUp = true;
      this.logger.log('Other nodes are heard again');
      this.listener.back();
    }
  }
}

const OPTIONS = {
  reconnect: true,
  maxReconnectAttempts: -1,
  waitOnFirstConnect: true,
  reconnectTimeWait: RETRY_MS,
  reconnectJitter: RETRY_MS,
  pingInterval: PING_EVERY_MS,
  maxPingOut: 2,
} satisfies NodeConnectionOptions;

/** The client takes no credentials from an address. */
function toOptions(url: string): NodeConnectionOptions {
  const { protocol, host, username, password } = new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: host,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(user && (pass ? { user, pass } : { token: user })),
  };
}
