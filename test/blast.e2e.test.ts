import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import type { BlastSettings } from '@koneksi/contracts/blast-settings';
import type { BlastProgress, BlastTimeline } from '@koneksi/contracts/blasts';
import { addContacts, Blasts, customer, quietNow } from './support/blasts.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

let koneksi: Koneksi;
let blasts: Blasts;
let dashboard: Dashboard;
let jakarta: LinkedOutlet;
let bandung: LinkedOutlet;
let next = 0;

/** Contacts nobody has met yet. */
async function newContacts({ outlet }: LinkedOutlet, count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, outlet.id, next, count);
  next += count;
  return numbers;
}

const of = ({ outlet }: LinkedOutlet, numbers: readonly string[], message: string): object => ({
  outletIds: [outlet.id],
  message,
  audience: { phones: numbers },
});
const settings = async ({ outlet }: LinkedOutlet, body: object): Promise<BlastSettings> =>
  expectOk(await koneksi.call<BlastSettings>('PATCH', `/outlets/${outlet.id}/blast-settings`, { body }));
const reached = (numbers: readonly string[], text: string): string[] =>
  numbers.filter((number) => blasts.textsOf(number).includes(text));

beforeAll(async () => {
  koneksi = await Koneksi.start({
    env: { BLAST_RECEIPT_WAIT_MS: '500', RECONCILE_INTERVAL_MS: '500' },
  });
  blasts = new Blasts(koneksi);
  dashboard = await koneksi.dashboard();
  jakarta = await koneksi.linked(dashboard, { name: 'Jakarta' });
  bandung = await koneksi.linked(dashboard, { name: 'Bandung' });
});
afterAll(() => koneksi.stop());
beforeEach(async () => {
  jakarta.phone.faults.clear();
  await settings(jakarta, { paceMinMs: 0, paceMaxMs: 0 });
});

test('reaches every customer of the outlets exactly once, each with their own words', async () => {
  await newContacts(jakarta, 30);
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  await addContacts(where, bandung.outlet.id, 20, 30);
  next = 50;
  const message = 'Halo {{nama}} dari {{outlet}}, {{kota|kota Anda}}!';
  const preview = expectOk(
    await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body: { outletIds: 'all', message } }),
  );
  expect(preview).toMatchObject({ recipients: 50, skipped: { DUPLICATE: 10 }, missing: [] });
  const id = await blasts.create({ outletIds: 'all', message });
  const { counts, skippedAtStart } = await blasts.delivered(id);
  expect(counts).toMatchObject({ delivered: 50, queued: 0, sending: 0, failed: 0, unknown: 0, skipped: 0 });
  expect(skippedAtStart).toEqual({ DUPLICATE: 10 });
  for (let index = 0; index < 50; index++) {
    const outlet = index < 30 ? '(Jakarta|Bandung)' : 'Bandung';
    const suffix = String(index).padStart(3, '0');
    expect(blasts.textsOf(customer(index))).toEqual([
      expect.stringMatching(new RegExp(`^Halo Pelanggan ${suffix} dari ${outlet}, Bandung!$`)),
    ]);
  }
  const recipients = await blasts.recipients(id);
  expect(new Set(recipients.map(({ messageId }) => messageId)).size).toBe(50);
});

test('the same key is the same blast, and never two', async () => {
  const numbers = await newContacts(jakarta, 3);
  const body = { ...of(jakarta, numbers, 'Sekali saja'), noWayOut: 'uji coba' };
  const create = (changes: object = {}): Promise<Response> =>
    fetch(`${koneksi.app.url}/api/blasts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${koneksi.token}`,
        'content-type': 'application/json',
        'idempotency-key': 'promo-1',
      },
      body: JSON.stringify({ ...body, ...changes }),
    });
  const answers = await Promise.all(Array.from({ length: 5 }, () => create()));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  const ids = new Set(await Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: string }).id)));
  expect(ids.size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(4);
  expect((await create({ message: 'Lain' })).status).toBe(409);
  await blasts.delivered([...ids][0]!);
  expect(numbers.flatMap((number) => blasts.textsOf(number))).toEqual(['Sekali saja', 'Sekali saja', 'Sekali saja']);
});

