import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Dashboard } from './support/dashboard.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let page: Dashboard;
let healthy: LinkedOutlet;
let other: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  page = await koneksi.dashboard();
  healthy = await koneksi.linked(page);
  other = await koneksi.linked(page);
});

afterAll(() => koneksi.stop());

test('an outlet that fails alone is told so; the way to WhatsApp is blamed where all fail', async () => {
  koneksi.simulator.faults.refuseUpgrade(503, { times: 1 });
  other.phone.faults.end('drop');
  const alone = await page.becomes(other.outlet.id, 'WHATSAPP_UNREACHABLE');
  expect(alone.status.reason).toMatchObject({ params: { detail: 'HTTP 503', reach: 'alone' } });
  expect(alone.status.reason?.message).toContain('outlet lain tersambung');
  await page.becomes(other.outlet.id, 'CONNECTED');
  await koneksi.simulator.faults.refuseConnections();
  for (const { phone } of [healthy, other]) phone.faults.end('drop');
  for (const { outlet } of [healthy, other]) {
    const { status } = await page.next(
      outlet.id,
      'told of all',
      ({ status: { reason } }) => reason?.code === 'WHATSAPP_UNREACHABLE' && reason.params.reach === 'server',
    );
    expect(status.reason?.action).toContain('Periksa internet di server');
  }
  await koneksi.simulator.faults.acceptConnections();
  for (const { outlet } of [healthy, other]) {
    await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
  }
});
