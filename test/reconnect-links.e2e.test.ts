import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { LinkAuditAnswer } from '@koneksi/contracts/link-audit';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { CreatedReconnectLink, ReconnectLinkList } from '@koneksi/contracts/reconnect-links';
import type { Socket } from 'socket.io-client';
import { Clock } from '../src/common/clock.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Person } from './support/koneksi.js';
import { LinkVisit, tokenOf } from './support/link-visit.js';
import { lockWaits } from './support/lock-waits.js';

/** Below what one address may guess. */
const GUESSES = 50;

let koneksi: Koneksi;
let outlet: Outlet;
let addresses = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { TRUST_PROXY: '1', LOG_LEVEL: 'debug' } });
  outlet = await koneksi.outlet({ name: 'Toko Braga' });
});
afterAll(() => {
  for (const visitor of visits) visitor.close();
  return koneksi.stop();
});

/** Everybody comes from somewhere else, but for those whose address is the matter. */
const fromSomewhere = (): string => `198.51.${Math.floor(++addresses / 250)}.${addresses % 250}`;

const visits: LinkVisit[] = [];

async function visit(url: string, address = fromSomewhere()): Promise<LinkVisit> {
  const settings = { extraHeaders: { 'x-forwarded-for': address } };
  const visitor = await LinkVisit.open(koneksi.app.url, tokenOf(url), settings);
  visits.push(visitor);
  return visitor;
}

const refusalOf = (token: string, address = fromSomewhere()): Promise<string> =>
  visit(token, address).then(
    (page) => (page.close(), 'let in'),
    (error: Error) => error.message,
  );

async function make(
  of: Outlet,
  { token, body }: { token?: string; body?: object } = {},
): Promise<CreatedReconnectLink> {
  const call = { ...(token && { token }), ...(body && { body }) };
  return expectOk(await koneksi.call<CreatedReconnectLink>('POST', `/outlets/${of.id}/reconnect-links`, call));
}

async function openLinks(of: Outlet): Promise<string[]> {
  const { links } = expectOk(await koneksi.call<ReconnectLinkList>('GET', `/outlets/${of.id}/reconnect-links`));
  return links.map(({ id }) => id);
}

interface Page {
  status: number;
  headers: [string, string][];
  text: string;
}

/** What whoever opens the address is answered, but for the time of day and ids that are never the same. */
async function page(token: string, accept = 'application/json', address = fromSomewhere()): Promise<Page> {
  const response = await fetch(`${koneksi.app.url}/r/${token}`, {
    headers: { accept, 'x-forwarded-for': address },
  });
  const headers = [...response.headers].filter(([name]) => name !== 'date');
  return { status: response.status, headers, text: await response.text() };
}

async function acts(of: Outlet): Promise<string[]> {
  const { entries } = expectOk(await koneksi.call<LinkAuditAnswer>('GET', `/outlets/${of.id}/link-audit`));
  return entries.map(({ code, by }) => `${by.kind} ${code}`).reverse();
}