test('who opts out while queued gets nothing more, from any outlet', async () => {
  await settings(jakarta, { paceMinMs: 1_500, paceMaxMs: 1_500 });
  const numbers = await newContacts(jakarta, 6);
  const [first, last] = [numbers[0]!, numbers[5]!];
  const id = await blasts.create(of(jakarta, numbers, 'Promo'));
  await eventually('the first message arrives', () => blasts.textsOf(first).includes('Promo'));
  const letGo = await blasts.holdNext();
  await koneksi.simulator.phone(last).send(bandung.outlet.whatsappNumber, 'STOP');
  await eventually('the opt-out', async () => {
    const { optedOut } = expectOk(await koneksi.call<{ optedOut: boolean }>('GET', `/opt-outs/${last}`));
    return optedOut;
  });
  await letGo();
  await blasts.delivered(id);
  expect(await blasts.recipients(id, '&status=skipped')).toMatchObject([{ phone: last, reason: 'OPTED_OUT' }]);
  expect(reached(numbers, 'Promo')).toEqual(numbers.slice(0, 5));
});

test('an outlet that dies in the middle pauses its part, goes on by itself, and sends nothing twice', async () => {
  await settings(jakarta, { paceMinMs: 200, paceMaxMs: 200 });
  const [mine, theirs] = [await newContacts(jakarta, 25), await newContacts(bandung, 5)];
  const body = { outletIds: [jakarta.outlet.id, bandung.outlet.id], audience: { phones: [...mine, ...theirs] } };
  const id = await blasts.create({ ...body, message: 'Tahan' });
  await eventually('some arrived', () => reached(mine, 'Tahan').length >= 3);
  jakarta.phone.faults.refuseLogin({ reason: '503' });
  jakarta.phone.faults.end('drop');
  await blasts.becomes(id, 'the part waits', ({ outlets }) =>
    outlets.some(({ outletId, hold }) => outletId === jakarta.outlet.id && hold?.code === 'OUTLET_UNHEALTHY'),
  );
  await eventually('the other outlet goes on', () => reached(theirs, 'Tahan').length === 5);
  jakarta.phone.faults.clear();
  const { counts } = await blasts.delivered(id);
  expect(counts.delivered + counts.unknown).toBe(30);
  expect(counts.unknown).toBeLessThanOrEqual(1);
  for (const number of [...mine, ...theirs])
    expect(blasts.textsOf(number).filter((text) => text === 'Tahan').length).toBeLessThanOrEqual(1);
});

test('two refusals with 463 stop the outlet until a person resumes', async () => {
  const numbers = await newContacts(jakarta, 8);
  jakarta.phone.faults.ack({ error: '463', times: 2 });
  const id = await blasts.create(of(jakarta, numbers, 'Dibatasi'));
  const stopped = await blasts.becomes(id, 'the outlet stops', ({ outlets }) => outlets[0]?.hold !== null);
  expect(stopped.outlets[0]?.hold).toEqual({ code: 'STOPPED_RESTRICTED', until: null });
  expect(stopped.counts).toMatchObject({ failed: 2, queued: 6 });
  expect(await blasts.recipients(id, '&status=failed')).toMatchObject([
    { reason: 'NEW_CHAT_REFUSED', code: '463' },
    { reason: 'NEW_CHAT_REFUSED', code: '463' },
  ]);
  await blasts.verb(id, 'resume');
  expect((await blasts.delivered(id)).counts).toMatchObject({ delivered: 6, failed: 2 });
  await blasts.verb(id, 'retry');
  expect((await blasts.delivered(id)).counts).toMatchObject({ delivered: 8, failed: 0 });
  expect(numbers.flatMap((number) => blasts.textsOf(number))).toEqual(numbers.map(() => 'Dibatasi'));
});

