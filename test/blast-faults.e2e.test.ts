import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Blast } from '@koneksi/contracts/blasts';
import { addContacts, Blasts } from './support/blasts.js';
import { BreakableNetwork } from './support/breakable-network.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

let koneksi: Koneksi;
let blasts: Blasts;
let toDatabase: BreakableNetwork;
let linked: LinkedOutlet;
let next = 1_000;

async function newContacts(count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, linked.outlet.id, next, count);
  next += count;
  return numbers;
}

/** An outlet that no fault has touched: reconnecting slows down with every ending. */
async function anotherOutlet(): Promise<void> {
  linked = await koneksi.linked(await koneksi.dashboard());
  const body = { paceMinMs: 10, paceMaxMs: 20 };
  await koneksi.call('PATCH', `/outlets/${linked.outlet.id}/blast-settings`, { body });
}

const send = (numbers: readonly string[], message: string): Promise<string> =>
  blasts.create({ outletIds: [linked.outlet.id], message, audience: { phones: numbers } });
const reached = (numbers: readonly string[], text: string): string[] =>
  numbers.filter((number) => blasts.textsOf(number).includes(text));

/** Each phone shows it once at most, and who does not show it is uncertain at worst; nobody had two ids. */
async function expectNeverTwice(numbers: readonly string[], text: string, { id, counts }: Blast): Promise<void> {
  const times = numbers.map((number) => blasts.textsOf(number).filter((shown) => shown === text).length);
  expect(Math.max(...times)).toBe(1);
  const without = numbers.filter((_, index) => times[index] === 0);
  const unknown = (await blasts.recipients(id, '&status=unknown')).map(({ phone }) => phone);
  expect(without.filter((number) => !unknown.includes(number))).toEqual([]);
  expect(counts.delivered + counts.unknown).toBe(numbers.length);
  for (const number of numbers) {
    const ids = koneksi.simulator.phone(number).inbox.filter((message) => message.text === text);
    expect(new Set(ids.map((message) => message.id)).size).toBe(ids.length);
  }
}

beforeAll(async () => {
  toDatabase = await BreakableNetwork.start();
  koneksi = await Koneksi.start({
    env: { BLAST_RECEIPT_WAIT_MS: '500', RECONCILE_INTERVAL_MS: '500' },
  });
  blasts = new Blasts(koneksi);
  await anotherOutlet();
  await koneksi.pause();
  const direct = new URL(koneksi.database.url);
  toDatabase.leadTo(Number(direct.port));
  direct.port = new URL(toDatabase.origin).port;
  await koneksi.resume({ DATABASE_URL: direct.href });
});
afterEach(() => {
  toDatabase.mend();
  linked.phone.faults.clear();
});
afterAll(async () => {
  await koneksi.stop();
  await toDatabase.stop();
});

test('a database that is away for a while in the middle', async () => {
  const numbers = await newContacts(40);
  const id = await send(numbers, 'Basis data');
  await eventually('some arrived', () => reached(numbers, 'Basis data').length >= 5);
  toDatabase.cut();
  await pause(2_000);
  toDatabase.mend();
  await expectNeverTwice(numbers, 'Basis data', await blasts.delivered(id));
});

test.each(['restart', 'drop'] as const)('the ending %s in the middle', async (ending) => {
  await anotherOutlet();
  const numbers = await newContacts(12);
  const id = await send(numbers, `Putus ${ending}`);
  await eventually('some arrived', () => reached(numbers, `Putus ${ending}`).length >= 3);
  linked.phone.faults.end(ending);
  await expectNeverTwice(numbers, `Putus ${ending}`, await blasts.delivered(id));
});

test('a message is encrypted and its keys are stored before it is claimed, and claimed before anything of it leaves', async () => {
  await blasts.delivered(await send(await newContacts(1), 'Pembuka'));
  const { dataSource } = koneksi.database;
  const sessions = async (): Promise<number> =>
    (await dataSource.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM wa_signal_key WHERE kind = 'session'`))[0]!
      .n;
  const [before, numbers] = [await sessions(), await newContacts(1)];
  const letGo = await blasts.holdNext();
  const id = await send(numbers, 'Belum');
  await eventually('the claim waits', async () => (await lockWaits(dataSource)) > 0);
  expect(await sessions()).toBe(before + 1);
  expect(reached(numbers, 'Belum')).toEqual([]);
  expect((await blasts.find(id)).counts).toMatchObject({ queued: 1, sending: 0 });
  await letGo();
  await blasts.delivered(id);
  expect(reached(numbers, 'Belum')).toEqual(numbers);
});

test('acknowledgements that come late', async () => {
  const numbers = await newContacts(5);
  linked.phone.faults.ack({ delayMs: 700 });
  const id = await send(numbers, 'Lambat');
  const { counts } = await blasts.delivered(id);
  expect(counts.delivered).toBe(5);
  expect(reached(numbers, 'Lambat')).toEqual(numbers);
});

test('what nobody can be sure about waits for a person, and is sent again under the same id only when told to', async () => {
  await anotherOutlet();
  const numbers = await newContacts(2);
  const silent = koneksi.simulator.phone(numbers[1]!);
  silent.setOnline(false);
  const id = await send(numbers.slice(0, 1), 'Pembuka');
  await blasts.delivered(id);
  linked.phone.faults.ack({ drop: true });
  const uncertain = await send(numbers.slice(1, 2), 'Tidak pasti');
  await eventually('it is on its way', async () => (await blasts.find(uncertain)).counts.sending === 1);
  linked.phone.faults.end('drop');
  const { counts } = await blasts.becomes(uncertain, 'it is unknown', ({ status }) => status === 'finished');
  expect(counts).toMatchObject({ unknown: 1, sent: 0 });
  const [before] = await blasts.recipients(uncertain);
  expect(before).toMatchObject({ status: 'unknown', reason: 'INTERRUPTED' });
  linked.phone.faults.clear();
  await blasts.verb(uncertain, 'resolve', { as: 'resend' });
  await blasts.becomes(uncertain, 'it is sent', ({ counts: { sent } }) => sent === 1);
  silent.setOnline(true);
  await blasts.delivered(uncertain);
  // Two stanzas with one id: the phone shows one message.
  expect(blasts.textsOf(numbers[1]!)).toEqual(['Tidak pasti']);
  expect(silent.inbox[0]?.id).toBe(before?.messageId);
});