describe('by a link', () => {
  test.each(['qr', 'pairing-code'] as const)(
    'somebody without an account connects the outlet by %s, once',
    async (method) => {
      const shop = await koneksi.outlet({ name: `Toko ${method}` });
      const { id, url, expiresAt } = await make(shop, { body: { expiresInMinutes: 30 } });
      expect(url).toMatch(/^http:\/\/localhost:\d+\/r\/[\w-]{43}$/);
      expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(29 * 60_000);
      expect((await page(tokenOf(url))).status).not.toBe(404);

      const visitor = await visit(url);
      const told = await visitor.sees('its outlet', () => true);
      expect(told).toEqual({
        outlet: { name: shop.name, numberEnd: shop.whatsappNumber.slice(-4) },
        liveStatus: { status: 'DISCONNECTED' },
        reason: { code: 'NEVER_LINKED' },
        revision: told.revision,
        at: told.at,
        nextRetryAt: null,
      });
      expect(await visitor.socket.emitWithAck('reconnect-link:connect', { method })).toEqual({ success: true });
      const phone = koneksi.phoneOf(shop);
      if (method === 'qr') await phone.scan(await visitor.qr());
      else await phone.enterCode(await visitor.code());
      await visitor.sees('that it is connected', ({ liveStatus }) => liveStatus.status === 'CONNECTED');
      expect(await visitor.ended).toBe('io server disconnect');
      expect(await openLinks(shop)).not.toContain(id);
      expect(await refusalOf(url)).toBe('LINK_GONE');
      expect(await acts(shop)).toEqual([
        'user reconnect-link-made',
        'reconnect-link reconnect-link-opened',
        'reconnect-link reconnect-link-started',
        ...(method === 'qr' ? [] : [expect.stringMatching(/^reconnect-link (qr|pairing-code)$/)]),
        expect.stringMatching(/^reconnect-link (qr|pairing-code)$/),
        'reconnect-link reconnect-link-used',
      ]);
    },
  );

  test('they hear of that outlet alone, and of nothing that concerns others', async () => {
    const dashboard = await koneksi.dashboard();
    const other = await koneksi.outlet({ name: 'Toko Rahasia', city: 'Kota Rahasia' });
    const visitor = await visit((await make(outlet)).url);
    await koneksi.connect(other.id);
    await dashboard.qr(other.id);
    expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name: 'Toko Braga 2', tags: ['mal'] } }));
    await visitor.sees('the new name', ({ outlet: { name } }) => name === 'Toko Braga 2');
    expect(new Set(visitor.heard.map(([event]) => event))).toEqual(
      new Set(['reconnect-link:changed', 'outlet-qr:changed', 'outlet-pairing-code:changed']),
    );
    const heard = JSON.stringify(visitor.heard);
    for (const secret of [other.id, 'Rahasia', outlet.whatsappNumber, 'mal"', 'super@'])
      expect(heard).not.toContain(secret);
    visitor.close();
  });

  test.each<[string, unknown[]]>([
    ['another outlet’s codes', ['outlet-qr:watch', { outletId: 'OTHER' }]],
    ['what was missed', ['outlet-status:resume', { cursor: 0 }]],
    ['a blast', ['blast:watch', { blastId: 'OTHER' }]],
  ])('they cannot ask for %s', async (_, [event, body]) => {
    const visitor = await visit((await make(await koneksi.outlet())).url);
    const rude = visitor.socket as unknown as Socket;
    const asked = JSON.parse(JSON.stringify(body).replace('OTHER', outlet.id)) as object;
    const answer: unknown = await rude.timeout(10_000).emitWithAck(event as string, asked);
    expect(answer).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } });
    visitor.close();
  });

  test('its token opens nothing else: no route, and no socket of the dashboard', async () => {
    const token = tokenOf((await make(await koneksi.outlet())).url);
    for (const [method, path] of [
      ['GET', '/outlets'],
      ['GET', `/outlets/${outlet.id}/qr`],
      ['POST', `/outlets/${outlet.id}/connect`],
      ['POST', `/outlets/${outlet.id}/reconnect-links`],
      ['GET', '/auth/me'],
    ] as const)
      expect([path, (await koneksi.call(method, path, { token })).status]).toEqual([path, 401]);
    await expect(koneksi.dashboard(token)).rejects.toThrow('UNAUTHENTICATED');
  });

  test.each<[string, unknown]>([
    ['no method', { method: 'sms' }],
    ['more than asked', { method: 'qr', outletId: 'x' }],
    ['a text', 'qr'],
    ['bytes', Buffer.from('qr')],
  ])('%s is refused and the page kept', async (_, body) => {
    const visitor = await visit((await make(await koneksi.outlet())).url);
    const answer = await visitor.socket.emitWithAck('reconnect-link:connect', body as never);
    expect(answer).toMatchObject({ success: false, error: { code: 'VALIDATION_FAILED' } });
    expect(visitor.socket.connected).toBe(true);
    visitor.close();
  });

  test('a paused outlet stays paused, and they are told', async () => {
    const shop = await koneksi.outlet();
    expectOk(await koneksi.call('POST', `/outlets/${shop.id}/pause`));
    const visitor = await visit((await make(shop)).url);
    expect(await visitor.socket.emitWithAck('reconnect-link:connect', { method: 'qr' })).toMatchObject({
      success: false,
      error: { code: 'OUTLET_PAUSED' },
    });
    expect(JSON.stringify(visitor.heard)).not.toContain('Superadmin');
    visitor.close();
  });

  test('a QR that others asked for uses it up all the same, where its visitor was shown it', async () => {
    const shop = await koneksi.outlet();
    const [seen, unseen] = [await make(shop), await make(shop)];
    const visitor = await visit(seen.url);
    await koneksi.connect(shop.id);
    await koneksi.phoneOf(shop).scan(await visitor.qr());
    expect(await visitor.ended).toBe('io server disconnect');
    expect(await refusalOf(seen.url)).toBe('LINK_GONE');
    expect(await openLinks(shop)).toEqual([unseen.id]);
    expect(await acts(shop)).toEqual([
      'user reconnect-link-made',
      'user reconnect-link-made',
      'reconnect-link reconnect-link-opened',
      'reconnect-link reconnect-link-started',
      'reconnect-link qr',
      'reconnect-link reconnect-link-used',
    ]);
  });

  test('an outlet that is connected already uses none up', async () => {
    const { outlet: shop } = await koneksi.linked(await koneksi.dashboard());
    const { id, url } = await make(shop);
    const visitor = await visit(url);
    expect(await visitor.socket.emitWithAck('reconnect-link:connect', { method: 'qr' })).toEqual({ success: true });
    expect(await openLinks(shop)).toEqual([id]);
    visitor.close();
  });

  test('a process that died before it could write so leaves no used link open', async () => {
    const shop = await koneksi.outlet();
    const { url } = await make(shop);
    const visitor = await visit(url);
    await visitor.socket.emitWithAck('reconnect-link:connect', { method: 'qr' });
    await koneksi.phoneOf(shop).scan(await visitor.qr());
    await visitor.ended;
    await koneksi.database.dataSource.query(
      'UPDATE reconnect_links SET ended_at = NULL, ended_code = NULL WHERE outlet_id = $1',
      [shop.id],
    );
    expect(await refusalOf(url)).toBe('LINK_GONE');
    expect(await openLinks(shop)).toEqual([]);
  });
});