test('too many refusals stop the outlet', async () => {
  const numbers = await newContacts(jakarta, 12);
  jakarta.phone.faults.ack({ error: '479' });
  const id = await blasts.create(of(jakarta, numbers, 'Ditolak'));
  const stopped = await blasts.becomes(id, 'the outlet stops', ({ outlets }) => outlets[0]?.hold !== null);
  expect(stopped.outlets[0]?.hold?.code).toBe('STOPPED_REFUSALS');
  expect(stopped.counts.queued).toBeGreaterThan(0);
  jakarta.phone.faults.clear();
  await blasts.verb(id, 'cancel');
  const { status, counts } = await blasts.find(id);
  expect([status, counts.queued, counts.failed + counts.skipped]).toEqual(['canceled', 0, 12]);
});

test('a number that is not on WhatsApp is skipped, not refused', async () => {
  const numbers = await newContacts(jakarta, 3);
  koneksi.simulator.unregister(numbers[1]!);
  const id = await blasts.create(of(jakarta, numbers, 'Cek nomor'));
  expect((await blasts.delivered(id)).counts).toMatchObject({ delivered: 2, skipped: 1, failed: 0 });
  expect(await blasts.recipients(id, '&status=skipped')).toMatchObject([{ reason: 'NOT_ON_WHATSAPP' }]);
});

test('a phone that cannot read a message asks again and gets the same words', async () => {
  const numbers = await newContacts(jakarta, 1);
  const first = await blasts.create(of(jakarta, numbers, 'Pertama'));
  await blasts.delivered(first);
  await koneksi.simulator.phone(numbers[0]!).send(jakarta.outlet.whatsappNumber, 'Terima kasih');
  koneksi.simulator.phone(numbers[0]!).faults.loseSession({ times: 1 });
  const id = await blasts.create(of(jakarta, numbers, 'Kedua {{nama}}'));
  await blasts.delivered(id);
  expect(koneksi.simulator.phone(numbers[0]!).inbox.at(-1)).toMatchObject({
    text: expect.stringMatching(/^Kedua Pelanggan/) as unknown as string,
    retries: 1,
  });
});

test('what the outlet’s own phone confirms is no word of a recipient, and takes none back', async () => {
  const [quiet, reader, last] = (await newContacts(jakarta, 3)) as [string, string, string];
  koneksi.simulator.phone(quiet).receipts = 'none';
  koneksi.simulator.phone(reader).receipts = 'read';
  const statusesOf = async (id: string) =>
    Object.fromEntries((await blasts.recipients(id)).map(({ phone, status }) => [phone, status]));
  const id = await blasts.create(of(jakarta, [quiet, reader], 'Dibaca?'));
  await eventually('the reader has read it', async () => (await statusesOf(id))[reader] === 'read');
  await eventually('the own phone has both copies', () => {
    const to = jakarta.phone.sent.map((copy) => copy.to);
    return to.includes(quiet) && to.includes(reader);
  });
  // Receipts come in order: behind one of a later message all of these were heard.
  await blasts.delivered(await blasts.create(of(jakarta, [last], 'Sesudahnya')));
  expect(await statusesOf(id)).toEqual({ [quiet]: 'sent', [reader]: 'read' });
});

test('pauses, resumes and cancels', async () => {
  await settings(jakarta, { paceMinMs: 100, paceMaxMs: 100 });
  // So many that it does not end before it is paused.
  const numbers = await newContacts(jakarta, 60);
  const id = await blasts.create(of(jakarta, numbers, 'Jeda'));
  await eventually('some arrived', () => reached(numbers, 'Jeda').length >= 2);
  await blasts.verb(id, 'pause');
  const paused = await blasts.becomes(id, 'nothing is on its way', ({ counts }) => counts.sending + counts.sent === 0);
  expect(paused.status).toBe('paused');
  await blasts.verb(id, 'resume');
  await eventually('more arrived', () => reached(numbers, 'Jeda').length > paused.counts.delivered);
  await blasts.verb(id, 'cancel');
  const canceled = await blasts.becomes(id, 'it is over', ({ counts }) => counts.sending + counts.sent === 0);
  expect(canceled.counts.skipped).toBeGreaterThan(0);
  expect(reached(numbers, 'Jeda')).toHaveLength(canceled.counts.delivered);
  expect((await koneksi.call('POST', `/blasts/${id}/resume`)).code).toBe('BLAST_ENDED');
});

