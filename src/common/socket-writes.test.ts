import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { eventually } from '../../test/support/eventually.js';
import { SocketWrites, type ReaderBounds } from './socket-writes.js';

const THRESHOLD = 16_384;

let http: HttpServer;
let server: Server;
let readers: Socket[];

beforeEach(() => {
  readers = [];
  http = createServer();
  server = new Server(http, {
    perMessageDeflate: { threshold: THRESHOLD, serverNoContextTakeover: true, clientNoContextTakeover: true },
  });
});

afterEach(async () => {
  for (const reader of readers) reader.close();
  await server.close();
});

async function listen(bounds?: ReaderBounds): Promise<void> {
  new SocketWrites(bounds).serve(server);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
}

/** One that keeps all it is told. */
async function reader(transports = ['websocket']): Promise<{ socket: Socket; told: unknown[] }> {
  const { port } = http.address() as AddressInfo;
  const socket = io(`http://127.0.0.1:${port}`, { transports, forceNew: true, reconnectionDelay: 10 });
  readers.push(socket);
  const told: unknown[] = [];
  socket.onAny((_, value) => told.push(value));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return { socket, told };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The websocket's TCP connection at the server. */
function tcpOf(id: string | undefined): TcpSocket {
  const { transport } = server.sockets.sockets.get(id ?? '')!.conn;
  return (transport as unknown as { socket: { _socket: TcpSocket } }).socket._socket;
}

test('a broadcast is framed once, as one buffer, for all its readers', async () => {
  await listen();
  const all = await Promise.all(numbers(3).map(() => reader()));
  const written = new Set<unknown>();
  for (const { socket } of all) {
    const tcp = tcpOf(socket.id);
    const write = tcp.write.bind(tcp) as (...parts: unknown[]) => boolean;
    tcp.write = (...parts: unknown[]) => {
      written.add(parts[0]);
      return write(...parts);
    };
  }
  server.emit('changed', 'braga');
  await eventually('the change', () => all.every(({ told }) => told.length === 1));
  expect(written.size).toBe(1);
});

test.each([['websocket'], ['polling'], ['polling', 'websocket']])(
  'all arrives in order, small and large, told to all and to one: %s',
  async (...transports) => {
    await listen();
    const large = 'x'.repeat(2 * THRESHOLD);
    const { socket, told } = await reader(transports);
    const expected: unknown[] = [];
    for (const turn of numbers(20)) {
      for (const index of numbers(5)) {
        const value = [turn, index, index === 2 ? large : ''];
        expected.push(value);
        if (index < 3) server.emit('to-all', value);
        else server.to(socket.id!).emit('to-one', value);
        // What is not framed beforehand, and compressed where it is large.
        const greeting = ['greeting', turn, index, index === 1 ? large : ''];
        expected.push(greeting);
        server.sockets.sockets.get(socket.id!)!.emit('greeting', greeting);
      }
      if (turn % 3 === 0) await new Promise(setImmediate);
    }
    await eventually('everything', () => told.length === expected.length);
    expect(told).toEqual(expected);
  },
);

test('what comes while many are written to goes in one write to each', async () => {
  await listen();
  const { socket, told } = await reader();
  const tcp = tcpOf(socket.id);
  let uncorked = 0;
  const uncork = tcp.uncork.bind(tcp);
  tcp.uncork = () => {
    uncork();
    if (tcp.writableCorked === 0) uncorked++;
  };
  for (const value of numbers(200)) server.emit('changed', value);
  await eventually('all of them', () => told.length === 200);
  expect(told).toEqual(numbers(200));
  expect(uncorked).toBeLessThan(10);
});

test('who does not read is cut after a bounded number of packets, comes back, and others miss nothing', async () => {
  const bounds = { patienceMs: 50, packets: 100, characters: 1_000_000_000, mostPackets: 5_000 };
  await listen(bounds);
  const [deaf, other] = await Promise.all([reader(), reader()]);
  const connection = server.sockets.sockets.get(deaf.socket.id!)!.conn as unknown as { writeBuffer: unknown[] };
  const wire = (deaf.socket.io.engine.transport as unknown as { ws: { _socket: TcpSocket } }).ws._socket;
  wire.pause();
  const body = 'x'.repeat(10_000);
  const isGone = new Promise<string>((resolve) => {
    server.sockets.sockets.get(deaf.socket.id!)!.once('disconnect', resolve);
  });
  let most = 0;
  let sent = 0;
  let reason: string | undefined;
  void isGone.then((why) => (reason = why));
  await eventually('it to be cut', () => {
    for (let count = 0; count < 50; count++) server.emit('changed', `${sent++} ${body}`);
    most = Math.max(most, connection.writeBuffer.length);
    return reason;
  });
  expect(reason).toBe('forced close');
  expect(most).toBeLessThan(bounds.mostPackets);
  await eventually('the other to be told all', () => other.told.length === sent);
  expect(other.told).toEqual(numbers(sent).map((count) => `${count} ${body}`));

  wire.resume();
  await eventually('the deaf one to be back', () => deaf.socket.connected && deaf.socket.id !== undefined);
  await eventually('to be known', () => server.sockets.sockets.has(deaf.socket.id ?? ''));
  const before = deaf.told.length;
  server.emit('changed', 'heard again');
  await eventually('to hear', () => deaf.told.length > before && deaf.told.at(-1) === 'heard again');
});

test('who does read is not cut, however long a turn of the server took in which too many were told', async () => {
  await listen({ patienceMs: 50, packets: 100, characters: 1_000_000_000, mostPackets: 5_000 });
  const { socket, told } = await reader();
  for (const turn of numbers(3)) {
    const until = performance.now() + 120;
    for (const value of numbers(150)) server.emit('changed', 150 * turn + value);
    while (performance.now() < until);
    for (const value of numbers(150)) server.emit('changed', 450 + 150 * turn + value);
    await eventually('all of this turn', () => told.length === 300 * (turn + 1) || socket.disconnected);
  }
  expect(socket.connected).toBe(true);
  expect(told).toHaveLength(900);
});

test('who does not read is cut though nothing more is told', async () => {
  await listen({ patienceMs: 1_000, packets: 100, characters: 1_000_000_000, mostPackets: 5_000 });
  const { socket } = await reader();
  const { conn } = server.sockets.sockets.get(socket.id!)!;
  const isGone = new Promise((resolve) => conn.once('close', resolve));
  (socket.io.engine.transport as unknown as { ws: { _socket: TcpSocket } }).ws._socket.pause();
  const body = 'x'.repeat(10_000);
  for (const value of numbers(2_000)) {
    server.emit('changed', `${value} ${body}`);
    if (value % 500 === 0) await new Promise(setImmediate);
  }
  await isGone;
});

test('however fast they come, no more than so many packets wait for one reader', async () => {
  await listen({ patienceMs: 60_000, packets: 10, characters: 10, mostPackets: 300 });
  const { socket } = await reader();
  const { conn } = server.sockets.sockets.get(socket.id!)!;
  const isGone = new Promise((resolve) => conn.once('close', resolve));
  for (const value of numbers(1_000)) server.emit('changed', value);
  // The one that was too many came after it was cut.
  expect((conn as unknown as { writeBuffer: unknown[] }).writeBuffer).toHaveLength(301);
  await isGone;
});
