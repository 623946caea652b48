import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { User } from '@koneksi/contracts/users';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import type { Outlet } from '@koneksi/contracts/outlets';
import { io, type Socket } from 'socket.io-client';
import { Authenticator } from '../src/auth/authenticator.js';
import { Clock } from '../src/common/clock.js';
import { EventBus } from '../src/common/event-bus.js';
import { Dashboard } from './support/dashboard.js';
import { eventually, PATIENCE_MS } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, type Person } from './support/koneksi.js';

let koneksi: Koneksi;
let outlet: Outlet;
let other: Outlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  outlet = await koneksi.outlet();
  other = await koneksi.outlet();
});

afterAll(() => koneksi.stop());

interface Claims {
  sub: string;
  sid: string;
  ver: number;
}

function claimsOf(token: string): Claims {
  const { sub, sid, ver } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Claims;
  return { sub, sid, ver };
}

/** A token as the product would have issued it, but with another end or secret. */
function issue(secret: string, expiresIn: number): Promise<string> {
  return new JwtService().signAsync(claimsOf(koneksi.token), { secret, algorithm: 'HS256', expiresIn });
}

const unsigned = (): string => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ ...claimsOf(koneksi.token), exp: 4_102_444_800 })}.`;
};

const tampered = (): string => {
  const [head, , signature] = koneksi.token.split('.');
  return `${head}.${Buffer.from(JSON.stringify({ ...claimsOf(koneksi.token), exp: 4_102_444_800 })).toString('base64url')}.${signature}`;
};

describe.each(['websocket', 'polling'] as const)('over %s', (transport) => {
  const open = (token: unknown, headers: Record<string, string> = {}): Promise<Dashboard> =>
    Dashboard.open(koneksi.app.url, token, { transports: [transport], extraHeaders: headers });

  test.each<[string, () => unknown]>([
    ['no token', () => undefined],
    ['an empty token', () => ''],
    ['a number for a token', () => 42],
    ['an object for a token', () => ({ $ne: null })],
    ['nonsense', () => 'not-a-token'],
    ['a token of 100 kB', () => 'x'.repeat(50_000)],
    ['changed claims under the old signature', tampered],
    ['an unsigned token', unsigned],
    ['a token signed with another secret', () => issue('another secret altogether, 0123456789', 900)],
    ['a token that has expired', () => issue(koneksi.env.JWT_SECRET!, -1)],
    ['an API key nobody made', () => 'kon_0123456789abcdef0123456789abcdef0123456789a'],
  ])('%s is refused with UNAUTHENTICATED', async (_, token) => {
    await expect(open(await token())).rejects.toThrow(/^UNAUTHENTICATED$/);
  });

  test('a page from another origin is refused even with a good token, ours is not', async () => {
    const { port } = koneksi.app;
    for (const origin of [
      'https://evil.example',
      `http://localhost:${port + 1}`,
      `https://localhost:${port}`,
      'null',
    ]) {
      const refused = await open(koneksi.token, { origin }).then(
        () => 'let in',
        (error: Error) => error.message,
      );
      expect(refused).toMatch(/websocket error|xhr poll error/);
    }
    for (const host of ['localhost', '127.0.0.1'])
      (await open(koneksi.token, { origin: `http://${host}:${port}` })).close();
  });
});