test('waits for its time, for the end of quiet hours, and for tomorrow', async () => {
  const numbers = await newContacts(jakarta, 4);
  const holds = async (id: string, code: string): Promise<string | null> => {
    const { outlets } = await blasts.becomes(id, code, ({ outlets: [part] }) => part?.hold?.code === code);
    return outlets[0]?.hold?.until ?? null;
  };
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
  const later = await blasts.create({ ...of(jakarta, numbers, 'Terjadwal'), scheduledAt });
  expect((await blasts.find(later)).status).toBe('scheduled');
  await blasts.verb(later, 'start');
  await blasts.delivered(later);

  await settings(jakarta, { quietHours: quietNow() });
  const quiet = await blasts.create(of(jakarta, numbers, 'Tenang'));
  expect(Date.parse((await holds(quiet, 'QUIET_HOURS'))!)).toBeGreaterThan(Date.now());
  await settings(jakarta, { quietHours: null, knownChatsPerDay: 0, newChatsPerDay: 0 });
  expect(Date.parse((await holds(quiet, 'DAILY_CAP'))!)).toBeGreaterThan(Date.now());
  await settings(jakarta, { knownChatsPerDay: 100_000, newChatsPerDay: 100_000 });
  await blasts.delivered(quiet);
  expect(reached(numbers, 'Tenang')).toEqual(numbers);
});

test('a cap that the last message uses up holds nobody; one that keeps others back holds them until tomorrow', async () => {
  const outlet = await koneksi.linked(dashboard);
  await settings(outlet, { paceMinMs: 0, paceMaxMs: 0, newChatsPerDay: 3, warmUpDays: 0 });
  const told: BlastProgress[] = [];
  dashboard.socket.on('blast:progressed', (progress) => told.push(progress));
  const holds = (id: string) =>
    told.flatMap(({ blastId, outlets: [part] }) => (blastId === id && part?.hold ? [part.hold.code] : []));
  const all = await blasts.create(of(outlet, await newContacts(outlet, 3), 'Semua'));
  await blasts.delivered(all);
  expect(holds(all)).toEqual([]);
  await settings(outlet, { newChatsPerDay: 5 });
  const numbers = await newContacts(outlet, 4);
  const some = await blasts.create(of(outlet, numbers, 'Sebagian'));
  const { outlets } = await blasts.becomes(
    some,
    'the others are held',
    ({ outlets: [part] }) => part?.hold?.code === 'DAILY_CAP',
  );
  expect(outlets[0]?.hold?.until).toBeTruthy();
  await eventually('two arrived', () => reached(numbers, 'Sebagian').length === 2);
  await settings(outlet, { newChatsPerDay: 100_000 });
  await blasts.delivered(some);
  expect(reached(numbers, 'Sebagian')).toEqual(numbers);
});

