import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OptOutHistory } from '@koneksi/contracts/opt-outs';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

let koneksi: Koneksi;
let linked: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  linked = await koneksi.linked(await koneksi.dashboard());
});
afterAll(() => koneksi.stop());

/** Nobody can be opted out until what it answers is called, however long that takes. */
async function holdOptOuts(): Promise<() => Promise<void>> {
  const holder = koneksi.database.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await holder.query('LOCK TABLE opt_outs IN EXCLUSIVE MODE');
  return async () => {
    await holder.rollbackTransaction();
    await holder.release();
  };
}

const history = async (phone: string): Promise<OptOutHistory> =>
  (await koneksi.call<OptOutHistory>('GET', `/opt-outs/${phone}`)).body;

test('a customer who writes STOP to an outlet is opted out within moments, and the ledger says how', async () => {
  const customer = koneksi.simulator.phone('628777000111', { name: 'Sari' });
  await customer.send(linked.outlet.whatsappNumber, 'kapan buka? jangan berhenti kirim promo ya');
  await customer.send(linked.outlet.whatsappNumber, ' Stop!! 🙏');
  const { ledger } = await eventually('the opt-out is stored', async () => {
    const known = await history('628777000111');
    return known.optedOut && known;
  });
  expect(ledger).toEqual([
    expect.objectContaining({
      action: 'OPT_OUT',
      means: 'KEYWORD',
      keyword: 'STOP',
      outletId: linked.outlet.id,
      outletName: linked.outlet.name,
      by: null,
    }),
  ]);
});

test('WhatsApp is told that a STOP was read only once it is stored, so that none is lost with the process', async () => {
  const customer = koneksi.simulator.phone('628777000444', { name: 'Dewi' });
  const receipts: string[] = [];
  koneksi.simulator.on('receipt', ({ number, id }) => {
    if (number === linked.outlet.whatsappNumber) receipts.push(id);
  });
  const { dataSource } = koneksi.database;
  const letGo = await holdOptOuts();
  const { id } = await customer.send(linked.outlet.whatsappNumber, 'STOP');
  await eventually('the opt-out waits', async () => (await lockWaits(dataSource)) > 0);
  expect(receipts).not.toContain(id);
  await letGo();
  await eventually('WhatsApp is told', () => receipts.includes(id));
  expect((await history('628777000444')).optedOut).toBe(true);
});

test('a STOP that cannot be stored for long is not said to have been read, and no kill loses it', async () => {
  const customer = koneksi.simulator.phone('628777000555', { name: 'Eka' });
  const receipts: string[] = [];
  koneksi.simulator.on('receipt', ({ number, id }) => {
    if (number === linked.outlet.whatsappNumber) receipts.push(id);
  });
  const { dataSource } = koneksi.database;
  const letGo = await holdOptOuts();
  const page = await koneksi.dashboard();
  const { id } = await customer.send(linked.outlet.whatsappNumber, 'STOP');
  // Longer than a message waits for being recorded: the line is cut, since WhatsApp forgets what is said to be read.
  await page.becomes(linked.outlet.id, 'STORE_DOWN');
  expect(receipts).not.toContain(id);
  expect(linked.phone.devices[0]!.unacknowledged).toBeGreaterThan(0);
  // All that is in memory goes, as with a kill.
  await koneksi.pause();
  await letGo();
  expect((await dataSource.query<object[]>('SELECT FROM opt_outs WHERE number = $1', ['628777000555'])).length).toBe(0);
  await koneksi.resume();
  await eventually('the opt-out is stored', async () => (await history('628777000555')).optedOut);
  await eventually('WhatsApp is told', () => receipts.includes(id));
});

test('a STOP that was written while the outlet was offline is obeyed once it is back', async () => {
  await koneksi.pause();
  const customer = koneksi.simulator.phone('628777000222', { name: 'Budi' });
  await customer.send(linked.outlet.whatsappNumber, 'BERHENTI');
  await koneksi.resume();
  await eventually('the opt-out is stored', async () => (await history('628777000222')).optedOut);
});

test('a STOP that cannot be stored at once is kept until it can', async () => {
  const dataSource = koneksi.database.dataSource;
  await dataSource.query('ALTER TABLE opt_outs RENAME TO opt_outs_away');
  const customer = koneksi.simulator.phone('628777000333', { name: 'Cici' });
  await customer.send(linked.outlet.whatsappNumber, 'unsubscribe');
  await eventually('the failure is told', () =>
    koneksi.logged.some((line) => line.includes('A wish is not stored yet')),
  );
  await dataSource.query('ALTER TABLE opt_outs_away RENAME TO opt_outs');
  await eventually('the opt-out is stored', async () => (await history('628777000333')).optedOut);
  expect(koneksi.logged.join('\n')).not.toContain('628777000333');
});
