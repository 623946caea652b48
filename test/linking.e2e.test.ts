import type { ActivityPage } from '@koneksi/contracts/activity';
import type { LinkAuditAnswer } from '@koneksi/contracts/link-audit';
import type { ConnectAnswer, QrAnswer } from '@koneksi/contracts/outlets';
import type { WatchQrAnswer } from '@koneksi/contracts/realtime';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dashboard } from './support/dashboard.js';
import { expectOk, Koneksi, type Answer } from './support/koneksi.js';
import { eventually } from './support/eventually.js';

let koneksi: Koneksi;
let page: Dashboard;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  page = await koneksi.dashboard();
});

afterAll(() => koneksi.stop());

test('a pairing that died with its process begins anew with other keys: its phone may hold the first ones', async () => {
  const outlet = await koneksi.outlet();
  await koneksi.connect(outlet.id);
  const keysOf = (qr: string): string[] => qr.slice(qr.indexOf(',') + 1).split(',');
  const before = keysOf(await page.qr(outlet.id));
  await koneksi.pause();
  await koneksi.resume();
  page = await koneksi.dashboard();
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  for (const key of keysOf(qr).slice(0, 3)) expect(before).not.toContain(key);
  await koneksi.phoneOf(outlet).scan(qr);
  await page.becomes(outlet.id, 'CONNECTED');
});

test('an outlet is linked by the QR its page shows, and every page hears each step', async () => {
  const other = await koneksi.dashboard();
  const outlet = await koneksi.outlet({ name: 'Jakarta Store' });
  const created = await page.becomes(outlet.id, 'NEVER_LINKED');
  expect(created.status.outlet).toEqual({
    name: 'Jakarta Store',
    whatsappNumber: outlet.whatsappNumber,
    isActive: true,
    city: null,
    tags: [],
  });

  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  const shown = await page.next(outlet.id, 'QR present', ({ status }) => status.session.qrCode === 'Present');
  expect(shown.status.reason?.code).toBe('PAIRING');
  expect(JSON.stringify(page.changes)).not.toContain(qr);
  const rest = await koneksi.call<QrAnswer>('GET', `/outlets/${outlet.id}/qr`);
  expect(rest.body.qr).toBe(qr);
  expect(rest.headers.get('cache-control')).toBe('no-store');
  expect(Date.parse(rest.body.expiresAt)).toBeGreaterThan(Date.now());

  await koneksi.phoneOf(outlet).scan(qr);
  const connected = await page.becomes(outlet.id, 'CONNECTED');
  expect(connected.previous).toBe('CONNECTING');
  expect(connected.status).toMatchObject({
    healthy: true,
    session: { status: 'CONNECTED', sessionName: 'Android', qrCode: null, autoReconnect: true, retryCount: 0 },
    liveStatus: { status: 'CONNECTED', qrCode: null, name: 'Android' },
    reason: null,
    nextRetryAt: null,
  });
  // Asked right after the login: the last that is told of it.
  for (const each of [page, other])
    await each.next(outlet.id, 'told its limits', ({ status }) => status.limits !== null);
  expect(other.told(outlet.id)).toEqual(page.told(outlet.id));
  expect(page.qrs.at(-1)).toEqual({ outletId: outlet.id, qr: null, expiresAt: null });
  expect((await koneksi.call('GET', `/outlets/${outlet.id}/qr`)).code).toBe('QR_NOT_SHOWN');

  const { criteria, healthy } = await koneksi.status(outlet.id);
  expect(criteria).toEqual({
    databaseConnected: true,
    liveConnected: true,
    websocketOpen: true,
    userPresent: true,
    autoReconnect: true,
  });
  expect(healthy).toBe(true);
  expect(await koneksi.credentials(outlet.id)).toEqual([
    expect.objectContaining({ linked_number: outlet.whatsappNumber, quarantined_at: null }),
  ]);
});

