import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import { routesOf } from '../../test/support/route-table.js';
import { TestApi } from '../../test/support/test-api.js';
import { Access, type AccessPolicy } from './access.js';

@Controller('forgotten')
class ForgottenController {
  @Get()
  read(): string {
    return 'anyone reads this';
  }
}

@Access('SUPERADMIN')
@Controller('overridden')
class OverriddenController {
  @Get('inherited')
  inherited(): string {
    return 'inherited';
  }

  @Get('own')
  @Access('all')
  own(): string {
    return 'own';
  }
}

/** Who may call what, as the contract has it: written down a second time on purpose. */
const POLICIES: [method: string, path: string, policy: AccessPolicy][] = [
  ['POST', '/auth/login', 'public'],
  ['POST', '/auth/refresh', 'public'],
  ['POST', '/auth/logout', 'public'],
  ['POST', '/auth/login/second-factor', 'public'],
  ['POST', '/auth/password-resets', 'public'],
  ['POST', '/auth/password-resets/complete', 'public'],
  ['GET', '/auth/me', 'all'],
  ['PATCH', '/auth/me', 'all'],
  ['POST', '/auth/me/password', 'all'],
  ['POST', '/auth/me/proof', 'all'],
  ['GET', '/auth/me/second-factor', 'all'],
  ['POST', '/auth/me/second-factor', 'all'],
  ['POST', '/auth/me/second-factor/confirm', 'all'],
  ['POST', '/auth/me/second-factor/recovery-codes', 'all'],
  ['POST', '/auth/me/second-factor/disable', 'all'],
  ['GET', '/api-keys', 'ADMIN'],
  ['POST', '/api-keys', 'ADMIN'],
  ['DELETE', '/api-keys/:id', 'ADMIN'],
  ['GET', '/users', 'SUPERADMIN'],
  ['POST', '/users', 'SUPERADMIN'],
  ['GET', '/users/:id', 'SUPERADMIN'],
  ['PATCH', '/users/:id', 'SUPERADMIN'],
  ['DELETE', '/users/:id', 'SUPERADMIN'],
  ['DELETE', '/users/:id/second-factor', 'SUPERADMIN'],
  ['GET', '/outlets', 'all'],
  ['POST', '/outlets', 'ADMIN'],
  ['GET', '/outlets/:id', 'all'],
  ['PATCH', '/outlets/:id', 'all'],
  ['DELETE', '/outlets/:id', 'all'],
  ['GET', '/outlets/:id/contacts', 'all'],
  ['POST', '/outlets/:id/contacts', 'all'],
  ['GET', '/outlets/:id/contacts/tags', 'all'],
  ['POST', '/outlets/:id/contacts/delete', 'all'],
  ['POST', '/outlets/:id/contacts/import', 'all'],
  ['POST', '/contacts/import', 'all'],
  ['POST', '/outlets/:id/contacts/imports', 'all'],
  ['POST', '/outlets/:id/contacts/imports/:importId/preview', 'all'],
  ['POST', '/outlets/:id/contacts/imports/:importId/commit', 'all'],
  ['DELETE', '/outlets/:id/contacts/imports/:importId', 'all'],
  ['GET', '/outlets/:id/contacts/export', 'all'],
  ['GET', '/outlets/:id/contacts/bin', 'all'],
  ['POST', '/outlets/:id/contacts/bin/restore', 'all'],
  ['POST', '/outlets/:id/contacts/bin/empty', 'all'],
  ['GET', '/outlets/export', 'all'],
  ['POST', '/outlets/import', 'ADMIN'],
  ['GET', '/outlets/bin', 'ADMIN'],
  ['POST', '/outlets/bin/:id/restore', 'ADMIN'],
  ['DELETE', '/outlets/bin/:id', 'ADMIN'],
  ['GET', '/contacts/:id', 'all'],
  ['PATCH', '/contacts/:id', 'all'],
  ['DELETE', '/contacts/:id', 'all'],
  ['GET', '/opt-outs', 'all'],
  ['POST', '/opt-outs', 'all'],
  ['POST', '/opt-outs/revoke', 'ADMIN'],
  ['GET', '/opt-outs/:phone', 'all'],
  ['POST', '/opt-outs/import', 'ADMIN'],
  ['GET', '/held-wishes', 'all'],
  ['POST', '/held-wishes/:phone/decide', 'all'],
  ['GET', '/activity', 'ADMIN'],
  ['GET', '/activity.csv', 'ADMIN'],
  ['GET', '/customers/:phone/data', 'ADMIN'],
  ['POST', '/customers/:phone/erase', 'ADMIN'],
];

