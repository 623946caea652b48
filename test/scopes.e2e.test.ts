import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import { SCOPES } from '@koneksi/contracts/scopes';
import { scopeFor } from '../src/auth/scopes.js';
import { expectOk, Koneksi } from './support/koneksi.js';
import { routesOf, type Route } from './support/route-table.js';

const NOBODYS = '99999999-9999-4999-8999-999999999999';

let koneksi: Koneksi;
let routes: Route[];
let outlet: string;
beforeAll(async () => {
  koneksi = await Koneksi.start();
  routes = routesOf(koneksi.app.app).filter(
    ({ path, policy }) => policy !== 'public' && !/^\/(health|metrics|docs)\b/.test(path),
  );
  outlet = (await koneksi.outlet()).id;
});
afterAll(() => koneksi.stop());

test.each(SCOPES)('a key with %s alone is let in where the table of routes says, and nowhere else', async (scope) => {
  const body = { name: scope, scopes: [scope], outletIds: [outlet] };
  const { key } = expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body }));
  const wrong: string[] = [];
  for (const { method, path } of routes) {
    const { status, code } = await koneksi.call(method, path.replace(/:\w+/g, NOBODYS), { token: key });
    const needed = scopeFor(method, path);
    const isOpen = needed === 'any' || needed === scope;
    const isRefused = status === 403 && ['SCOPE_MISSING', 'FORBIDDEN'].includes(code ?? '');
    if (isOpen ? code === 'SCOPE_MISSING' : !isRefused) wrong.push(`${method} ${path}: ${status} ${code}`);
  }
  expect(wrong).toEqual([]);
});

test('people manage users and keys and read who did what, whatever scopes a key has', () => {
  const closed = routes.filter(({ path }) => /^\/(users|api-keys|activity|customers|nodes)\b/.test(path));
  expect(closed.length).toBeGreaterThan(8);
  expect(closed.map(({ method, path }) => scopeFor(method, path)).filter((needed) => needed !== null)).toEqual([]);
});