test('an outlet is linked by the code typed on its phone', async () => {
  const outlet = await koneksi.outlet();
  const answer = await koneksi.call<ConnectAnswer>('POST', `/outlets/${outlet.id}/connect`, {
    body: { method: 'pairing-code' },
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body.pairingCode).toMatch(/^[A-Z0-9]{8}$/);
  const left = Date.parse(answer.body.expiresAt!) - Date.now();
  expect(left).toBeGreaterThan(120_000);
  expect(left).toBeLessThanOrEqual(160_000);
  await koneksi.phoneOf(outlet).enterCode(answer.body.pairingCode!);
  await page.becomes(outlet.id, 'CONNECTED');
  expect((await koneksi.status(outlet.id)).healthy).toBe(true);
});

test('a code asked for beside the QR links as well, and asking twice answers the same code', async () => {
  const outlet = await koneksi.outlet();
  await koneksi.connect(outlet.id);
  await page.qr(outlet.id);
  const ask = (): Promise<string | undefined> =>
    koneksi
      .call<ConnectAnswer>('POST', `/outlets/${outlet.id}/connect`, { body: { method: 'pairing-code' } })
      .then((answer) => expectOk(answer).pairingCode);
  const code = await ask();
  expect(await ask()).toBe(code);
  await koneksi.phoneOf(outlet).enterCode(code!);
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a phone with another number is sent away: device removed, nothing kept, and the page names the number', async () => {
  const outlet = await koneksi.outlet();
  const stranger = koneksi.simulator.phone('628555000111', { name: 'Stranger' });
  await koneksi.connect(outlet.id);
  await stranger.scan(await page.qr(outlet.id));
  const { status } = await page.becomes(outlet.id, 'WRONG_NUMBER');
  expect(status.reason?.params).toEqual({ number: '628555000111' });
  expect(status.healthy).toBe(false);
  await eventually('the device is off the phone', () => stranger.devices.length === 0);
  await eventually('its credentials are set aside', async () =>
    (await koneksi.credentials(outlet.id)).every((row) => row.quarantined_at !== null),
  );

  await koneksi.connect(outlet.id);
  await koneksi.phoneOf(outlet).scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a phone refused by WhatsApp during linking leaves the outlet linkable', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  phone.setOnline(false);
  await expect(phone.scan(qr)).rejects.toMatchObject({ code: 'PHONE_OFFLINE' });
  phone.setOnline(true);
  await phone.scan(qr);
  await page.becomes(outlet.id, 'CONNECTED');
});

test('an official account whose linking WhatsApp restricts fails on its phone alone: nothing is claimed, and it is linked once it may', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.simulator.phone(outlet.whatsappNumber, { name: 'Toko Resmi', business: true });
  phone.faults.refuseLinking({ times: 1 });
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  await expect(phone.scan(qr)).rejects.toMatchObject({ code: 'LINKING_REFUSED' });
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('PAIRING');
  await phone.scan(qr);
  const { status } = await page.becomes(outlet.id, 'CONNECTED');
  expect(status.session.sessionName).toBe('Toko Resmi');
});

test('a link lost between the scan and the first login is finished by itself', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  phone.faults.endLogin('drop', { times: 1 });
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'WHATSAPP_UNREACHABLE');
  await page.becomes(outlet.id, 'CONNECTED');
  expect(phone.devices).toHaveLength(1);
});

