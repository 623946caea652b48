import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { errorAnswer, FrontendReader, BackendReader } from './postgres-wire.ts';

/** Held before PostgreSQL hears of the statement, or after it has answered and before the product knows. */
export type When = 'before' | 'after';

interface Trap {
  pattern: RegExp;
  left: number;
  when: When;
  reached: () => void;
}

/** One connection of the product, message by message. */
interface Lane {
  client: Socket;
  server: Socket;
  /** Nothing more goes to PostgreSQL on this lane. */
  held: boolean;
  /** PostgreSQL's answers stay here. */
  mute: Trap | null;
}

/**
 * The product's way to PostgreSQL: it can stall, break, refuse statements, or hold the n-th statement of a kind, so
 * that a process can be killed at a named point without a word in its code.
 */
export class PostgresRoad {
  private readonly server: Server;
  private readonly lanes = new Set<Lane>();
  private readonly target: URL;
  private traps: Trap[] = [];
  private refusal: { pattern: RegExp; code: string; message: string } | null = null;
  private stalled = false;
  private broken = false;
  /** Every statement that passed, oldest first, while `record` is on. */
  readonly statements: string[] = [];
  record = false;

  private constructor(server: Server, target: URL) {
    this.server = server;
    this.target = target;
  }

  static async start(databaseUrl: string): Promise<PostgresRoad> {
    const server = createServer();
    const road = new PostgresRoad(server, new URL(databaseUrl));
    server.on('connection', (socket) => road.carry(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return road;
  }

  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** As SIGSTOP would: what is connected stays so, what connects waits, nobody answers. */
  stall(): void {
    this.stalled = true;
    for (const lane of this.lanes) pauseLane(lane);
  }

  flow(): void {
    this.stalled = false;
    for (const lane of this.lanes) {
      lane.client.resume();
      lane.server.resume();
    }
  }

  /** Ends every connection and lets none in. */
  cut(): void {
    this.broken = true;
    this.hangUp();
  }

  mend(): void {
    this.broken = false;
  }

  /** Ends every connection; new ones are welcome. */
  hangUp(): void {
    for (const { client, server } of this.lanes) {
      client.destroy();
      server.destroy();
    }
  }

  /** Resolves when the n-th statement that fits from now on is held. */
  hold(pattern: RegExp, nth: number, when: When): Promise<void> {
    return new Promise((reached) => this.traps.push({ pattern, left: nth, when, reached }));
  }

  /** Answers statements that fit with this error, as a full disk would (53100). */
  refuse(pattern: RegExp, code: string, message: string): void {
    this.refusal = { pattern, code, message };
  }

  /** No trap, no refusal any more; what is held stays held until its connection ends. */
  clear(): void {
    this.traps = [];
    this.refusal = null;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(client: Socket): void {
    if (this.broken) return void client.destroy();
    const server = connect(Number(this.target.port), this.target.hostname);
    const lane: Lane = { client, server, held: false, mute: null };
    this.lanes.add(lane);
    const frontend = new FrontendReader();
    const backend = new BackendReader();
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      end.setNoDelay(true);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        this.lanes.delete(lane);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      for (const { bytes: message, statement, isEnd } of frontend.read(bytes))
        this.pass(lane, message, statement, isEnd, backend);
    });
    server.on('data', (bytes) => {
      const ready = backend.read(bytes);
      if (!lane.mute) return void client.write(bytes);
      if (ready) lane.mute.reached();
    });
    if (this.stalled) pauseLane(lane);
  }

  private pass(lane: Lane, message: Buffer, statement: string | null, isEnd: boolean, backend: BackendReader): void {
    if (lane.held) return;
    if (statement !== null && !backend.refusing) {
      if (this.record) this.statements.push(statement);
      if (this.refusal?.pattern.test(statement)) backend.refusing = true;
      const trap = this.trapFor(statement);
      if (trap?.when === 'before') {
        lane.held = true;
        return trap.reached();
      }
      if (trap) lane.mute = trap;
    }
    if (!backend.refusing) return void lane.server.write(message);
    if (!isEnd) return;
    backend.refusing = false;
    const { code, message: text } = this.refusal ?? { code: '53100', message: 'refused' };
    lane.client.write(errorAnswer(code, text, backend.status));
  }

  private trapFor(statement: string): Trap | undefined {
    const fitting = this.traps.filter((trap) => trap.left > 0 && trap.pattern.test(statement));
    for (const trap of fitting) trap.left--;
    return fitting.find((trap) => trap.left === 0);
  }
}

function pauseLane({ client, server }: Lane): void {
  client.pause();
  server.pause();
}
