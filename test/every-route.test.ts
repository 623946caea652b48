import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ACT_NAMES } from '@koneksi/contracts/activity';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import { AppModule } from '../src/app.module.js';
import { buildOpenApi } from '../src/common/openapi.js';
import { Config } from '../src/config/config.js';
import { EnvFaults, parseEnv } from '../src/config/env.js';
import { DemoModule } from '../src/demo/demo.module.js';
import { routesOf, type Route } from './support/route-table.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** What anyone may call. Whoever adds to it decides that nothing behind it needs to know who calls. */
const PUBLIC = [
  'POST /auth/login',
  'POST /auth/login/second-factor',
  'POST /auth/refresh',
  'POST /auth/logout',
  'POST /auth/password-resets',
  'POST /auth/password-resets/complete',
  'GET /app',
  'GET /docs/events',
  'GET /docs/asyncapi.json',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /demo/accounts',
];

/** What happens to everybody's outlets is an ADMIN's. */
const DEMO = [
  'public GET /demo/accounts',
  'all GET /demo/phones',
  'all POST /demo/phones/:id/scan',
  'all POST /demo/phones/:id/enter-code',
  'all POST /demo/phones/:id/:verb',
  'all GET /demo/whatsapp',
  'ADMIN POST /demo/whatsapp/:verb',
  'all POST /demo/drift/:id',
  'ADMIN POST /demo/recover',
];

/** What changes nothing that anybody would look up. Whoever adds to it decides that nobody asks who did it. */
const LEAVES_NOTHING = [
  'POST /auth/me/proof',
  'POST /auth/me/second-factor',
  'POST /auth/password-resets',
  'POST /auth/refresh',
  'POST /blasts/count',
  'POST /blasts/preview',
  'POST /outlets/status/refresh',
  'POST /outlets/{id}/contacts/imports/{importId}/preview',
  'POST /repeating-blasts/birthdays',
  'PUT /blasts/media/{id}/thumbnail',
];

let database: TestDatabase;
let testing: TestingModule;
let routes: Route[];
beforeAll(async () => {
  database = await createTestDatabase();
  const env = parseEnv({ PORT: '0' });
  if (env instanceof EnvFaults) throw new Error(env.message);
  const config = new Config(env, {
    database: { url: database.url, directUrl: database.url, embedded: false, severalNodes: false },
    secrets: {
      jwtSecret: 'a secret for tests alone, 0123456789',
      credentialsKey: Buffer.alloc(32, 1),
      previousCredentialsKey: null,
    },
  });
  // Compiled, never started: what is asked here is declared, not done.
  const extraModules = [DemoModule.for({} as Simulator)];
  testing = await Test.createTestingModule({
    imports: [AppModule.for(config, database.dataSource, { extraModules })],
  }).compile();
  routes = routesOf(testing);
});
afterAll(() => database.drop());

function documentOf(): OpenAPIObject {
  const app = testing.createNestApplication();
  app.setGlobalPrefix('api');
  return buildOpenApi(app);
}

test('every route of the application declares who may call it', () => {
  expect(routes.length).toBeGreaterThan(20);
  expect(routes.filter(({ policy }) => !policy).map(({ handler }) => handler)).toEqual([]);
});

test('what anyone may call is what is meant to be', () => {
  const open = routes.filter(({ policy }) => policy === 'public').map(({ method, path }) => `${method} ${path}`);
  expect(open.filter((route) => !PUBLIC.includes(route))).toEqual([]);
});

test('the demo asks of its callers what it should', () => {
  const demo = routes.filter(({ path }) => path.startsWith('/demo'));
  expect(demo.map(({ policy, method, path }) => `${policy} ${method} ${path}`).sort()).toEqual(DEMO.toSorted());
});

test('strips are for everyone who may see the outlets', () => {
  expect(routes).toContainEqual(expect.objectContaining({ method: 'GET', path: '/outlets/timeline', policy: 'all' }));
});

test('every route that changes something leaves a line in the log of activity', () => {
  const { paths } = documentOf();
  const changing = Object.entries(paths).flatMap(([path, item]) =>
    (['post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item[method] as Record<string, unknown> | undefined;
      return operation ? [{ route: `${method.toUpperCase()} ${path.slice('/api'.length)}`, operation }] : [];
    }),
  );
  expect(changing.length).toBeGreaterThan(60);
  const silent = changing.filter(({ operation }) => !('x-activity' in operation));
  expect(silent.map(({ route }) => route).sort()).toEqual(LEAVES_NOTHING);
  // By `x-no-activity` it says why.
  expect(silent.filter(({ operation }) => typeof operation['x-no-activity'] !== 'string')).toEqual([]);
  const names = changing.map(({ operation }) => operation['x-activity']).filter(Boolean);
  // Beside what is done by reconnect links, which have no route, and what a refusal leaves.
  expect(new Set(names)).toEqual(
    new Set(ACT_NAMES.filter((name) => !/^reconnect-link\.(started|used)$|\.codes-guessed$/.test(name))),
  );
});

test('every route is described, with what it answers', () => {
  const document = documentOf();
  const ofTheApi = routes.filter(({ path }) => !/^\/(health|metrics|docs)\b/.test(path));
  const undescribed = ofTheApi.filter(({ method, path }) => {
    const described = document.paths[`/api${path.replace(/:(\w+)/g, '{$1}')}`];
    const operation = described?.[method.toLowerCase() as 'get'];
    return !operation?.summary || !Object.keys(operation.responses).some((status) => status.startsWith('2'));
  });
  expect(undescribed.map(({ handler }) => handler)).toEqual([]);
});
