import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

let database: TestDatabase;
let testing: TestingModule;
let routes: Route[];
beforeAll(async () => {
  database = await createTestDatabase();
  const env = parseEnv({ PORT: '0' });
  if (env instanceof EnvFaults) throw new Error(env.message);
  const config = new Config(env, {
    database: { url: database.url, embedded: false },
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

test('every route is described, with what it answers', () => {
  const app = testing.createNestApplication();
  app.setGlobalPrefix('api');
  const document: OpenAPIObject = buildOpenApi(app);
  const ofTheApi = routes.filter(({ path }) => !/^\/(health|metrics|docs)\b/.test(path));
  const undescribed = ofTheApi.filter(({ method, path }) => {
    const described = document.paths[`/api${path.replace(/:(\w+)/g, '{$1}')}`];
    const operation = described?.[method.toLowerCase() as 'get'];
    return !operation?.summary || !Object.keys(operation.responses).some((status) => status.startsWith('2'));
  });
  expect(undescribed.map(({ handler }) => handler)).toEqual([]);
});
