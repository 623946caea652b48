import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { LinkAuditAnswer } from '@koneksi/contracts/link-audit';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { PasskeyAssertion, PasskeyCode, PasskeyRequest } from '@koneksi/contracts/passkey';
import type { BinaryNode } from '@whiskeysockets/baileys';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { LinkedDevice, Phone } from '@koneksi/whatsapp-simulator';
import { Clock } from '../src/common/clock.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer } from './support/koneksi.js';
import { socketOf } from './support/socket-of.js';

/** Five seconds, and some for a machine with other work. Baileys by itself tells once its codes are used up, after minutes. */
const TOLD_WITHIN_MS = 30_000;
const DEMAND = 'CB:notification,type:passkey_prologue_request';

let koneksi: Koneksi;
let page: Dashboard;
/** What phones showed, by number. */
const codes = new Map<string, string>();

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { LOG_LEVEL: 'trace' } });
  page = await koneksi.dashboard();
  koneksi.simulator.on('passkey-code', ({ number, code }) => codes.set(number, code));
});
afterAll(() => koneksi.stop());

const NO_CODE = 'AAAA-BBBB';

interface Demand {
  outlet: Outlet;
  phone: Phone;
  linking: Promise<LinkedDevice>;
  request: PasskeyRequest;
}

const read = (outlet: Outlet, token?: string): Promise<Answer<PasskeyRequest>> =>
  koneksi.call('GET', `/outlets/${outlet.id}/passkey`, token === undefined ? {} : { token });
const handIn = (outlet: Outlet, body: unknown, token?: string): Promise<Answer<PasskeyCode>> =>
  koneksi.call('POST', `/outlets/${outlet.id}/passkey`, { body, ...(token !== undefined && { token }) });
const confirm = (outlet: Outlet, code: unknown, token?: string): Promise<Answer<unknown>> =>
  koneksi.call('POST', `/outlets/${outlet.id}/passkey/confirm`, { body: { code }, ...(token && { token }) });
const giveUp = (outlet: Outlet, token?: string): Promise<Answer<unknown>> =>
  koneksi.call('DELETE', `/outlets/${outlet.id}/passkey`, token === undefined ? {} : { token });

const made = (phone: Phone, { options }: Pick<PasskeyRequest, 'options'>): PasskeyAssertion =>
  JSON.parse(phone.assertPasskey(JSON.stringify(options))) as PasskeyAssertion;

/** What the link audit says of the passkey, newest first. */
async function acts(outlet: Outlet): Promise<string[]> {
  const path = `/outlets/${outlet.id}/link-audit`;
  const { entries } = expectOk(await koneksi.call<LinkAuditAnswer>('GET', path));
  return entries.map(({ code }) => code).filter((act) => act.startsWith('passkey'));
}

/** An outlet whose account demands a passkey, asked for it by a scan. */
async function demanded(on: Outlet | null = null): Promise<Demand> {
  const outlet = on ?? (await koneksi.outlet());
  const phone = koneksi.phoneOf(outlet);
  phone.demandsPasskey = true;
  await koneksi.connect(outlet.id);
  const linking = phone.scan(await page.qr(outlet.id));
  linking.catch(() => undefined);
  await page.becomes(outlet.id, 'PASSKEY_REQUIRED');
  return { outlet, phone, linking, request: expectOk(await read(outlet)) };
}

/** Whatever went wrong before, a QR is to be had, and links. */
async function linksByQr({ outlet, phone }: Demand): Promise<void> {
  phone.demandsPasskey = false;
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
}