describe('a link ends', () => {
  test('when it is revoked, by whoever may connect the outlet, and shows its visitor out', async () => {
    const staff = await koneksi.person('USER', [outlet.id]);
    const { id, url } = await make(outlet);
    const visitor = await visit(url);
    const stranger = await koneksi.person('USER', [(await koneksi.outlet()).id]);
    expect(await koneksi.call('DELETE', `/reconnect-links/${id}`, { token: stranger.token })).toMatchObject({
      status: 404,
      code: 'LINK_GONE',
    });
    expect((await koneksi.call('DELETE', `/reconnect-links/${id}`, { token: staff.token })).status).toBe(204);
    expect(await visitor.ended).toBe('io server disconnect');
    expect(await refusalOf(url)).toBe('LINK_GONE');
    for (const unknown of [id, '6f1b8a0e-0000-4000-8000-000000000000', 'nonsense'])
      expect((await koneksi.call('DELETE', `/reconnect-links/${unknown}`)).code).toBe('LINK_GONE');
  });

  test('by its time, and shows its visitor out', async () => {
    const { id, url } = await make(outlet, { body: { expiresInMinutes: 1 } });
    const visitor = await visit(url);
    const clock = koneksi.app.app.get(Clock);
    const passes = jest.spyOn(clock, 'wall').mockImplementation(() => Date.now() + 60_000);
    try {
      expect(await visitor.ended).toBe('io server disconnect');
      expect(await refusalOf(url)).toBe('LINK_GONE');
      expect(await openLinks(outlet)).not.toContain(id);
    } finally {
      passes.mockRestore();
    }
  });

  test('with its outlet', async () => {
    const shop = await koneksi.outlet();
    const { url } = await make(shop);
    const visitor = await visit(url);
    expectOk(await koneksi.call('DELETE', `/outlets/${shop.id}`));
    expect(await visitor.ended).toBe('io server disconnect');
    expect(await refusalOf(url)).toBe('LINK_GONE');
  });

  const change =
    (body: object) =>
    async ({ user }: Person): Promise<unknown> =>
      expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body }));

  test.each<[string, 'USER' | 'ADMIN', (maker: Person) => Promise<unknown>]>([
    ['is removed', 'ADMIN', async ({ user }) => expectOk(await koneksi.call('DELETE', `/users/${user.id}`))],
    ['is disabled', 'ADMIN', change({ isDisabled: true })],
    ['is demoted', 'ADMIN', change({ role: 'USER', outletIds: [] })],
    ['loses the outlet', 'USER', change({ outletIds: [] })],
  ])('when its maker %s, at once; those of others stay', async (_, role, end) => {
    const shop = await koneksi.outlet();
    const maker = await koneksi.person(role, role === 'USER' ? [shop.id] : []);
    const { url } = await make(shop, { token: maker.token });
    const other = await make(shop);
    const visitor = await visit(url);
    await end(maker);
    expect(await visitor.ended).toBe('io server disconnect');
    expect(await refusalOf(url)).toBe('LINK_GONE');
    expect(await openLinks(shop)).toEqual([other.id]);
    expect(await acts(shop)).toContain('user reconnect-link-ended');
  });

  test('when the key that made it is revoked; and never later than the key', async () => {
    const expiresAt = new Date(Date.now() + 600_000).toISOString();
    const body = { name: 'Kasir', scopes: ['links:write'], outletIds: [outlet.id], expiresAt };
    const key = expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body }));
    const link = await make(outlet, { token: key.key });
    expect(link.expiresAt).toBe(expiresAt);
    expectOk(await koneksi.call('DELETE', `/api-keys/${key.id}`));
    expect(await refusalOf(link.url)).toBe('LINK_GONE');
  });

  test('and none is made beside the end of its maker', async () => {
    const maker = await koneksi.person('ADMIN');
    const held = koneksi.database.dataSource.createQueryRunner();
    await held.startTransaction();
    await held.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [maker.user.id]);
    const making = koneksi.call('POST', `/outlets/${outlet.id}/reconnect-links`, { token: maker.token });
    await eventually(
      'the making waits for its maker',
      async () => (await lockWaits(koneksi.database.dataSource, '%FROM "users"%FOR SHARE')) > 0,
    );
    await held.query('UPDATE users SET is_disabled = true WHERE id = $1', [maker.user.id]);
    await held.commitTransaction();
    await held.release();
    expect(await making).toMatchObject({ status: 404, code: 'OUTLET_NOT_FOUND' });
  });
});