describe('a socket is cut at once', () => {
  const change = (person: Person, body: unknown): Promise<unknown> =>
    koneksi.call('PATCH', `/users/${person.user.id}`, { body }).then((answer) => expectOk(answer as never));

  test('when its token ends', async () => {
    const page = await koneksi.dashboard(await issue(koneksi.env.JWT_SECRET!, 600));
    // However long that took, the token was good; by this clock it is no more.
    const wall = jest.spyOn(koneksi.app.app.get(Clock), 'wall').mockImplementation(() => Date.now() + 600_000);
    expect(await page.ended).toBe('io server disconnect');
    wall.mockRestore();
  });

  test.each<[string, unknown]>([
    ['when its user’s role changes', { role: 'ADMIN' }],
    ['when its user’s password changes', { password: `${PASSWORD}!` }],
  ])('%s, and its token is void', async (_, body) => {
    const person = await koneksi.person('USER', [outlet.id]);
    const page = await koneksi.dashboard(person.token);
    await change(person, body);
    expect(await page.ended).toBe('io server disconnect');
    await expect(koneksi.dashboard(person.token)).rejects.toThrow('UNAUTHENTICATED');
  });

  test('when its outlets change, and comes back to the new ones alone', async () => {
    const person = await koneksi.person('USER', [outlet.id]);
    const page = await koneksi.dashboard(person.token);
    await page.socket.emitWithAck('outlet-qr:watch', { outletId: outlet.id });
    await change(person, { outletIds: [other.id] });
    expect(await page.ended).toBe('io server disconnect');
    const again = await koneksi.dashboard(person.token);
    expect(again.snapshot.statuses.map(({ outletId }) => outletId)).toEqual([other.id]);
    again.close();
  });

  test('when its user is removed', async () => {
    const person = await koneksi.person('USER', [outlet.id]);
    const page = await koneksi.dashboard(person.token);
    expect((await koneksi.call('DELETE', `/users/${person.user.id}`)).status).toBeLessThan(300);
    expect(await page.ended).toBe('io server disconnect');
    await expect(koneksi.dashboard(person.token)).rejects.toThrow('UNAUTHENTICATED');
  });

  test('when its user signs out', async () => {
    const person = await koneksi.person('USER', [outlet.id]);
    const page = await koneksi.dashboard(person.token);
    expect((await koneksi.call('POST', '/auth/logout', { token: person.token })).status).toBe(204);
    expect(await page.ended).toBe('io server disconnect');
    await expect(koneksi.dashboard(person.token)).rejects.toThrow('UNAUTHENTICATED');
  });

  test('when its API key is revoked', async () => {
    const body = { name: 'till', role: 'USER', outletIds: [outlet.id] };
    const { id, key } = expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body }));
    const page = await koneksi.dashboard(key);
    await koneksi.call('DELETE', `/api-keys/${id}`);
    expect(await page.ended).toBe('io server disconnect');
    await expect(koneksi.dashboard(key)).rejects.toThrow('UNAUTHENTICATED');
  });

  test('when its rights change while it still shakes hands: what was read before the change lets nobody in', async () => {
    const person = await koneksi.person('USER', [outlet.id]);
    const authenticator = koneksi.app.app.get(Authenticator, { strict: false });
    const [isRead, isChanged] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const authenticate = authenticator.authenticate.bind(authenticator);
    jest.spyOn(authenticator, 'authenticate').mockImplementationOnce(async (token) => {
      const known = await authenticate(token);
      isRead.resolve();
      await isChanged.promise;
      return known;
    });
    const entering = koneksi.dashboard(person.token).then(
      () => 'let in',
      (error: Error) => error.message,
    );
    await isRead.promise;
    koneksi.app.app.get(EventBus).publish('access.changed', { callerId: person.user.id });
    isChanged.resolve();
    expect(await entering).toBe('UNAUTHENTICATED');
  });

  test('but not when a name changes', async () => {
    const person = await koneksi.person('USER', [outlet.id]);
    const page = await koneksi.dashboard(person.token);
    await change(person, { name: 'Another name' } satisfies Partial<User>);
    expect(await page.socket.emitWithAck('outlet-status:resume', { cursor: page.cursor })).toMatchObject({
      success: true,
    });
    page.close();
  });
});

describe('one caller cannot open sockets without end', () => {
  const CAP = 5;
  let capped: Koneksi;
  beforeAll(async () => {
    capped = await Koneksi.start({ env: { SOCKETS_PER_CALLER: String(CAP) } });
  });
  afterAll(() => capped.stop());

  test('of many at once the first few are let in; a place that is left is given away; others have their own', async () => {
    const person = await capped.person('ADMIN');
    const outcomes = await Promise.allSettled(Array.from({ length: 4 * CAP }, () => capped.dashboard(person.token)));
    const open = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
    expect(open).toHaveLength(CAP);
    expect(new Set(refusals)).toEqual(new Set(['Error: TOO_MANY_CONNECTIONS']));
    expect(open.every((page) => page.socket.connected)).toBe(true);
    await capped.dashboard();

    open[0]!.close();
    await eventually('its place is free', () =>
      capped.dashboard(person.token).then(
        () => true,
        () => false,
      ),
    );
    await expect(capped.dashboard(person.token)).rejects.toThrow(/^TOO_MANY_CONNECTIONS$/);
  });

  test('refused tokens take no place', async () => {
    const person = await capped.person('ADMIN');
    for (let tries = 0; tries < 2 * CAP; tries++)
      await expect(capped.dashboard(`${person.token}x`)).rejects.toThrow('UNAUTHENTICATED');
    for (let pages = 0; pages < CAP; pages++) await capped.dashboard(person.token);
  });
});