/** A blast to one whom the outlet knows and to strangers, while WhatsApp allows the outlet no new chats. */
async function restricted(rules: (until: number) => LinkedOutlet['phone']['newChats'], forMs: number) {
  // An outlet that has asked nothing yet.
  const outlet = await koneksi.linked(dashboard);
  await settings(outlet, { paceMinMs: 0, paceMaxMs: 0 });
  const [known] = (await newContacts(outlet, 1)) as [string];
  await koneksi.simulator.phone(known).send(outlet.outlet.whatsappNumber, 'Halo');
  await eventually('they have met', async () => {
    const met = 'SELECT 1 FROM outlet_chats WHERE number = $1';
    return (await koneksi.database.dataSource.query<object[]>(met, [known])).length === 1;
  });
  const strangers = await newContacts(outlet, 3);
  const until = Math.ceil((Date.now() + forMs) / 1_000) * 1_000;
  outlet.phone.newChats = rules(until);
  const told: BlastProgress[] = [];
  dashboard.socket.on('blast:progressed', (progress) => told.push(progress));
  const id = await blasts.create(of(outlet, [known, ...strangers], 'Dibatasi'));
  const isHeld = ({ outlets }: Pick<BlastProgress, 'outlets'>): boolean =>
    outlets[0]?.hold?.code === 'RESTRICTED' && outlets[0].hold.until === new Date(until).toISOString();
  await eventually('the hold is told', () => told.some((progress) => progress.blastId === id && isHeld(progress)));
  return { id, known, strangers, until, isHeld, phone: outlet.phone };
}

test('a lock at WhatsApp holds new chats until it ends, not known ones, and lifts by itself', async () => {
  const { id, known, strangers, until, phone } = await restricted(
    (lockedUntil) => ({ lockedUntil, quota: null }),
    10_000,
  );
  phone.newChats = { lockedUntil: null, quota: null };
  const { outlets } = await blasts.delivered(id);
  expect(outlets[0]?.hold).toBeNull();
  expect(reached([known, ...strangers], 'Dibatasi')).toEqual([known, ...strangers]);
  const sentAt = (await blasts.recipients(id))
    .filter(({ phone }) => phone !== known)
    .map((row) => Date.parse(row.sentAt!));
  expect(Math.min(...sentAt)).toBeGreaterThanOrEqual(until);
});

test('no new chats left by the count of WhatsApp holds them until it counts anew, not known ones', async () => {
  const usedUp = (endsAt: number): LinkedOutlet['phone']['newChats'] => ({
    lockedUntil: null,
    quota: { used: 20, total: 20, endsAt },
  });
  const { id, known, strangers, isHeld } = await restricted(usedUp, 3_600_000);
  const blast = await blasts.becomes(id, 'the known one has it', ({ counts }) => counts.delivered === 1);
  expect(isHeld(blast)).toBe(true);
  const rows = await blasts.recipients(id, '&status=queued');
  expect(rows.map(({ phone }) => phone)).toEqual(strangers);
  expect(reached([known, ...strangers], 'Dibatasi')).toEqual([known]);
  await blasts.verb(id, 'cancel');
});

test('starts by itself when its time comes', async () => {
  const numbers = await newContacts(jakarta, 2);
  const scheduledAt = new Date(Date.now() + 1_500).toISOString();
  const id = await blasts.create({ ...of(jakarta, numbers, 'Tepat waktu'), scheduledAt });
  const { startedAt } = await blasts.delivered(id);
  const [first] = await blasts.begunAt(id);
  expect(Math.min(Date.parse(startedAt!), first!)).toBeGreaterThanOrEqual(Date.parse(scheduledAt));
  expect(reached(numbers, 'Tepat waktu')).toEqual(numbers);
});

test('pushes progress to those who may see it, and recipients to those who watch', async () => {
  const person = await koneksi.person('USER', [bandung.outlet.id]);
  const theirs = await koneksi.dashboard(person.token);
  const [mine, others] = [await newContacts(bandung, 2), await newContacts(jakarta, 3)];
  const body = { outletIds: [jakarta.outlet.id, bandung.outlet.id], audience: { phones: [...mine, ...others] } };
  const seen: BlastProgress[] = [];
  theirs.socket.on('blast:progressed', (progress) => seen.push(progress));
  const id = await blasts.create({ ...body, message: 'Kabar' });
  await blasts.delivered(id);
  const last = await eventually('the last word', () =>
    seen.findLast(({ blastId, counts }) => blastId === id && counts.delivered === 2),
  );
  expect(last.outlets.map(({ outletId }) => outletId)).toEqual([bandung.outlet.id]);
  const revisions = seen.filter(({ blastId }) => blastId === id).map(({ revision }) => revision);
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  const answer = await theirs.socket.emitWithAck('blast:watch', { blastId: id });
  expect(answer).toMatchObject({ success: true, blast: { counts: { delivered: 2 }, mayChange: false } });
  expect((await koneksi.call('POST', `/blasts/${id}/cancel`, { token: person.token })).code).toBe('FORBIDDEN');
});