describe('whoever has none', () => {
  const everyKind = async (): Promise<Record<string, string>> => {
    const shop = await koneksi.outlet();
    const [used, revoked, expired] = [await make(shop), await make(shop), await make(shop)];
    expectOk(await koneksi.call('DELETE', `/reconnect-links/${revoked.id}`));
    const { dataSource } = koneksi.database;
    await dataSource.query(`UPDATE reconnect_links SET expires_at = now() - '1 s'::interval WHERE id = $1`, [
      expired.id,
    ]);
    await dataSource.query(`UPDATE reconnect_links SET ended_at = now(), ended_code = 'USED' WHERE id = $1`, [used.id]);
    const tokens = { used, revoked, expired };
    return {
      guessed: randomBytes(32).toString('base64url'),
      ...Object.fromEntries(Object.entries(tokens).map(([kind, { url }]) => [kind, tokenOf(url)])),
    };
  };

  test('cannot tell a guessed, a used, a revoked and an expired one apart, nor can who reads the log', async () => {
    const seen = [];
    for (const [kind, token] of Object.entries(await everyKind())) {
      const before = koneksi.logged.length;
      const answers = [await page(token), await page(token, 'text/html'), await refusalOf(token)];
      const lines = koneksi.logged.slice(before).map((line) => {
        const { level, context, msg } = JSON.parse(line) as Record<string, unknown>;
        return { level, context, msg };
      });
      expect([kind, answers[0]]).toMatchObject([kind, { status: 404 }]);
      expect(JSON.parse((answers[0] as Page).text)).toMatchObject({ success: false, error: { code: 'LINK_GONE' } });
      expect((answers[1] as Page).status).not.toBe(200);
      expect(answers[2]).toBe('LINK_GONE');
      seen.push({ answers, lines: lines.filter(({ msg }) => String(msg).includes('link')) });
    }
    for (const other of seen) expect(other).toEqual(seen[0]);
    expect(seen[0]!.lines).toHaveLength(3);
  });

  test.each([
    ['nothing', ''],
    ['a shorter one', 'abc'],
    ['a path', '../api/outlets'],
    ['SQL', "' OR 1=1 --"],
    ['100 kB', 'x'.repeat(50_000)],
  ])('%s opens nothing', async (_, token) => {
    expect(await refusalOf(token)).toBe('LINK_GONE');
    expect((await page(encodeURIComponent(token).slice(0, 4_000))).status).toBe(404);
  });

  test.each([undefined, 42, null, { $ne: null }, ['a']])('%p is no token', async (token) => {
    const settings = { extraHeaders: { 'x-forwarded-for': fromSomewhere() } };
    await expect(LinkVisit.open(koneksi.app.url, token, settings)).rejects.toThrow(/^LINK_GONE$/);
  });

  test('finds none by guessing, and is refused before long, at the page and at the socket alike', async () => {
    const { url } = await make(await koneksi.outlet());
    const attacker = '203.0.113.9';
    const outcomes: number[] = [];
    for (let tries = 0; tries < 300; tries++)
      outcomes.push((await page(randomBytes(32).toString('base64url'), 'application/json', attacker)).status);
    expect(outcomes.slice(0, GUESSES)).toEqual(Array.from({ length: GUESSES }, () => 404));
    expect(outcomes.slice(60)).toEqual(Array.from({ length: 240 }, () => 429));
    // Not even the right one tells them that it is: it could be tried for as long.
    expect(await refusalOf(url, attacker)).toBe('TOO_MANY_ATTEMPTS');
    const refused = await fetch(`${koneksi.app.url}/r/x`, { headers: { 'x-forwarded-for': attacker } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refusalOf(url)).toBe('let in');
  });

  test('finds none from a thousand addresses either', async () => {
    await make(await koneksi.outlet());
    const outcomes = new Set<number>();
    for (let round = 0; round < 50; round++) {
      const guesses = Array.from({ length: 20 }, () => page(randomBytes(32).toString('base64url')));
      for (const { status } of await Promise.all(guesses)) outcomes.add(status);
    }
    expect(outcomes).toEqual(new Set([404]));
  });
});

test('who may make them, and how many', async () => {
  const shop = await koneksi.outlet();
  const staff = await koneksi.person('USER', [shop.id]);
  const stranger = await koneksi.person('USER', [outlet.id]);
  const path = `/outlets/${shop.id}/reconnect-links`;
  await make(shop, { token: staff.token });
  expect((await koneksi.call('POST', path, { token: stranger.token })).code).toBe('OUTLET_NOT_FOUND');
  expect((await koneksi.call('GET', path, { token: stranger.token })).code).toBe('OUTLET_NOT_FOUND');
  expect((await koneksi.call('POST', path, { token: null })).status).toBe(401);
  for (const expiresInMinutes of [0, -1, 0.5, 10_081, '60', null])
    expect([expiresInMinutes, (await koneksi.call('POST', path, { body: { expiresInMinutes } })).code]).toEqual([
      expiresInMinutes,
      'VALIDATION_FAILED',
    ]);
  for (let made = 1; made < 10; made++) await make(shop);
  expect(await koneksi.call('POST', path)).toMatchObject({ status: 409, code: 'QUOTA_REACHED' });
  expect(await openLinks(shop)).toHaveLength(10);
});

test('no token is kept or logged, wherever it was used', async () => {
  const { url } = await make(await koneksi.outlet());
  const token = tokenOf(url);
  for (const accept of ['text/html', 'application/json']) await page(token, accept);
  (await visit(url)).close();
  for (const method of ['POST', 'DELETE', 'TRACE'])
    await fetch(`${koneksi.app.url}/r/${token}`, { method }).catch(() => undefined);
  const listed = await koneksi.call('GET', `/outlets/${outlet.id}/reconnect-links`);
  const rows: unknown = await koneksi.database.dataSource.query('SELECT * FROM reconnect_links');
  const kept = JSON.stringify([rows, listed.body, koneksi.logged]);
  expect(kept).not.toContain(token);
  expect((await page(token)).headers).toEqual(
    expect.arrayContaining([
      ['cache-control', 'no-store'],
      ['referrer-policy', 'no-referrer'],
    ]),
  );
});