test('an account that demands a passkey is told within 5 s, and linked by an assertion made elsewhere', async () => {
  const outlet = await koneksi.outlet({ name: 'Braga' });
  const phone = koneksi.phoneOf(outlet);
  const staff = await koneksi.person('USER', [outlet.id]);
  const stranger = await koneksi.person('USER', [(await koneksi.outlet()).id]);
  const till = await koneksi.dashboard(staff.token);
  await till.watch(outlet.id);
  phone.demandsPasskey = true;
  expect(await read(outlet)).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  const yes = performance.now();
  const linking = phone.scan(qr);
  await till.becomes(outlet.id, 'PASSKEY_REQUIRED');
  expect(performance.now() - yes).toBeLessThan(TOLD_WITHIN_MS);
  const asked = await page.passkey(outlet.id, 'asked');

  const answer = await read(outlet);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const request = expectOk(answer);
  expect(request).toMatchObject({ options: { rpId: 'whatsapp.com' }, step: 'asked', code: null });
  expect(request.expiresAt).toBe(asked.expiresAt);
  const left = Date.parse(request.expiresAt) - Date.now();
  expect(left).toBeGreaterThan(270_000);
  expect(left).toBeLessThanOrEqual(300_000);

  // Staff see what they saw before, and no more; whose outlet it is not, nothing.
  const assertion = made(phone, request);
  for (const [token, refusal] of [
    [staff.token, { status: 403, code: 'FORBIDDEN' }],
    [stranger.token, { status: 404, code: 'OUTLET_NOT_FOUND' }],
  ] as const) {
    expect(await read(outlet, token)).toMatchObject(refusal);
    expect(await handIn(outlet, assertion, token)).toMatchObject(refusal);
    expect(await confirm(outlet, NO_CODE, token)).toMatchObject(refusal);
    expect(await giveUp(outlet, token)).toMatchObject(refusal);
  }
  expect(await confirm(outlet, NO_CODE)).toMatchObject({ status: 409, code: 'PASSKEY_NOT_COMPARED' });

  const taken = await handIn(outlet, assertion);
  expect(taken).toMatchObject({ status: 200, body: { success: true, expiresAt: request.expiresAt } });
  expect(taken.headers.get('cache-control')).toBe('no-store');
  const { code } = taken.body;
  expect(code).toBe(codes.get(outlet.whatsappNumber));
  await page.passkey(outlet.id, 'comparing');
  expect(expectOk(await read(outlet))).toMatchObject({ step: 'comparing', code });
  expect(expectOk(await confirm(outlet, code))).toEqual({ success: true });
  await expect(linking).resolves.toMatchObject({ id: 1 });
  await page.becomes(outlet.id, 'CONNECTED');
  await till.becomes(outlet.id, 'CONNECTED');
  await page.passkey(outlet.id, null);
  expect(await read(outlet)).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  expect((await koneksi.status(outlet.id)).healthy).toBe(true);

  expect(till.passkeys).toEqual([]);
  const told = JSON.stringify([page.changes, page.passkeys, till.changes]);
  const log = koneksi.logged.join('\n');
  const { clientDataJSON, signature, authenticatorData } = assertion.response;
  for (const secret of [code, String(request.options.challenge), clientDataJSON, signature, authenticatorData]) {
    expect(told).not.toContain(secret);
    expect(log).not.toContain(secret);
  }
  expect(await acts(outlet)).toEqual(['passkey-confirmation', 'passkey-assertion', 'passkey-request']);
});

test('a key of an ADMIN that may link hands it in too, one of a USER does not', async () => {
  const demand = await demanded();
  const key = async (body: object): Promise<string> =>
    expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body })).key;
  const [admins, users, blind] = await Promise.all([
    key({ name: 'Alat', role: 'ADMIN', scopes: ['links:write'] }),
    key({ name: 'Kasir', role: 'USER', outletIds: [demand.outlet.id], scopes: ['links:write'] }),
    key({ name: 'Baca', role: 'ADMIN', scopes: ['status:read'] }),
  ]);
  expect(await read(demand.outlet, users)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  expect(await read(demand.outlet, blind)).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  const request = expectOk(await read(demand.outlet, admins));
  const { code } = expectOk(await handIn(demand.outlet, made(demand.phone, request), admins));
  expect(code).toMatch(/^\w{4}-\w{4}$/);
  expectOk(await confirm(demand.outlet, code, admins));
  await page.becomes(demand.outlet.id, 'CONNECTED');
});

