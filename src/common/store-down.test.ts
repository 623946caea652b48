import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PASSWORD, SUPERADMIN, TestApi } from '../../test/support/test-api.js';

/** The way to the database, which can be cut. */
class Road {
  private readonly sockets = new Set<Socket>();
  private server: Server;
  private port = 0;
  private target: URL;

  async open(): Promise<void> {
    this.server = createServer((client) => {
      const database = connect(Number(this.target.port), this.target.hostname);
      for (const socket of [client, database]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      client.pipe(database).pipe(client);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** The same database, by this road. */
  to(url: string): string {
    this.target = new URL(url);
    const detour = new URL(url);
    detour.port = String(this.port);
    detour.hostname = '127.0.0.1';
    return detour.href;
  }

  async cut(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

const road = new Road();
let api: TestApi;
beforeAll(async () => {
  await road.open();
  api = await TestApi.start({ reach: (url) => road.to(url) });
});
afterAll(async () => {
  await api.stop();
  await road.cut();
});

test('while the database is away every route says so, and works again once it is back', async () => {
  const { accessToken: token, cookie } = await api.signIn();
  const calls = () =>
    Promise.all([
      api.call('POST', '/auth/login', { body: SUPERADMIN }),
      api.call('POST', '/auth/refresh', { headers: { cookie } }),
      api.call('GET', '/auth/me', { token }),
      api.call('GET', '/outlets', { token }),
      api.call('GET', '/outlets', { token: 'kon_whatever' }),
      api.call('POST', '/users', { token, body: { email: 'a@b.id', name: 'A', password: PASSWORD, role: 'ADMIN' } }),
    ]);

  await road.cut();
  for (const answer of await calls()) expect(answer).toMatchObject({ status: 503, code: 'STORE_DOWN' });
  expect((await api.call('GET', '/outlets')).code).toBe('UNAUTHENTICATED');

  await road.open();
  expect((await calls()).map(({ status }) => status)).toEqual([200, 200, 200, 200, 401, 201]);
});

test('being away is no wrong password: it does not use up attempts', async () => {
  await road.cut();
  for (let attempt = 0; attempt < 12; attempt++) {
    expect((await api.call('POST', '/auth/login', { body: SUPERADMIN })).code).toBe('STORE_DOWN');
  }
  await road.open();
  expect((await api.signIn()).user.email).toBe(SUPERADMIN.email);
});

test.each([
  ['full', '53100', 'could not extend file: No space left on device'],
  ['read-only', '25006', 'cannot execute INSERT in a read-only transaction'],
])('a database that is %s says so too: nobody is told of a fault of ours', async (_, state, words) => {
  const { accessToken: token } = await api.signIn();
  const { dataSource } = api.database;
  const body = { email: `a${state}@b.id`, name: 'A', password: PASSWORD, role: 'ADMIN' };
  const create = () => api.call('POST', '/users', { token, body });
  await dataSource.query(`
    CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '${words}' USING ERRCODE = '${state}'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH STATEMENT EXECUTE FUNCTION refuse()`);
  expect(await create()).toMatchObject({ status: 503, code: 'STORE_DOWN' });
  expect((await api.call('GET', '/users', { token })).status).toBe(200);
  await dataSource.query('DROP TRIGGER refuse ON users');
  expect((await create()).status).toBe(201);
});
