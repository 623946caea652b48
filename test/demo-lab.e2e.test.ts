import {
  PHONE_VERBS,
  type DriftAnswer,
  type LabState,
  type PhoneFault,
  type PhoneVerb,
  type VirtualPhone,
  type WhatsAppState,
} from '@koneksi/contracts/demo';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

const UNKNOWN = '99999999-9999-4999-8999-999999999999';

let koneksi: Koneksi;
let page: Dashboard;
let linked: LinkedOutlet;
let neighbour: LinkedOutlet;

beforeAll(async () => {
  // What is half open is found out some seconds later: what is pressed at once, on whatever machine, comes before.
  koneksi = await Koneksi.start({ demo: true, env: { WA_KEEPALIVE_MS: '5000', RECONCILE_INTERVAL_MS: '500' } });
  page = await koneksi.dashboard();
  linked = await koneksi.linked(page);
  neighbour = await koneksi.linked(page);
});

afterAll(() => koneksi.stop());

async function press({ id }: Outlet, verb: PhoneVerb | 'scan'): Promise<VirtualPhone> {
  return expectOk(await koneksi.call<VirtualPhone>('POST', `/demo/phones/${id}/${verb}`));
}

async function phoneOf({ id }: Outlet): Promise<VirtualPhone | undefined> {
  const phones = expectOk(await koneksi.call<VirtualPhone[]>('GET', '/demo/phones'));
  return phones.find(({ outletId }) => outletId === id);
}

async function whatsApp(verb: 'down' | 'cut' | 'recover'): Promise<WhatsAppState['state']> {
  return expectOk(await koneksi.call<WhatsAppState>('POST', `/demo/whatsapp/${verb}`)).state;
}

describe('a fault parks the outlet until it is recovered', () => {
  test.each<[PhoneFault, ReasonCode]>([
    ['ban', 'BANNED'],
    ['restrict', 'RESTRICTED'],
    ['outdated', 'OUTDATED'],
  ])('%s is %s', async (verb, code) => {
    const { outlet } = linked;
    const neighbourWas = page.told(neighbour.outlet.id).length;
    expect(await press(outlet, verb)).toMatchObject({ fault: verb, linked: true, devices: [{ online: false }] });
    await page.becomes(outlet.id, code);
    const told = page.told(outlet.id).length;
    expect(await press(outlet, verb)).toMatchObject({ fault: verb });
    expect((await koneksi.status(outlet.id)).reason?.code).toBe(code);
    expect(page.told(outlet.id)).toHaveLength(told);

    // Trying again does not help as long as WhatsApp refuses; a number that is banned may be linked anew.
    await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, verb === 'ban' ? 'PAIRING' : code);
    expect(await phoneOf(outlet)).toMatchObject({ fault: verb });

    expect(await press(outlet, 'recover')).toMatchObject({ fault: null });
    await page.becomes(outlet.id, 'CONNECTED');
    expect(page.told(neighbour.outlet.id)).toHaveLength(neighbourWas);
  });

  test('replaced is REPLACED, with nothing left standing', async () => {
    const { outlet } = linked;
    expect(await press(outlet, 'replaced')).toMatchObject({ fault: null });
    await page.becomes(outlet.id, 'REPLACED');
    await press(outlet, 'replaced');
    expect((await koneksi.status(outlet.id)).reason?.code).toBe('REPLACED');
    await press(outlet, 'recover');
    await page.becomes(outlet.id, 'CONNECTED');
  });
});