test('what is no assertion, is forged or is for another request is refused by name, and the right one still links', async () => {
  const { outlet, phone, request } = await demanded();
  const right = made(phone, request);
  const { response } = right;
  const junk: unknown[] = [
    null,
    [],
    'assertion',
    {},
    { ...right, type: 'password' },
    { ...right, rawId: '' },
    { ...right, rawId: 'x'.repeat(2_000) },
    { ...right, response: null },
    { ...right, response: { ...response, signature: 'not base64url!' } },
    { ...right, response: { ...response, clientDataJSON: 'e'.repeat(10_000) } },
  ];
  for (const body of junk) {
    const answer = await handIn(outlet, body);
    expect([answer.status, answer.code]).toEqual([400, expect.stringMatching(/^(VALIDATION_FAILED|MALFORMED_BODY)$/)]);
  }
  const torn = await fetch(`${koneksi.app.url}/api/outlets/${outlet.id}/passkey`, {
    method: 'POST',
    headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'application/json' },
    body: '{"id":"abc',
  });
  expect(torn.status).toBe(400);

  const older = made(phone, { options: { challenge: Buffer.from('an older challenge').toString('base64url') } });
  expect(await handIn(outlet, older)).toMatchObject({ status: 409, code: 'PASSKEY_OUTDATED' });
  const signature = Buffer.from('forged').toString('base64url');
  const forged = { ...right, response: { ...response, signature } };
  expect(await handIn(outlet, forged)).toMatchObject({ status: 502, code: 'PASSKEY_REFUSED' });
  // On a slow machine whoever is to wait might have waited already: no time goes by here.
  const clock = koneksi.app.app.get(Clock);
  const now = jest.spyOn(clock, 'now').mockReturnValue(clock.now());
  expect(await handIn(outlet, forged)).toMatchObject({ status: 502, code: 'PASSKEY_REFUSED' });
  // Each was handed to WhatsApp; what came before was not.
  const lines = await koneksi.database.dataSource.query<{ ended: boolean }[]>(
    `SELECT ended_at IS NOT NULL AS ended FROM activity WHERE subject_id = $1 AND action = 'outlet.passkey-handed-in'`,
    [outlet.id],
  );
  expect(lines).toEqual([{ ended: true }, { ended: true }]);
  const tooSoon = await handIn(outlet, forged);
  expect(tooSoon).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
  now.mockRestore();
  const seconds = Number(tooSoon.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(5);
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('PASSKEY_REQUIRED');
  // What browsers add is left out, not refused.
  const asBrowsersDo = { ...right, authenticatorAttachment: 'cross-platform', clientExtensionResults: {} };
  const taken = await eventually('the wait after a second slip', async () => {
    const answer = await handIn(outlet, asBrowsersDo);
    return answer.code === 'TOO_MANY_ATTEMPTS' ? null : answer;
  });
  const { code } = expectOk(taken);
  expect(code).toBe(codes.get(outlet.whatsappNumber));
  expectOk(await confirm(outlet, code));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('of two at once one is told that the other is being checked, which goes on', async () => {
  const { outlet, phone, request } = await demanded();
  const right = made(phone, request);
  const watched = page.passkeys.length;
  koneksi.simulator.faults.freeze('silent');
  const first = handIn(outlet, right);
  await page.passkey(outlet.id, 'checking', watched);
  expect(await handIn(outlet, right)).toMatchObject({ status: 409, code: 'PASSKEY_BUSY' });
  koneksi.simulator.faults.thaw();
  const { code } = expectOk(await first);
  expect(code).toBe(codes.get(outlet.whatsappNumber));
  expectOk(await confirm(outlet, code));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('whoever confirms names the code they saw: another one confirms nothing, and nobody is said to have', async () => {
  const { outlet, phone, request } = await demanded();
  const { code } = expectOk(await handIn(outlet, made(phone, request)));
  expect(await confirm(outlet, NO_CODE)).toMatchObject({ status: 409, code: 'PASSKEY_CODE_REPLACED' });
  for (const bad of [undefined, null, '', code.toLowerCase(), code.replace('-', ''), `${code} `, 7, [code]])
    expect(await confirm(outlet, bad)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(expectOk(await read(outlet))).toMatchObject({ step: 'comparing', code });
  expect(await acts(outlet)).not.toContain('passkey-confirmation');
  expect(phone.devices).toEqual([]);
  expectOk(await confirm(outlet, code));
  await page.becomes(outlet.id, 'CONNECTED');
  expect((await acts(outlet))[0]).toBe('passkey-confirmation');
});

test('the assertion handed in again while two compare is answered with the code they compare, which links', async () => {
  const { outlet, phone, request } = await demanded();
  const right = made(phone, request);
  const first = expectOk(await handIn(outlet, right));
  await page.passkey(outlet.id, 'comparing');
  const told = page.passkeys.length;
  const other = await koneksi.person('ADMIN');
  for (const token of [koneksi.token, other.token]) expect(expectOk(await handIn(outlet, right, token))).toEqual(first);
  expect(page.passkeys.slice(told).filter(({ outletId }) => outletId === outlet.id)).toEqual([]);
  expectOk(await confirm(outlet, first.code, other.token));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('after a code that was mistyped, the QR on the same line still links by a passkey', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  const { pairingCode } = expectOk(
    await koneksi.call<{ pairingCode: string }>('POST', `/outlets/${outlet.id}/connect`, {
      body: { method: 'pairing-code' },
    }),
  );
  const qr = await page.qr(outlet.id);
  const [, ...rest] = pairingCode.replace('-', '');
  const mistyped = (pairingCode.startsWith('Z') ? 'Y' : 'Z') + rest.join('');
  await expect(phone.enterCode(mistyped)).rejects.toMatchObject({ code: 'CODE_WRONG' });
  phone.demandsPasskey = true;
  const linking = phone.scan(qr);
  linking.catch(() => undefined);
  await page.becomes(outlet.id, 'PASSKEY_REQUIRED');
  await page.passkey(outlet.id, 'asked');
  const { code } = expectOk(await handIn(outlet, made(phone, expectOk(await read(outlet)))));
  expectOk(await confirm(outlet, code));
  await expect(linking).resolves.toMatchObject({ id: expect.any(Number) });
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a demand that says nothing of over what is told at once, and linked by once it does', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  phone.demandsPasskey = true;
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  socketOf(koneksi, outlet.id).ws.prependListener(DEMAND, (node: BinaryNode) => {
    node.content = [];
    koneksi.simulator.faults.freeze('silent');
  });
  const yes = performance.now();
  const linking = phone.scan(qr);
  linking.catch(() => undefined);
  await page.becomes(outlet.id, 'PASSKEY_REQUIRED');
  expect(performance.now() - yes).toBeLessThan(TOLD_WITHIN_MS);
  expect(await read(outlet)).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  koneksi.simulator.faults.thaw();
  await page.passkey(outlet.id, 'asked');
  const { code } = expectOk(await handIn(outlet, made(phone, expectOk(await read(outlet)))));
  expectOk(await confirm(outlet, code));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('after five minutes WhatsApp has forgotten it: so one is told, and a QR is to be had', async () => {
  const demand = await demanded();
  const right = made(demand.phone, demand.request);
  koneksi.simulator.advance(300_001);
  await expect(demand.linking).rejects.toMatchObject({ code: 'PASSKEY_EXPIRED' });
  expect(await handIn(demand.outlet, right)).toMatchObject({ status: 410, code: 'PASSKEY_EXPIRED' });
  expect(await handIn(demand.outlet, right)).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  expect((await koneksi.status(demand.outlet.id)).reason?.code).toBe('PASSKEY_REQUIRED');
  await linksByQr(demand);
});

test('a different code links nothing: whoever gives up ends it, and a QR is to be had', async () => {
  const demand = await demanded();
  expectOk(await handIn(demand.outlet, made(demand.phone, demand.request)));
  expectOk(await giveUp(demand.outlet));
  expect((await acts(demand.outlet))[0]).toBe('passkey-given-up');
  await expect(demand.linking).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  expect(await confirm(demand.outlet, NO_CODE)).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  expect(await giveUp(demand.outlet)).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  await linksByQr(demand);
});

test('a pause, a logout and a new QR end it, and an answer for the request before is outdated', async () => {
  const { outlet, linking, phone, request } = await demanded();
  expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/pause`));
  await expect(linking).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  expect(await handIn(outlet, made(phone, request))).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/resume`));
  const again = await demanded(outlet);
  expect(await handIn(outlet, made(phone, request))).toMatchObject({ status: 409, code: 'PASSKEY_OUTDATED' });
  expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/logout`));
  await expect(again.linking).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  const third = await demanded(outlet);
  await koneksi.connect(outlet.id);
  await expect(third.linking).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  expect(await read(outlet)).toMatchObject({ status: 404, code: 'PASSKEY_NOT_ASKED' });
  await linksByQr(third);
});

test('the document shows what to send and what is answered', async () => {
  const document = expectOk(await koneksi.call<OpenAPIObject>('GET', '/docs/openapi.json'));
  const path = document.paths['/api/outlets/{id}/passkey'];
  expect(JSON.stringify(path?.post)).toMatch(/"example":\{[^}]*"response":\{"clientDataJSON"/);
  expect(JSON.stringify(path?.get)).toMatch(/"example":\{"options"/);
});
