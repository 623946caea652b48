import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ChangeFacts } from '@koneksi/contracts/status-facts';
import type { ResumeAnswer, StatusChange } from '@koneksi/contracts/realtime';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { eventually } from '../../test/support/eventually.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { StatusBoard } from '../status-log/status-board.js';
import type { StatusLog } from '../status-log/status-log.js';
import type { RealtimeSocket } from './dashboard-socket.js';
import { ALL_OUTLETS, localeRoom } from './rooms.js';
import { SocketWrites } from '../common/socket-writes.js';
import { StatusGateway } from './status.gateway.js';

const LONG = 'x'.repeat(20_000);
const PACKETS = 60;

let http: HttpServer;
let server: Server;
let bus: EventBus;
let committed: ChangeFacts[];
let pages: Page[];

/** As a page does: what it missed while it was away it asks for by the cursor of the last change it knows. */
class Page {
  readonly socket: Socket;
  readonly known: number[] = [];
  readonly ready: Promise<void>;
  private cursor: number | null = null;

  constructor(port: number) {
    const options = { transports: ['websocket'], forceNew: true, reconnectionDelay: 10, reconnectionDelayMax: 10 };
    this.socket = io(`http://127.0.0.1:${port}`, options);
    let isAsking = false;
    const meanwhile: StatusChange[] = [];
    this.socket.on('connect', () => {
      if (this.cursor === null) return;
      isAsking = true;
      this.socket.emit('outlet-status:resume', { cursor: this.cursor }, (answer: ResumeAnswer) => {
        isAsking = false;
        if (!answer.success || !('changes' in answer)) throw new Error('no changes');
        for (const change of [...answer.changes, ...meanwhile.splice(0)]) this.take(change.cursor);
      });
    });
    this.ready = new Promise((resolve) => {
      this.socket.on('outlet-status:snapshot', ({ cursor }: { cursor: number }) => {
        this.cursor ??= cursor;
        resolve();
      });
    });
    this.socket.on('outlet-status:changed', (change: StatusChange) => {
      if (isAsking) meanwhile.push(change);
      else this.take(change.cursor);
    });
  }

  /** A connection that stays, pings answered or not, and of which nothing is read any more. */
  stopReading(): TcpSocket {
    const { transport } = this.socket.io.engine as unknown as { transport: { ws: { _socket: TcpSocket } } };
    return transport.ws._socket.pause();
  }

  private take(cursor: number): void {
    if (cursor <= this.cursor!) return;
    this.known.push(cursor);
    this.cursor = cursor;
  }
}

beforeEach(async () => {
  committed = [];
  pages = [];
  bus = new EventBus();
  http = createServer();
  server = new Server(http, { perMessageDeflate: { threshold: 16_384, serverNoContextTakeover: true } });
  new SocketWrites({ patienceMs: 20, packets: PACKETS, characters: 1e9, mostPackets: 2_000 }).serve(server);
  const board = { snapshot: () => ({ cursor: committed.length, at: '', statuses: [] }), status: () => undefined };
  const log = { since: (_: unknown, cursor: number) => Promise.resolve(committed.slice(cursor)) };
  const gateway = new StatusGateway(board as unknown as StatusBoard, log as unknown as StatusLog, bus, new Clock());
  gateway.afterInit(server);
  server.on('connection', (socket) => {
    socket.data = { caller: { id: socket.id, outletIds: 'all' }, locale: 'id' };
    void socket.join([ALL_OUTLETS, localeRoom('id')]);
    const known = socket as unknown as RealtimeSocket;
    gateway.handleConnection(known);
    socket.on('outlet-status:resume', async (request: unknown, answer: (told: ResumeAnswer) => void) =>
      answer(await gateway.resume(known, request)),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const page of pages) page.socket.close();
  await server.close();
});

async function page(): Promise<Page> {
  const opened = new Page((http.address() as AddressInfo).port);
  pages.push(opened);
  await opened.ready;
  return opened;
}

function change(): void {
  const cursor = committed.length + 1;
  const status = { outletId: `outlet ${cursor % 7}`, name: LONG, reason: null, warnings: [], nextRetryAt: null };
  committed.push({ cursor, at: '', previous: 'CONNECTED', status } as unknown as ChangeFacts);
  bus.publish('outlet-status.changed', committed.at(-1)!);
}

test('pages that stop reading are cut with little waiting for them, and miss nothing once they are back', async () => {
  const deaf = await Promise.all([page(), page(), page()]);
  const other = await page();
  const wires = deaf.map((each) => each.stopReading());
  const engine = server.engine as unknown as {
    clientsCount: number;
    clients: Record<string, { writeBuffer: unknown[] }>;
  };
  let most = 0;
  await eventually('those to be cut', () => {
    for (let count = 0; count < 10; count++) change();
    for (const { writeBuffer } of Object.values(engine.clients)) most = Math.max(most, writeBuffer.length);
    return engine.clientsCount === 1;
  });
  // Twenty milliseconds of patience may take a few turns more than it takes to collect so many.
  expect(most).toBeLessThan(2_000);

  for (const wire of wires) wire.resume();
  await eventually('all to be back', () => engine.clientsCount === 4);
  for (let count = 0; count < 10; count++) change();
  const all = committed.map(({ cursor }) => cursor);
  for (const each of [other, ...deaf]) await eventually('the last change', () => each.known.at(-1) === all.length);
  for (const each of [other, ...deaf]) expect(each.known).toEqual(all);
});