describe('a fault the outlet survives', () => {
  test('half-open is found out and replaced by a new connection', async () => {
    const { outlet } = linked;
    expect(await press(outlet, 'half-open')).toMatchObject({ fault: 'half-open' });
    expect(await press(outlet, 'half-open')).toMatchObject({ fault: 'half-open' });
    await page.losesLink(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(await phoneOf(outlet)).toMatchObject({ fault: null, devices: [{ online: true }] });
    await press(outlet, 'recover');
    expect((await koneksi.status(outlet.id)).healthy).toBe(true);
  });

  test('recovered before anybody noticed, it was never told', async () => {
    const { outlet } = linked;
    const told = page.told(outlet.id).length;
    await press(outlet, 'half-open');
    expect(await press(outlet, 'recover')).toMatchObject({ fault: null });
    expectOk(await koneksi.call('POST', '/outlets/status/refresh'));
    expect(page.told(outlet.id)).toHaveLength(told);
  });

  test('slow reconnects at leisure and is healthy while it lasts', async () => {
    const { outlet } = linked;
    const from = performance.now();
    await press(outlet, 'slow');
    await page.losesLink(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(performance.now() - from).toBeGreaterThan(1_500);
    expect(await phoneOf(outlet)).toMatchObject({ fault: 'slow' });
    expectOk(await koneksi.call('POST', '/outlets/status/refresh'));
    expect((await koneksi.status(outlet.id)).healthy).toBe(true);
    const told = page.told(outlet.id).length;
    expect(await press(outlet, 'slow')).toMatchObject({ fault: 'slow' });
    expect(await press(outlet, 'recover')).toMatchObject({ fault: null });
    expect(page.told(outlet.id)).toHaveLength(told);
  });

  test('junk costs the connection, and it comes back', async () => {
    const { outlet } = linked;
    expect(await press(outlet, 'junk')).toMatchObject({ fault: null });
    await page.losesLink(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
  });
});

describe('the phone itself', () => {
  test('unlinks the outlet, which then needs a scan; recovering alone does not bring it back', async () => {
    const { outlet } = await koneksi.linked(page);
    expect(await press(outlet, 'unlink')).toMatchObject({ linked: false, devices: [] });
    await page.becomes(outlet.id, 'REMOVED_BY_WHATSAPP');
    expect(await press(outlet, 'unlink')).toMatchObject({ linked: false });
    await press(outlet, 'recover');
    expect((await koneksi.status(outlet.id)).reason?.code).toBe('REMOVED_BY_WHATSAPP');
    await koneksi.connect(outlet.id);
    await page.qr(outlet.id);
    expect(await press(outlet, 'scan')).toMatchObject({ linked: true });
    await page.becomes(outlet.id, 'CONNECTED');
    // A second scan has nothing to do.
    expect(await press(outlet, 'scan')).toMatchObject({ linked: true, devices: [{}] });
  });

  test('scans nothing while it is off, and the QR waits', async () => {
    const outlet = await koneksi.outlet();
    expect(await koneksi.call('POST', `/demo/phones/${outlet.id}/scan`)).toMatchObject({
      status: 404,
      code: 'QR_NOT_SHOWN',
    });
    await koneksi.connect(outlet.id);
    await page.qr(outlet.id);
    expect(await press(outlet, 'offline')).toMatchObject({ online: false });
    expect(await press(outlet, 'offline')).toMatchObject({ online: false });
    expect(await koneksi.call('POST', `/demo/phones/${outlet.id}/scan`)).toMatchObject({
      status: 409,
      code: 'PHONE_REFUSED',
    });
    expect(await press(outlet, 'online')).toMatchObject({ online: true });
    await press(outlet, 'scan');
    await page.becomes(outlet.id, 'CONNECTED');
    // The outlet does not need it from here on.
    await press(outlet, 'offline');
    expectOk(await koneksi.call('POST', '/outlets/status/refresh'));
    expect((await koneksi.status(outlet.id)).healthy).toBe(true);
    expect(await press(outlet, 'recover')).toMatchObject({ online: true });
  });

  test('types the pairing code on show, and no other', async () => {
    const outlet = await koneksi.outlet();
    const { pairingCode } = expectOk(
      await koneksi.call<{ pairingCode: string }>('POST', `/outlets/${outlet.id}/connect`, {
        body: { method: 'pairing-code' },
      }),
    );
    const type = (code: string): Promise<unknown> =>
      koneksi.call('POST', `/demo/phones/${outlet.id}/enter-code`, { body: { code } });
    expect(await type('AAAAAAAA')).toMatchObject({ status: 409, code: 'PHONE_REFUSED' });
    expect(await type('')).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
    expect(await type(pairingCode)).toMatchObject({ status: 200, body: { linked: true } });
    await page.becomes(outlet.id, 'CONNECTED');
  });
});

describe('WhatsApp for everybody', () => {
  test.each([
    ['down', 'HTTP 503'],
    ['cut', 'ECONNREFUSED'],
  ] as const)('%s: every outlet says so, and is back at once when it is over', async (verb, detail) => {
    const outlets = [linked.outlet, neighbour.outlet];
    expect(await whatsApp(verb)).toBe(verb);
    for (const { id } of outlets) {
      const told = await page.becomes(id, 'WHATSAPP_UNREACHABLE');
      expect(told.status.reason?.params.detail).toBe(detail);
    }
    expect(await whatsApp(verb)).toBe(verb);
    expect(expectOk(await koneksi.call<WhatsAppState>('GET', '/demo/whatsapp'))).toEqual({ state: verb });
    expect(await whatsApp('recover')).toBe('up');
    expect(await whatsApp('recover')).toBe('up');
    await Promise.all(outlets.map(({ id }) => page.becomes(id, 'CONNECTED')));
  });
});

test('a wrong status in a row is found and corrected, and the push tells what it said', async () => {
  const { outlet } = linked;
  const { revision } = await koneksi.status(outlet.id);
  const answer = expectOk(await koneksi.call<DriftAnswer>('POST', `/demo/drift/${outlet.id}`));
  expect(answer).toEqual({ outletId: outlet.id, wrote: 'DISCONNECTED', correctedWithinMs: 500 });
  const mended = await page.becomes(outlet.id, 'CONNECTED');
  expect(mended.previous).toBe('DISCONNECTED');
  expect(mended.status.revision).toBeGreaterThan(revision);
  await eventually('the row is right again', async () => (await koneksi.sessionRow(outlet.id))?.status === 'CONNECTED');
});

test('one press ends everything', async () => {
  await press(linked.outlet, 'ban');
  await press(neighbour.outlet, 'offline');
  await whatsApp('cut');
  await page.becomes(neighbour.outlet.id, 'WHATSAPP_UNREACHABLE');
  const lab = expectOk(await koneksi.call<LabState>('POST', '/demo/recover'));
  expect(lab.whatsapp).toEqual({ state: 'up' });
  expect(lab.phones.filter(({ fault, online }) => fault !== null || !online)).toEqual([]);
  await Promise.all([linked, neighbour].map(({ outlet }) => page.becomes(outlet.id, 'CONNECTED')));
});

describe('who may', () => {
  const routesOf = (id: string): string[] => [
    ...PHONE_VERBS.map((verb) => `/demo/phones/${id}/${verb}`),
    `/demo/phones/${id}/scan`,
    `/demo/drift/${id}`,
  ];

  test('a USER does with the phone of their own outlet what they like, and others do not exist', async () => {
    const { token } = await koneksi.person('USER', [linked.outlet.id]);
    const { body } = await koneksi.call<VirtualPhone[]>('GET', '/demo/phones', { token });
    expect(body.map(({ outletId }) => outletId)).toEqual([linked.outlet.id]);
    expect((await koneksi.call('POST', `/demo/phones/${linked.outlet.id}/online`, { token })).status).toBe(200);
    for (const path of [...routesOf(neighbour.outlet.id), ...routesOf(UNKNOWN)]) {
      expect(await koneksi.call('POST', path, { token })).toMatchObject({ status: 404, code: 'OUTLET_NOT_FOUND' });
    }
    for (const path of ['/demo/whatsapp/down', '/demo/recover']) {
      expect(await koneksi.call('POST', path, { token })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    expect((await koneksi.status(neighbour.outlet.id)).healthy).toBe(true);
  });

  test('a verb there is not is refused by name', async () => {
    for (const path of [`/demo/phones/${linked.outlet.id}/explode`, '/demo/whatsapp/explode']) {
      const answer = await koneksi.call<{ error: { fields: { field: string }[] } }>('POST', path);
      expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
    }
  });

  test('outside the demo none of it is there', async () => {
    const plain = await Koneksi.start();
    try {
      expect((await plain.call('GET', '/demo/phones')).status).toBe(404);
      expect((await plain.call('POST', '/demo/recover')).status).toBe(404);
    } finally {
      await plain.stop();
    }
  });
});
