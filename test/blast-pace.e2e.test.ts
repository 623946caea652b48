import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

/** Longer than a turn of sending waits within itself: the rest between two messages outlives the turn. Milliseconds. */
const REST_MS = 1_500;
/** What the wall and the monotonic clock may be apart by. Milliseconds. */
const CLOCKS_MS = 250;

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let next = 0;

async function newContacts(count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, shop.outlet.id, next, count);
  next += count;
  return numbers;
}
const to = (phones: readonly string[], message: string): object => ({
  outletIds: [shop.outlet.id],
  message,
  audience: { phones },
});
async function settings(body: object): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}/blast-settings`, { body }));
}
const shortestRest = (times: readonly number[]): number =>
  Math.min(...times.slice(1).map((time, index) => time - times[index]!));

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { BLAST_RECEIPT_WAIT_MS: '500' } });
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta' });
});
afterAll(() => koneksi.stop());
beforeEach(async () => {
  shop.phone.faults.clear();
  await settings({ paceMinMs: 0, paceMaxMs: 0 });
});

test.each<[whatWakesIt: string, people: number, wake: (running: string) => Promise<string[]>]>([
  ['a second blast', 3, async () => [await blasts.create(to(await newContacts(2), 'Kedua'))]],
  [
    'a resume',
    // Who has ended cannot be paused.
    6,
    async (running) => {
      await blasts.verb(running, 'pause');
      await blasts.verb(running, 'resume');
      return [];
    },
  ],
  [
    'a retry',
    3,
    async (running) => {
      const refused = (await blasts.recipients(running, '&status=failed')).length;
      expectOk(await koneksi.call('POST', `/blasts/${running}/retry`));
      return refused > 0 ? [] : Promise.reject(new Error('nobody was refused'));
    },
  ],
  ['new settings', 3, () => settings({ newChatsPerDay: 99_999 }).then(() => [])],
])('between two messages an outlet rests, whatever wakes it: %s', async (what, people, wake) => {
  await settings({ paceMinMs: REST_MS, paceMaxMs: REST_MS });
  const numbers = await newContacts(people);
  if (what === 'a retry') shop.phone.faults.ack({ error: '479', times: 1 });
  const id = await blasts.create(to(numbers, `Pelan ${what}`));
  await blasts.becomes(id, 'somebody has it', ({ counts }) => counts.sent + counts.delivered + counts.read > 0);
  const others = await wake(id);
  await Promise.all([id, ...others].map((one) => blasts.delivered(one)));
  const times = await blasts.begunAt(id, ...others);
  expect(times).toHaveLength(people + 2 * others.length);
  expect(shortestRest(times)).toBeGreaterThan(REST_MS - CLOCKS_MS);
});

test('between two messages an outlet rests, whichever process has it', async () => {
  // Three times what a start takes, so that a process that sends as soon as it is up sends too early.
  const rest = 15_000;
  await settings({ paceMinMs: rest, paceMaxMs: rest });
  const begun = Date.now();
  const id = await blasts.create(to(await newContacts(2), 'Pelan, dengan jeda'));
  await blasts.becomes(id, 'somebody has it', ({ counts }) => counts.sent + counts.delivered + counts.read > 0);
  const { dataSource } = koneksi.database;
  const [row] = await dataSource.query<{ until: Date }[]>(
    'SELECT max(rest_until) AS until FROM blast_days WHERE outlet_id = $1',
    [shop.outlet.id],
  );
  const until = row!.until.getTime();
  expect(until).toBeGreaterThan(begun + rest - CLOCKS_MS);
  await koneksi.pause();
  await koneksi.resume();
  await eventually('the rest is over', () => Date.now() > until);
  await blasts.delivered(id);
  const [first, second] = await blasts.begunAt(id);
  expect(first).toBeLessThan(until);
  expect(second).toBeGreaterThan(until - CLOCKS_MS);
});

test.each<[what: string, code: string, times: number, hold: string]>([
  ['new chats', '463', 2, 'STOPPED_RESTRICTED'],
  ['messages', '479', 3, 'STOPPED_REFUSALS'],
])('refused %s that led to a stop count no more once a person resumed', async (_, code, times, hold) => {
  const numbers = await newContacts(8);
  shop.phone.faults.ack({ error: code, times });
  const id = await blasts.create(to(numbers, `Ditolak ${code}`));
  await blasts.becomes(id, 'it stops', ({ outlets }) => outlets[0]?.hold?.code === hold);
  // One more is no crowd by itself.
  shop.phone.faults.ack({ error: code, times: 1 });
  await blasts.verb(id, 'resume');
  const { counts, outlets } = await blasts.becomes(id, 'it ends or stops again', (blast) => {
    const stopped = blast.outlets[0]?.hold?.code.startsWith('STOPPED') && blast.counts.failed > times;
    return blast.status === 'finished' || stopped === true;
  });
  expect(outlets[0]?.hold).toBeNull();
  expect(counts).toMatchObject({ failed: times + 1, queued: 0 });
  await eventually('the others have it', async () => (await blasts.find(id)).counts.delivered === 8 - times - 1);
});
