import { EventEmitter } from 'node:events';
import { expect, jest, test } from '@jest/globals';
import type { HttpAdapterHost } from '@nestjs/core';
import type { Authenticated, Authenticator } from '../auth/authenticator.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { Config } from '../config/config.js';
import type { LinkVisits, LinkVisitor } from '../reconnect-links/link-visits.js';
import type { StatusBoard } from '../status-log/status-board.js';
import { AdmissionGateway } from './admission.gateway.js';
import type { CodeShow } from './code-show.js';
import { LinkGateway } from './link.gateway.js';

type Enter = (socket: unknown, next: (refusal?: Error) => void) => void;

const caller: Caller = { id: 'budi', kind: 'user', name: 'Budi', role: 'USER', outletIds: ['braga'] };

/** A namespace whose door the test knocks at. */
function door() {
  let enter!: Enter;
  const adapter = { rooms: new Map<string, Set<string>>() };
  const cut = { disconnectSockets: jest.fn() };
  const namespace = { use: (by: Enter) => (enter = by), in: () => cut, to: () => ({ emit: jest.fn() }) };
  const knock = () => {
    const disconnect = jest.fn();
    const socket = {
      conn: new EventEmitter(),
      nsp: { adapter },
      data: undefined as unknown,
      handshake: { auth: { token: 'x' }, headers: {} },
      request: { headers: {}, socket: {} },
      join: () => undefined,
      disconnect,
    };
    const answered = new Promise<string>((resolve) => {
      enter(socket, (refusal) => resolve(refusal?.message ?? 'let in'));
    });
    return { socket, disconnect, answered };
  };
  return { namespace, knock };
}

/** The people at the dashboard's door, and who they turn out to be once the test says so. */
function dashboard() {
  const bus = new EventBus();
  const known: PromiseWithResolvers<Authenticated>[] = [];
  const authenticate = (): Promise<Authenticated> => {
    const look = Promise.withResolvers<Authenticated>();
    known.push(look);
    return look.promise;
  };
  const { namespace, knock } = door();
  const authenticator = { authenticate } as unknown as Authenticator;
  const gateway = new AdmissionGateway(authenticator, bus, { socketsPerCaller: 5 } as Config, new Clock());
  gateway.afterInit(namespace as never);
  return { bus, known, knock };
}

test('whose rights change while they knock is not let in; who knocks afterwards is', async () => {
  const { bus, known, knock } = dashboard();
  const early = knock();
  bus.publish('access.changed', { callerId: 'budi' });
  const late = knock();
  for (const { resolve } of known) resolve({ caller, expiresAt: null });
  expect([await early.answered, await late.answered]).toEqual(['UNAUTHENTICATED', 'let in']);
});

test('the rights of another concern nobody who knocks', async () => {
  const { bus, known, knock } = dashboard();
  const { answered } = knock();
  bus.publish('access.changed', { callerId: 'sari' });
  known[0]!.resolve({ caller, expiresAt: null });
  expect(await answered).toBe('let in');
});

test('a link that ends while its visitor knocks shows them out, also between the door and the room', async () => {
  const bus = new EventBus();
  const look = Promise.withResolvers<LinkVisitor>();
  const visitor: LinkVisitor = { caller: { ...caller, id: 'link' }, outletId: 'braga', expiresAt: new Date() };
  const visits = { find: () => look.promise, noteOpened: () => Promise.resolve() } as unknown as LinkVisits;
  const codes = { serve: () => undefined } as unknown as CodeShow;
  const board = { status: () => ({}) } as unknown as StatusBoard;
  const http = { httpAdapter: { getInstance: () => ({ request: {} }) } } as unknown as HttpAdapterHost;
  const { namespace, knock } = door();
  const gateway = new LinkGateway(visits, codes, board, bus, new Clock(), http);
  gateway.afterInit(namespace as never);
  const { socket, disconnect, answered } = knock();
  look.resolve(visitor);
  expect(await answered).toBe('let in');
  bus.publish('reconnect-link.ended', { linkIds: ['link'] });
  gateway.handleConnection(socket as never);
  expect(disconnect).toHaveBeenCalledWith(true);
});