test('a USER meets no blast of others, and sends from no outlet of others', async () => {
  const person = await koneksi.person('USER', [bandung.outlet.id]);
  const numbers = await newContacts(jakarta, 1);
  const id = await blasts.create(of(jakarta, numbers, 'Rahasia'));
  for (const path of ['', '/recipients', '/recipients.csv', '/timeline'])
    expect((await koneksi.call('GET', `/blasts/${id}${path}`, { token: person.token })).status).toBe(404);
  for (const verb of ['start', 'pause', 'resume', 'cancel', 'retry'])
    expect((await koneksi.call('POST', `/blasts/${id}/${verb}`, { token: person.token })).status).toBe(404);
  for (const path of ['/blasts', '/blasts/preview'])
    expect((await koneksi.call('POST', path, { token: person.token, body: of(jakarta, numbers, 'x') })).status).toBe(
      404,
    );
  const testing = { outletId: jakarta.outlet.id, phone: numbers[0], message: 'x' };
  expect((await koneksi.call('POST', '/blasts/test', { token: person.token, body: testing })).status).toBe(404);
  const foreign = `/outlets/${jakarta.outlet.id}/blast-settings`;
  expect((await koneksi.call('GET', foreign, { token: person.token })).status).toBe(404);
  const own = `/outlets/${bandung.outlet.id}/blast-settings`;
  expect((await koneksi.call('PATCH', own, { token: person.token, body: { newChatsPerDay: 9 } })).status).toBe(403);
  const watching = await koneksi.dashboard(person.token);
  expect(await watching.socket.emitWithAck('blast:watch', { blastId: id })).toMatchObject({
    error: { code: 'BLAST_NOT_FOUND' },
  });
  await blasts.delivered(id);
});

test.each<[what: string, changes: object, field: string]>([
  ['an empty message', { message: '  ' }, 'message'],
  ['a message too long', { message: 'x'.repeat(4_097) }, 'message'],
  ['an unknown variable', { message: 'Halo {{namaa}}' }, 'message'],
  ['nobody to write to', { audience: { tags: ['tidak ada'] } }, 'audience'],
  ['numbers that are none', { audience: { phones: ['abc'] } }, 'audience'],
  ['more numbers than one blast takes', { audience: { phones: Array(10_001).fill('08123456789') } }, 'audience.phones'],
  ['a time that has passed', { scheduledAt: '2020-01-01T09:00:00' }, 'scheduledAt'],
  ['a file nobody uploaded', { mediaId: '00000000-0000-4000-8000-000000000000' }, 'mediaId'],
])('%s creates nothing and names the field', async (_, changes, field) => {
  const count = async (): Promise<unknown> =>
    koneksi.database.dataSource.query('SELECT count(*) FROM blasts UNION ALL SELECT count(*) FROM blast_audit');
  const before = await count();
  const body = { ...of(jakarta, [customer(0)], 'Halo'), ...changes };
  const answer = await koneksi.call<{ error: { code: string; fields: { field: string }[] } }>('POST', '/blasts', {
    body,
  });
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ field }] });
  expect(await count()).toEqual(before);
});

test.each(['2147483648', '999999999999', '-1'])('recipient %s is none, and is named as the fault', async (number) => {
  const id = '00000000-0000-4000-8000-000000000000';
  const refused = (field: string): object => ({ status: 400, body: { error: { fields: [{ field }] } } });
  expect(await koneksi.call('GET', `/blasts/${id}/recipients?after=${number}`)).toMatchObject(refused('after'));
  const body = { as: 'sent', recipientId: number };
  expect(await koneksi.call('POST', `/blasts/${id}/resolve`, { body })).toMatchObject(refused('recipientId'));
});