describe('junk on a socket is refused and the socket kept', () => {
  /** Says whatever it likes, in no known types. */
  type Rude = Socket;

  const stillServed = async (page: Dashboard): Promise<void> => {
    const name = `Renamed ${performance.now()}`;
    await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name } });
    await page.next(outlet.id, name, ({ status }) => status.outlet.name === name);
    expect(page.socket.connected).toBe(true);
  };

  test('an id in upper case is the same id', async () => {
    const page = await koneksi.dashboard();
    const answer = await page.socket.emitWithAck('outlet-qr:watch', { outletId: outlet.id.toUpperCase() });
    expect(answer).toEqual({ success: true, outletId: outlet.id, qr: null, expiresAt: null });
    page.close();
  });

  test.each<[string, unknown[], string]>([
    ['an event nobody knows', ['outlet-status:delete', { outletId: 1 }], 'NOT_FOUND'],
    ['an event that asks for a room', ['join', 'all-outlets'], 'NOT_FOUND'],
    ['an event named like a method', ['__proto__', {}], 'NOT_FOUND'],
    ['resume without a body', ['outlet-status:resume'], 'VALIDATION_FAILED'],
    ['resume with a text', ['outlet-status:resume', 'now'], 'VALIDATION_FAILED'],
    ['resume with a negative cursor', ['outlet-status:resume', { cursor: -1 }], 'VALIDATION_FAILED'],
    ['resume with half a cursor', ['outlet-status:resume', { cursor: 0.5 }], 'VALIDATION_FAILED'],
    ['resume with a cursor past counting', ['outlet-status:resume', { cursor: 1e300 }], 'VALIDATION_FAILED'],
    ['resume with more than asked', ['outlet-status:resume', { cursor: 0, room: 'all-outlets' }], 'VALIDATION_FAILED'],
    ['watch without an outlet', ['outlet-qr:watch', {}], 'VALIDATION_FAILED'],
    ['watch of many', ['outlet-qr:watch', { outletId: ['a', 'b'] }], 'VALIDATION_FAILED'],
    ['watch by SQL', ['outlet-qr:watch', { outletId: "' OR 1=1 --" }], 'VALIDATION_FAILED'],
    ['watch of bytes', ['outlet-qr:watch', Buffer.from('junk')], 'VALIDATION_FAILED'],
    ['unwatch of nothing', ['outlet-qr:unwatch', null], 'VALIDATION_FAILED'],
  ])('%s', async (_, [event, ...parts], code) => {
    const page = await koneksi.dashboard();
    const rude = page.socket as unknown as Rude;
    const answer: unknown = await rude.timeout(PATIENCE_MS).emitWithAck(event as string, ...parts);
    expect(answer).toMatchObject({ success: false, error: { code } });
    // Without an acknowledgement there is nobody to refuse; it must not hurt either.
    rude.emit(event as string, ...parts);
    await stillServed(page);
    page.close();
  });

  test('a flood, while another page is served', async () => {
    const page = await koneksi.dashboard();
    const neighbour = await koneksi.dashboard();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => page.socket.emitWithAck('outlet-status:resume', { cursor: page.cursor })),
    );
    expect(answers.some((answer) => !answer.success && answer.error.code === 'TOO_MANY_ATTEMPTS')).toBe(true);
    expect(answers[0]).toMatchObject({ success: true });
    await stillServed(neighbour);
    expect(page.socket.connected).toBe(true);
    page.close();
    neighbour.close();
  });

  test('a packet beyond all measure costs its own connection alone', async () => {
    const neighbour = await koneksi.dashboard();
    const page = await koneksi.dashboard();
    (page.socket as unknown as Rude).emit('outlet-qr:watch', 'x'.repeat(200_000));
    expect(await page.ended).toBe('transport close');
    await stillServed(neighbour);
    neighbour.close();
  });

  test('a namespace nobody opened', async () => {
    const socket = io(`${koneksi.app.url}/admin`, {
      auth: { token: koneksi.token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    const refused = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    expect(refused.message).toBe('Invalid namespace');
    socket.disconnect();
  });
});

describe('one connection below Socket.IO', () => {
  /** What the server said, and when it hung up. */
  function open() {
    const raw = new WebSocket(`${koneksi.app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const heard: string[] = [];
    raw.addEventListener('message', ({ data }) => heard.push(String(data)));
    const closed = new Promise<void>((resolve) => raw.addEventListener('close', () => resolve()));
    return {
      said: async (text: string) =>
        void (await eventually(text, () => heard.some((packet) => packet.startsWith(text)))),
      send: (packet: string) => raw.send(packet),
      closed,
      heard,
    };
  }

  test('that asks to enter again and again is cut: each time costs a look into the database', async () => {
    const connection = open();
    await connection.said('0');
    for (let times = 0; times < 100; times++) connection.send('40{"token":"kon_made-up"}');
    await connection.closed;
    expect(connection.heard.filter((packet) => packet.startsWith('44')).length).toBeLessThanOrEqual(5);
  });

  test('that leaves is cut: it would count no more', async () => {
    const connection = open();
    await connection.said('0');
    connection.send(`40${JSON.stringify({ token: koneksi.token })}`);
    await connection.said('40');
    connection.send('41');
    await connection.closed;
  });
});
