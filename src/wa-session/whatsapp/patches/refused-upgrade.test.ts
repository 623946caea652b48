import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import makeWASocket, { initAuthCreds, type WASocket } from '@whiskeysockets/baileys';
import { keyStore, silent } from '../../../../simulator/test/companion.js';
import { endRefusedUpgrade } from './refused-upgrade.js';

let server: Server;
const sockets: WASocket[] = [];

beforeAll(async () => {
  server = createServer((_request, response) => void response.writeHead(503).end());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  for (const socket of sockets) await socket.end(undefined);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** A socket whose upgrade has been answered with 503 and read. */
async function refused(patch: (socket: WASocket) => void): Promise<{ socket: WASocket; closes: unknown[] }> {
  const { port } = server.address() as AddressInfo;
  const auth = { creds: initAuthCreds(), keys: keyStore(new Map()) };
  const socket = makeWASocket({ auth, waWebSocketUrl: `ws://127.0.0.1:${port}/ws`, logger: silent });
  sockets.push(socket);
  const closes: unknown[] = [];
  socket.ev.on('connection.update', ({ connection, lastDisconnect }) => {
    if (connection === 'close') closes.push(lastDisconnect?.error?.message);
  });
  patch(socket);
  await new Promise<void>((resolve) =>
    socket.ws.on('unexpected-response', (_request: unknown, response: NodeJS.ReadableStream) => {
      response.on('end', resolve).resume();
    }),
  );
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  return { socket, closes };
}

test('bare rc14 goes on connecting after a refused upgrade', async () => {
  const { socket, closes } = await refused(() => undefined);
  expect([socket.ws.isConnecting, closes]).toEqual([true, []]);
});

test('patched it is told with its status', async () => {
  const told: string[] = [];
  const { socket } = await refused(({ ws }) => endRefusedUpgrade(ws, ({ message }) => told.push(message)));
  expect(told).toEqual(['HTTP 503 at the upgrade']);
  expect(socket.ws.isOpen).toBe(false);
});