test('no healthy outlet creates nothing', async () => {
  const unlinked = await koneksi.outlet({ name: 'Belum' });
  const body = { outletIds: [unlinked.id], message: 'Halo', audience: { phones: [customer(0)] } };
  const answer = await koneksi.call<{ error: { fields: { field: string }[] } }>('POST', '/blasts', { body });
  expect(answer.body.error.fields).toMatchObject([{ field: 'outletIds' }]);
  const preview = expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body }));
  expect(preview).toMatchObject({
    recipients: 0,
    outlets: [{ healthy: false, reason: { code: 'NEVER_LINKED' }, skipped: { OUTLET_UNHEALTHY: 1 } }],
  });
});

test('a test message arrives at once, or says why not', async () => {
  const phone = customer(0);
  const body = {
    outletId: jakarta.outlet.id,
    phone: `0${phone.slice(2)}`,
    message: 'Uji {{outlet}}',
    noWayOut: 'uji coba',
  };
  const sentToday = async (): Promise<number> => {
    const { today } = await settings(jakarta, {});
    return today.newChats + today.knownChats;
  };
  const before = await sentToday();
  const answer = expectOk(await koneksi.call('POST', '/blasts/test', { body }));
  expect(await sentToday()).toBe(before + 1);
  expect(answer).toMatchObject({ success: true, text: 'Uji Jakarta' });
  await eventually('it arrives', () => blasts.textsOf(phone).includes('Uji Jakarta'));
  jakarta.phone.faults.ack({ error: '463', times: 1 });
  const refused = async (): Promise<unknown> => (await koneksi.call('POST', '/blasts/test', { body })).body;
  // To whom it has written before the lock of new chats cannot be why.
  expect(await refused()).toMatchObject({
    error: {
      code: 'MESSAGE_REFUSED',
      details: { code: '463', reason: 'NEW_CHAT_REFUSED' },
    },
  });
  jakarta.phone.faults.ack({ error: '475', times: 1 });
  expect(await refused()).toMatchObject({
    error: { code: 'MESSAGE_REFUSED', details: { code: '475', reason: 'REFUSED' } },
  });
});

test('whom a message would say nothing to gets none, and the preview says so', async () => {
  const [reader, without] = await newContacts(jakarta, 2);
  await koneksi.database.dataSource.query(`UPDATE contacts SET fields = '{"Kota": " "}' WHERE number = $1`, [without]);
  const body = of(jakarta, [reader!, without!], '{{kota}}');
  const preview = expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body }));
  expect(preview).toMatchObject({ recipients: 1, skipped: { EMPTY_MESSAGE: 1 } });
  const id = await blasts.create(body);
  expect((await blasts.delivered(id)).counts).toMatchObject({ delivered: 1, skipped: 1 });
  expect((await blasts.recipients(id, '&status=skipped'))[0]).toMatchObject({ reason: 'EMPTY_MESSAGE' });
  expect(blasts.textsOf(reader!)).toContain('Bandung');
  const testing = { outletId: jakarta.outlet.id, phone: without, message: '{{kota}}' };
  expect((await koneksi.call('POST', '/blasts/test', { body: testing })).code).toBe('VALIDATION_FAILED');
  // With nothing to tell it beforehand, it is seen when the message is made.
  const late = await blasts.create({ ...of(jakarta, [reader!], '{{kota}}'), scheduledAt: '2999-01-01T00:00:00Z' });
  await koneksi.database.dataSource.query(`UPDATE blast_recipients SET params = '{}' WHERE blast_id = $1`, [late]);
  await blasts.verb(late, 'start');
  expect((await blasts.delivered(late)).counts).toMatchObject({ skipped: 1, delivered: 0 });
});