const CALLERS = ['SUPERADMIN', 'ADMIN', 'USER', 'key of an ADMIN', 'key of a USER', 'nobody', 'a stranger'] as const;
const ADMITTED: Record<Exclude<AccessPolicy, 'public'>, readonly (typeof CALLERS)[number][]> = {
  all: ['SUPERADMIN', 'ADMIN', 'USER', 'key of an ADMIN', 'key of a USER'],
  ADMIN: ['SUPERADMIN', 'ADMIN', 'key of an ADMIN'],
  SUPERADMIN: ['SUPERADMIN'],
};

let api: TestApi;
const tokens: Partial<Record<(typeof CALLERS)[number], string>> = { 'a stranger': 'kon_stranger' };

beforeAll(async () => {
  api = await TestApi.start({ controllers: [ForgottenController, OverriddenController] });
  const outlet = await api.outlet();
  tokens.SUPERADMIN = await api.token();
  tokens.ADMIN = await api.token(await api.person('ADMIN'));
  tokens.USER = await api.token(await api.person('USER', [outlet.id]));
  const key = async (body: object) =>
    ((await api.call('POST', '/api-keys', { token: tokens.ADMIN, body })).body as CreatedApiKey).key;
  tokens['key of an ADMIN'] = await key({ name: 'A', role: 'ADMIN' });
  tokens['key of a USER'] = await key({ name: 'U', outletIds: [outlet.id] });
});
afterAll(() => api.stop());

test('every route has the policy that the contract gives it', () => {
  const routes = routesOf(api.app).filter(({ handler }) => !/^(Forgotten|Overridden)/.test(handler));
  const sorted = (rows: (readonly unknown[])[]) => rows.map((row) => row.join(' ')).sort();
  expect(sorted(routes.map(({ method, path, policy }) => [method, path, policy]))).toEqual(sorted(POLICIES));
});

const matrix = POLICIES.flatMap(([method, path, policy]) =>
  policy === 'public' ? [] : CALLERS.map((caller) => [caller, method, path, policy] as const),
);

test.each(matrix)('%s calls %s %s (%s)', async (caller, method, path, policy) => {
  const answer = await api.call(method, path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000'), {
    token: tokens[caller],
    ...(method !== 'GET' && { body: {} }),
  });
  const isKnown = caller !== 'nobody' && caller !== 'a stranger';
  if (!isKnown) expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  else if (!ADMITTED[policy as 'all'].includes(caller))
    expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  // What is a person's own, such as keys and a profile, no key changes.
  else if (caller.startsWith('key') && /^\/(api-keys|auth)/.test(path))
    expect([200, 400, 403]).toContain(answer.status);
  // 415: let in, but a file is no JSON.
  else expect([200, 400, 404, 415]).toContain(answer.status);
});

test('a route without a policy is closed to everyone', async () => {
  expect(await api.call('GET', '/forgotten')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  const answer = await api.call('GET', '/forgotten', { token: tokens.SUPERADMIN });
  expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN' });
});

test("a method's own policy goes before its controller's", async () => {
  const read = async (path: string, token?: string) => (await api.call('GET', `/overridden/${path}`, { token })).status;
  expect(await read('inherited', tokens.ADMIN)).toBe(403);
  expect(await read('inherited', tokens.SUPERADMIN)).toBe(200);
  expect(await read('own', tokens.USER)).toBe(200);
  expect(await read('own')).toBe(401);
});