test('a link that ended while it could not be set aside is replaced when somebody asks for a new one', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  const sql = (text: string): Promise<unknown> => koneksi.database.dataSource.query(text);
  await sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$`);
  await sql(
    'CREATE TRIGGER refuse BEFORE UPDATE OF quarantined_at ON wa_credential FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  phone.unlink();
  await page.becomes(outlet.id, 'REMOVED_BY_WHATSAPP');
  await eventually('setting it aside failed', () => koneksi.logged.some((line) => line.includes('quarantine failed')));
  await sql('DROP TRIGGER refuse ON wa_credential');
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
});

describe('a pairing code', () => {
  const askForCode = (outletId: string): Promise<Answer<ConnectAnswer>> =>
    koneksi.call<ConnectAnswer>('POST', `/outlets/${outletId}/connect`, { body: { method: 'pairing-code' } });

  async function watch(outletId: string, dashboard = page): Promise<WatchQrAnswer & { success: true }> {
    const answer = await dashboard.socket.emitWithAck('outlet-qr:watch', { outletId });
    if (!answer.success) throw new Error(answer.error.code);
    return answer;
  }

  test('is pushed to whoever watches its outlet, and to nobody else', async () => {
    const [outlet, stranger] = [await koneksi.outlet(), await koneksi.dashboard()];
    await page.becomes(outlet.id, 'NEVER_LINKED');
    await watch(outlet.id);
    const { pairingCode, expiresAt } = expectOk(await askForCode(outlet.id));
    const told = await page.code(outlet.id, (change) => change.pairingCode !== null);
    expect(told).toEqual({ outletId: outlet.id, pairingCode, expiresAt, refusal: null });
    const late = await koneksi.dashboard();
    expect(await watch(outlet.id, late)).toMatchObject({ pairingCode, pairingCodeExpiresAt: expiresAt });
    await koneksi.phoneOf(outlet).enterCode(pairingCode!);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(page.codes.at(-1)).toMatchObject({ pairingCode: null, expiresAt: null });
    expect(stranger.codes).toEqual([]);
    expect(JSON.stringify(page.changes)).not.toContain(pairingCode);
    const audit = expectOk(await koneksi.call<LinkAuditAnswer>('GET', `/outlets/${outlet.id}/link-audit`));
    expect(audit.entries.filter(({ code }) => code === 'pairing-code')).toHaveLength(1);
    const history = await koneksi.history(outlet.id);
    expect(history.find(({ reason }) => reason?.code === 'PAIRING')?.reason?.params.method).toBe('pairing-code');
  });

  test.each([
    ['400', 502, 'PAIRING_CODE_REFUSED', null],
    ['429', 429, 'PAIRING_CODE_LIMITED', '3600'],
    ['500', 502, 'PAIRING_CODE_REFUSED', null],
  ] as const)('refused with %s is told at once, and the QR links', async (code, status, errorCode, retryAfter) => {
    const outlet = await koneksi.outlet();
    const phone = koneksi.phoneOf(outlet);
    await koneksi.connect(outlet.id);
    const qr = await page.qr(outlet.id);
    phone.faults.refuseCode({ stage: 'companion_hello', code, times: 1 });
    const asked = Date.now();
    const refused = await askForCode(outlet.id);
    // Long before a code would run out; the figure is in docs/benchmarks.md.
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(refused).toMatchObject({ status, code: errorCode });
    expect(refused.headers.get('retry-after')).toBe(retryAfter);
    const told = await page.code(outlet.id, ({ refusal }) => refusal !== null);
    expect(told).toMatchObject({ pairingCode: null, refusal: { code: errorCode, retryAt: null } });
    // It connects all the same: that was done, first by a QR and then by a code.
    const lines = expectOk(await koneksi.call<ActivityPage>('GET', `/activity?outletId=${outlet.id}`)).items;
    expect(lines.filter(({ action }) => action === 'outlet.connected')).toMatchObject([
      { outcome: 'done', changes: [{ field: 'method', after: 'pairing-code' }] },
      { outcome: 'done' },
    ]);
    expect((await koneksi.status(outlet.id)).reason?.code).toBe('PAIRING');
    await phone.scan(qr);
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('is asked for no more within a limit that is known; another number has its own', async () => {
    const outlet = await koneksi.outlet();
    const phone = koneksi.phoneOf(outlet);
    // Whatever is asked after this is given, and would be answered 202.
    phone.faults.refuseCode({ stage: 'companion_hello', code: '429', times: 1 });
    expect(await askForCode(outlet.id)).toMatchObject({ status: 429, code: 'PAIRING_CODE_LIMITED' });
    for (let times = 0; times < 5; times++) {
      const refused = await askForCode(outlet.id);
      expect(refused).toMatchObject({ status: 429, code: 'PAIRING_CODE_LIMITED' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    }
    await koneksi.call('POST', `/outlets/${outlet.id}/pause`);
    await koneksi.call('POST', `/outlets/${outlet.id}/resume`);
    expect(await askForCode(outlet.id)).toMatchObject({ status: 429, code: 'PAIRING_CODE_LIMITED' });
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
    await koneksi.call('POST', `/outlets/${outlet.id}/logout`);
    await page.becomes(outlet.id, 'UNLINKED');
    const number = '628777000124';
    expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { whatsappNumber: number } }));
    const { pairingCode } = expectOk(await askForCode(outlet.id));
    await koneksi.simulator.phone(number, { name: 'Baru' }).enterCode(pairingCode!);
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('that WhatsApp refuses once it is typed is told, and the QR on the same page links', async () => {
    const outlet = await koneksi.outlet();
    const phone = koneksi.phoneOf(outlet);
    const { pairingCode } = expectOk(await askForCode(outlet.id));
    const qr = await page.qr(outlet.id);
    phone.faults.refuseCode({ stage: 'companion_finish', code: '400', times: 1 });
    const typed = phone.enterCode(pairingCode!).catch((error: { code: string }) => error.code);
    await page.code(outlet.id, ({ refusal }) => refusal?.code === 'PAIRING_CODE_REFUSED');
    expect((await koneksi.status(outlet.id)).reason?.code).toBe('PAIRING');
    await phone.scan(qr);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(await typed).toMatch(/[A-Z]/);
  });

  test('that was mistyped leaves the QR beside it scannable', async () => {
    const outlet = await koneksi.outlet();
    const phone = koneksi.phoneOf(outlet);
    const { pairingCode } = expectOk(await askForCode(outlet.id));
    const qr = await page.qr(outlet.id);
    const wrong = pairingCode!.startsWith('A') ? `B${pairingCode!.slice(1)}` : `A${pairingCode!.slice(1)}`;
    await expect(phone.enterCode(wrong)).rejects.toMatchObject({ code: 'CODE_WRONG' });
    await phone.scan(qr);
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('is replaced on every page when the line drops, and when the outlet gets another number', async () => {
    const outlet = await koneksi.outlet();
    await page.becomes(outlet.id, 'NEVER_LINKED');
    await watch(outlet.id);
    const first = expectOk(await askForCode(outlet.id)).pairingCode!;
    await page.code(outlet.id, ({ pairingCode }) => pairingCode === first);
    const dropped = page.codes.length;
    await koneksi.simulator.faults.refuseConnections();
    koneksi.simulator.faults.end('drop');
    await page.code(outlet.id, ({ pairingCode }) => pairingCode === null, dropped);
    await koneksi.simulator.faults.acceptConnections();
    const second = await page.code(outlet.id, ({ pairingCode }) => pairingCode !== null, dropped);
    expect(second.pairingCode).not.toBe(first);

    const renumbered = page.codes.length;
    const number = '628777000123';
    expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { whatsappNumber: number } }));
    const third = await page.code(outlet.id, ({ pairingCode }) => pairingCode !== null, renumbered);
    await koneksi.simulator.phone(number, { name: 'Baru' }).enterCode(third.pairingCode!);
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('needs a way to WhatsApp', async () => {
    const outlet = await koneksi.outlet();
    await koneksi.simulator.faults.refuseConnections();
    try {
      expect(await askForCode(outlet.id)).toMatchObject({ status: 503, code: 'WHATSAPP_UNREACHABLE' });
    } finally {
      await koneksi.simulator.faults.acceptConnections();
    }
  });
});

test.each(['qr', 'pairing-code'] as const)(
  'an account that demands a passkey is named at its phone’s yes, by %s',
  async (method) => {
    const outlet = await koneksi.outlet();
    const phone = koneksi.phoneOf(outlet);
    phone.demandsPasskey = true;
    const asked = await koneksi.call<ConnectAnswer>('POST', `/outlets/${outlet.id}/connect`, { body: { method } });
    const qr = await page.qr(outlet.id);
    const yes = Date.now();
    const linking = method === 'qr' ? phone.scan(qr) : phone.enterCode(asked.body.pairingCode!);
    linking.catch(() => undefined);
    const { status } = await page.becomes(outlet.id, 'PASSKEY_REQUIRED');
    // Long before its codes run out, which would be told as nobody having scanned.
    expect(Date.now() - yes).toBeLessThan(10_000);
    expect(status.session).toMatchObject({ status: 'FAILED', qrCode: null });
    expect(status.nextRetryAt).toBeNull();
    expect(page.told(outlet.id)).not.toContain('TIMEOUT QR_EXPIRED');

    phone.demandsPasskey = false;
    await koneksi.connect(outlet.id);
    // The connection that waited for the passkey made room.
    await expect(linking).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
  },
);
