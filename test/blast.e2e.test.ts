import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Blast, BlastCreated, BlastPreview, RecipientPage } from '@koneksi/contracts/blasts';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let jakarta: LinkedOutlet;
let bandung: LinkedOutlet;

const customer = (index: number): string => `628777${String(index).padStart(7, '0')}`;

async function contacts(outletId: string, numbers: readonly string[]): Promise<void> {
  for (const number of numbers) koneksi.simulator.phone(number);
  await koneksi.database.dataSource.query(
    `INSERT INTO contacts (id, outlet_id, number, name, fields)
     SELECT gen_random_uuid(), $1, n, 'Pelanggan ' || right(n, 3), '{"Kota": "Bandung"}' FROM unnest($2::text[]) AS n`,
    [outletId, numbers],
  );
}

const send = async (body: object): Promise<string> =>
  expectOk(await koneksi.call<BlastCreated>('POST', '/blasts', { body })).id;
const blast = async (id: string): Promise<Blast> => expectOk(await koneksi.call<Blast>('GET', `/blasts/${id}`));
const ended = (id: string): Promise<Blast> =>
  eventually(`blast ${id} is finished`, async () => {
    const now = await blast(id);
    return now.status === 'finished' && now.counts.sent === 0 && now;
  });
const textsOf = (number: string): string[] => koneksi.simulator.phone(number).inbox.map(({ text }) => text);

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { BLAST_PACE_MS: '0-0', BLAST_RECEIPT_WAIT_MS: '500' } });
  const dashboard = await koneksi.dashboard();
  jakarta = await koneksi.linked(dashboard, { name: 'Jakarta' });
  bandung = await koneksi.linked(dashboard, { name: 'Bandung' });
  await contacts(
    jakarta.outlet.id,
    Array.from({ length: 30 }, (_, index) => customer(index)),
  );
  await contacts(
    bandung.outlet.id,
    Array.from({ length: 30 }, (_, index) => customer(index + 20)),
  );
});
afterAll(() => koneksi.stop());

test('reaches every customer of the outlets exactly once, each with their own words', async () => {
  const message = 'Halo {{nama}} dari {{outlet}}, {{kota|kota Anda}}!';
  const preview = expectOk(
    await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body: { outletIds: 'all', message } }),
  );
  expect(preview).toMatchObject({ recipients: 50, skipped: { DUPLICATE: 10 }, missing: [] });
  const id = await send({ outletIds: 'all', message });
  const { counts } = await ended(id);
  expect(counts).toMatchObject({ delivered: 50, queued: 0, sending: 0, failed: 0, unknown: 0, skipped: 0 });
  for (let index = 0; index < 50; index++) {
    const outlet = index < 20 ? 'Jakarta' : index < 30 ? '(Jakarta|Bandung)' : 'Bandung';
    const suffix = String(index).padStart(3, '0');
    expect(textsOf(customer(index))).toEqual([
      expect.stringMatching(new RegExp(`^Halo Pelanggan ${suffix} dari ${outlet}, Bandung!$`)),
    ]);
  }
  const { recipients } = expectOk(await koneksi.call<RecipientPage>('GET', `/blasts/${id}/recipients?limit=500`));
  expect(new Set(recipients.map(({ messageId }) => messageId)).size).toBe(50);
});
