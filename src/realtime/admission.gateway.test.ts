import { EventEmitter } from 'node:events';
import { expect, jest, test } from '@jest/globals';
import type { HttpAdapterHost } from '@nestjs/core';
import type { Authenticated, Authenticator } from '../auth/authenticator.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { NobodyElse } from '../cluster/cluster-bus.js';
import type { Membership } from '../cluster/membership.js';
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
  const knock = (auth: object = {}) => {
    const disconnect = jest.fn();
    const socket = {
      conn: new EventEmitter(),
      nsp: { adapter },
      data: undefined as unknown,
      handshake: { auth: { token: 'x', ...auth }, headers: {} },
      request: { headers: {}, socket: {} },
      join: () => undefined,
      disconnect,
    };
    const answered = new Promise<string>((resolve) => {
      enter(socket, (refusal) => resolve(refusal?.message ?? 'let in'));
    });
    return { socket, disconnect, answered, enter };
  };
  return { namespace, knock, cut };
}

/** The people at the dashboard's door, and who they turn out to be once the test says so. */
function dashboard({ nodes = 1 } = {}) {
  const bus = new EventBus();
  const known: PromiseWithResolvers<Authenticated>[] = [];
  const authenticate = (): Promise<Authenticated> => {
    const look = Promise.withResolvers<Authenticated>();
    known.push(look);
    return look.promise;
  };
  const { namespace, knock, cut } = door();
  const authenticator = { authenticate } as unknown as Authenticator;
  const gateway = new AdmissionGateway(
    authenticator,
    bus,
    { socketsPerCaller: 5 } as Config,
    new Clock(),
    new NobodyElse(),
    { nodes } as Membership,
  );
  gateway.afterInit(namespace as never);
  return { bus, known, knock, cut, gateway };
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
  const gateway = new LinkGateway(visits, codes, board, bus, new Clock(), http, new NobodyElse());
  gateway.afterInit(namespace as never);
  const { socket, disconnect, answered } = knock();
  look.resolve(visitor);
  expect(await answered).toBe('let in');
  bus.publish('reconnect-link.ended', { linkIds: ['link'] });
  gateway.handleConnection(socket as never);
  expect(disconnect).toHaveBeenCalledWith(true);
});

/** Someone whom the door let in, up to when, and what the other gateways find of them. */
function enterAs(
  who: Partial<Caller>,
  { token = {}, expiresAt = null }: { token?: object; expiresAt?: Date | null } = {},
) {
  const { gateway, known, knock, cut } = dashboard();
  const { socket, answered, disconnect } = knock(token);
  const rooms: string[] = [];
  const used: unknown[] = [];
  const hungUp = jest.fn();
  const ended = new EventEmitter();
  Object.assign(socket, {
    join: (room: string | string[]) => void rooms.push(...[room].flat()),
    use: (limit: unknown) => used.push(limit),
    once: ended.once.bind(ended),
  });
  Object.assign(socket.conn, { close: hungUp });
  known[0]!.resolve({ caller: { ...caller, ...who }, expiresAt });
  return answered.then((answer) => {
    expect(answer).toBe('let in');
    gateway.handleConnection(socket as never);
    return { rooms, used, hungUp, ended, disconnect, cut };
  });
}

test.each<[who: Partial<Caller>, token: object, rooms: string[]]>([
  [{}, {}, ['caller:budi', 'locale:id', 'outlet:braga']],
  [{ outletIds: 'all', role: 'ADMIN' }, { locale: 'en' }, ['caller:budi', 'locale:en', 'all-outlets', 'admins']],
  [
    { outletIds: 'all', kind: 'api-key', scopes: ['status:read'] },
    {},
    ['caller:budi', 'locale:id', 'all-outlets', 'api-keys', 'without-blasts'],
  ],
])('%j with %j comes into the rooms of what they may see, and no other', async (who, token, expected) => {
  const { rooms } = await enterAs(who, { token });
  expect(rooms).toEqual(expected);
});

test('whoever is in is held to so many packets, hung up when they leave, and cut when their token ends', async () => {
  const { used, hungUp, ended, disconnect } = await enterAs({}, { expiresAt: new Date(Date.now() - 1) });
  expect(used).toHaveLength(1);
  expect(disconnect).toHaveBeenCalledWith(true);
  ended.emit('disconnect');
  expect(hungUp).toHaveBeenCalledTimes(1);
});

test('rights that change cut who is in; a sixth handshake of one connection ends it', async () => {
  const { bus, knock, cut } = dashboard();
  bus.publish('access.changed', { callerId: 'budi' });
  expect(cut.disconnectSockets).toHaveBeenCalledWith(true);
  const { socket, enter } = knock();
  const close = jest.fn();
  Object.assign(socket.conn, { close });
  for (let n = 0; n < 4; n++) enter(socket, () => undefined);
  expect(close).not.toHaveBeenCalled();
  enter(socket, () => undefined);
  expect(close).toHaveBeenCalledTimes(1);
  await Promise.resolve();
});

test.each([[undefined], [42], ['x'.repeat(4_097)], [{ toString: () => 'x' }]])(
  'nobody looks up a token like %p',
  async (token) => {
    const { known, knock } = dashboard();
    expect(await knock({ token }).answered).toBe('UNAUTHENTICATED');
    expect(known).toEqual([]);
  },
);

test.each<[who: Partial<Caller> | null, refusal: string]>([
  [null, 'UNAUTHENTICATED'],
  [{ mustChangePassword: true }, 'PASSWORD_CHANGE_REQUIRED'],
  [{ kind: 'api-key', scopes: ['blasts:read'] }, 'SCOPE_MISSING'],
])('%j stays outside: %s', async (who, refusal) => {
  const { known, knock } = dashboard();
  const { answered } = knock();
  known[0]!.resolve((who && { caller: { ...caller, ...who }, expiresAt: null }) as Authenticated);
  expect(await answered).toBe(refusal);
});

test.each([
  [4, 1, 'let in'],
  [5, 1, 'TOO_MANY_CONNECTIONS'],
  [1, 2, 'let in'],
  [2, 2, 'TOO_MANY_CONNECTIONS'],
  [0, 9, 'let in'],
])('who has %i sockets of 5 at one of %i nodes is told: %s', async (open, nodes, answer) => {
  const { known, knock } = dashboard({ nodes });
  const { socket, answered } = knock();
  socket.nsp.adapter.rooms.set('caller:budi', new Set(Array.from({ length: open }, (_, n) => String(n))));
  known[0]!.resolve({ caller, expiresAt: null });
  expect(await answered).toBe(answer);
});