test('a test message to who opts out while it is made ready does not leave', async () => {
  const [phone] = await newContacts(jakarta, 1);
  // A message is encrypted, and its keys kept, after the number was looked at and before it leaves.
  const holder = koneksi.database.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('LOCK TABLE wa_signal_key IN EXCLUSIVE MODE');
  const testing = koneksi.call('POST', '/blasts/test', {
    body: { outletId: jakarta.outlet.id, phone, message: 'Terlambat' },
  });
  await eventually('its keys wait to be kept', async () => (await lockWaits(koneksi.database.dataSource)) > 0);
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone, outletId: jakarta.outlet.id } }));
  await holder.rollbackTransaction();
  await holder.release();
  expect((await testing).code).toBe('NUMBER_OPTED_OUT');
  expect(blasts.textsOf(phone!)).not.toContain('Terlambat');
});

test('results over time and as a file that no spreadsheet executes', async () => {
  const numbers = await newContacts(jakarta, 2);
  const named = (index: number, name: string): Promise<unknown> =>
    koneksi.database.dataSource.query('UPDATE contacts SET name = $2 WHERE number = $1', [numbers[index], name]);
  await named(0, '=HYPERLINK("x")');
  await named(1, '＝cmd|x');
  const id = await blasts.create(of(jakarta, numbers, 'Hasil'));
  await blasts.delivered(id);
  const response = await fetch(`${koneksi.app.url}/api/blasts/${id}/recipients.csv`, {
    headers: { authorization: `Bearer ${koneksi.token}` },
  });
  const lines = (await response.text()).split('\r\n');
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const phone = (number = ''): string => `0${number.slice(2, 5)}-${number.slice(5, 9)}-`;
  expect(lines[1]).toMatch(new RegExp(`^${phone(numbers[0])}\\d+;"'=HYPERLINK\\(""x""\\)";Jakarta;Sampai;`));
  expect(lines[2]).toMatch(new RegExp(`^${phone(numbers[1])}\\d+;'＝cmd\\|x;Jakarta;`));
  const { points } = expectOk(await koneksi.call<BlastTimeline>('GET', `/blasts/${id}/timeline`));
  expect(points.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(2);
});

test('previews that wait for the database leave it to everything else', async () => {
  const lock = koneksi.database.dataSource.createQueryRunner();
  await lock.startTransaction();
  await lock.query('LOCK TABLE opt_outs IN ACCESS EXCLUSIVE MODE');
  const statuses: number[] = [];
  const asked = Array.from({ length: 14 }, async () => {
    const body = { outletIds: [jakarta.outlet.id], message: 'Halo' };
    const answer = await koneksi.call('POST', '/blasts/preview', { body });
    statuses.push(answer.status);
    return answer;
  });
  try {
    await eventually('those too many are refused', () => statuses.length === 8);
    expect((await fetch(`${koneksi.app.url}/health/ready`)).status).toBe(200);
  } finally {
    await lock.rollbackTransaction();
    await lock.release();
  }
  const answers = await Promise.all(asked);
  expect(statuses.sort()).toEqual([...Array(6).fill(200), ...Array(8).fill(429)]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  expect(refused?.headers.get('retry-after')).toBe('10');
});

test('keeps no message anywhere in clear, and tells of who sent what to how many', async () => {
  const rows = await koneksi.database.dataSource.query<Record<string, unknown>[]>(
    `SELECT b.message, r.content FROM blasts b JOIN blast_recipients r ON r.blast_id = b.id`,
  );
  for (const { message, content } of rows)
    for (const bytes of [message, content] as (Buffer | null)[])
      expect(bytes?.toString('latin1') ?? '').not.toMatch(/Halo|Promo|Tahan|Rahasia|Pelanggan/);
  const audit = JSON.stringify(await koneksi.database.dataSource.query('SELECT * FROM blast_audit'));
  expect(audit).toMatch(/"action":"created"/);
  expect(audit).not.toMatch(/Halo|Promo|Tahan|Rahasia/);
  expect(koneksi.logged.join('')).not.toMatch(/Halo|Promo|Tahan|Rahasia|628777/);
});
