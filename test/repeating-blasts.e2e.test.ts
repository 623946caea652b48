import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type {
  BirthdayFields,
  RepeatingBlast,
  RepeatingBlastCreated,
  RepeatingBlastList,
} from '@koneksi/contracts/repeating-blasts';
import { dayAfter } from '../src/blast/repeating/domain/days.js';
import { Repetitions } from '../src/blast/repeating/repetitions.js';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer, type LinkedOutlet } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let next = 0;
/** A zone in which the day has hours left, whenever this is run, and that day. */
const wib = new Date(Date.now() + 7 * 3_600_000);
const zone: OutletZone = wib.getUTCHours() >= 22 ? 'Asia/Jayapura' : 'Asia/Jakarta';
const today = (zone === 'Asia/Jakarta' ? wib : new Date(Date.now() + 9 * 3_600_000)).toISOString().slice(0, 10);

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta' });
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}/blast-settings`, { body: { zone } }));
});
afterAll(() => koneksi.stop());
beforeEach(() => sql(`UPDATE repeating_blasts SET status = 'stopped'`));

const sql = <T>(text: string, values: unknown[] = []): Promise<T[]> =>
  koneksi.database.dataSource.query<T[]>(text, values);
/** Customers who share a tag of their own. */
async function customers(count: number): Promise<{ tag: string; numbers: string[] }> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, shop.outlet.id, next, count);
  next += count;
  const tag = `t${randomUUID().slice(0, 8)}`;
  await sql('UPDATE contacts SET tags = ARRAY[$2::text] WHERE number = ANY ($1)', [numbers, tag]);
  return { tag, numbers };
}
/** Minutes before midnight tomorrow's is made already: what follows today's is then not to be counted by these tests. */
const notTomorrow = { holidays: [dayAfter(today)] };
const monthly = { every: 'month', day: 31, time: '00:00', ...notTomorrow };
const create = (changes: object, token = koneksi.token): Promise<Answer<RepeatingBlastCreated>> =>
  koneksi.call<RepeatingBlastCreated>('POST', '/repeating-blasts', {
    token,
    body: {
      outletIds: [shop.outlet.id],
      title: 'Kabar bulanan',
      message: 'Kabar bulan ini, {{nama}}',
      noWayOut: 'Isi pesan diperiksa kata demi kata',
      rule: monthly,
      ...changes,
    },
  });
const find = async (id: string): Promise<RepeatingBlast> =>
  expectOk(await koneksi.call<RepeatingBlast>('GET', `/repeating-blasts/${id}`));
const verb = async (id: string, name: string, token = koneksi.token): Promise<Answer<RepeatingBlast>> =>
  koneksi.call<RepeatingBlast>('POST', `/repeating-blasts/${id}/${name}`, { token });
const look = (): Promise<void> => koneksi.app.app.get(Repetitions, { strict: false }).look();
const comesOn = (id: string, day: string): Promise<unknown> =>
  sql('UPDATE repeating_blasts SET next_on = $2::date WHERE id = $1', [id, day]);
const made = (title: string): Promise<{ id: string }[]> =>
  sql(`SELECT id FROM blasts WHERE kind = 'blast' AND title = $1`, [title]);
async function due(changes: object): Promise<string> {
  const { id } = expectOk(await create(changes));
  // Whoever makes one has it looked at once: not a moment later, when it is due.
  await look();
  await comesOn(id, today);
  return id;
}

test('it says when it comes next, and is refused where it cannot come', async () => {
  const { tag } = await customers(1);
  const { id, nextOn } = expectOk(await create({ audience: { tags: [tag] } }));
  expect(nextOn >= today).toBe(true);
  expect(await find(id)).toMatchObject({
    status: 'active',
    nextOn,
    by: 'Superadmin',
    mayChange: true,
    repetitions: [],
  });
  const { items } = expectOk(await koneksi.call<RepeatingBlastList>('GET', '/repeating-blasts'));
  expect(items.map((item) => item.id)).toContain(id);
  // Whoever has no outlet meets none, of all outlets either.
  const everywhere = expectOk(await create({ audience: { tags: [tag] }, outletIds: 'all' }));
  const listed = async (outletIds: string[]): Promise<string[]> => {
    const { token } = await koneksi.person('USER', outletIds);
    const list = await koneksi.call<RepeatingBlastList>('GET', '/repeating-blasts', { token });
    return expectOk(list).items.map((item) => item.id);
  };
  expect(await listed([])).toEqual([]);
  expect(await listed([shop.outlet.id])).toEqual(expect.arrayContaining([id, everywhere.id]));
  for (const wrong of [
    { audience: { phones: ['08123456789'] } },
    { rule: { ...monthly, day: 32 } },
    { rule: { ...monthly, time: '24:00' } },
    { rule: { ...monthly, holidays: ['2026-02-30'] } },
    { rule: { every: 'birthday', field: 'tidak ada', time: '09:00' } },
    { message: 'Halo {nama}' },
    { message: 'Halo {{tak_ada}}' },
  ])
    expect(await create(wrong)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
});

test('today counts until its time at the outlet it is for, when it is made and when it is sent on', async () => {
  // That clock has hours left today.
  const { offsetMinutes } = OUTLET_ZONES[zone];
  const time = new Date(Date.now() + (offsetMinutes + 30) * 60_000).toISOString().slice(11, 16);
  const rule = { every: 'month', day: Number(today.slice(8)), time };
  const { id, nextOn } = expectOk(await create({ rule }));
  expect(nextOn).toBe(today);
  await verb(id, 'pause');
  expect((await verb(id, 'resume')).body).toMatchObject({ status: 'active', nextOn: today, repetitions: [] });
});

test('where its time has passed when it is made or sent on it comes the next time, and says so', async () => {
  // Before midnight in the west, both are taken from further east, where it is past.
  const isLate = wib.getUTCHours() * 60 + wib.getUTCMinutes() >= 23 * 60 + 20;
  const west: OutletZone = isLate ? 'Asia/Makassar' : 'Asia/Jakarta';
  const local = new Date(Date.now() + (OUTLET_ZONES[west].offsetMinutes + 30) * 60_000).toISOString();
  const [day, time] = [local.slice(0, 10), local.slice(11, 16)];
  const other = await koneksi.outlet({ name: 'Jayapura' });
  const zoneAt = (outletId: string, named: OutletZone): Promise<unknown> =>
    koneksi.call('PATCH', `/outlets/${outletId}/blast-settings`, { body: { zone: named } }).then(expectOk);
  const { tag, numbers } = await customers(2);
  await sql('UPDATE contacts SET outlet_id = $1 WHERE number = $2', [other.id, numbers[1]]);
  await zoneAt(shop.outlet.id, west);
  await zoneAt(other.id, 'Asia/Jayapura');
  try {
    const title = `Tidak telat ${tag}`;
    const rule = { every: 'month', day: Number(day.slice(8)), time, holidays: [dayAfter(day)] };
    for (const outletIds of [[shop.outlet.id, other.id], 'all']) {
      const { id, nextOn, nextNotAt } = expectOk(await create({ outletIds, audience: { tags: [tag] }, title, rule }));
      expect({ nextOn, nextNotAt }).toEqual({ nextOn: day, nextNotAt: [other.id] });
      await verb(id, 'pause');
      await sql(`UPDATE repeating_blasts SET not_at = '{}' WHERE id = $1`, [id]);
      expect((await verb(id, 'resume')).body).toMatchObject({ nextOn: day, nextNotAt: [other.id] });
      // As half an hour later.
      await sql(`UPDATE repeating_blasts SET rule = jsonb_set(rule, '{time}', '"00:00"') WHERE id = $1`, [id]);
      await look();
      const { repetitions, nextNotAt: after } = await find(id);
      expect({ repetitions, after }).toMatchObject({
        repetitions: [{ on: day, outcome: 'made', reason: 'TIME_PASSED' }],
        after: [],
      });
      await blasts.delivered(repetitions[0]!.blastId!);
      const { outlets } = await blasts.find(repetitions[0]!.blastId!);
      expect(outlets.map(({ outletId }) => outletId)).toEqual([shop.outlet.id]);
    }
    expect(numbers.map((number) => blasts.textsOf(number).length)).toEqual([2, 0]);
  } finally {
    await zoneAt(shop.outlet.id, zone);
  }
});

test('when it is due it is one blast, to whom it means by then, however often it is looked at', async () => {
  const { tag, numbers } = await customers(3);
  const title = `Sekali ${tag}`;
  const id = await due({ audience: { tags: [tag] }, title });
  const later = await customers(1);
  await sql('UPDATE contacts SET tags = ARRAY[$2::text] WHERE number = ANY ($1)', [later.numbers, tag]);
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: numbers[0], outletId: shop.outlet.id } }));
  await Promise.all([look(), look(), look()]);
  const [blast, ...others] = await made(title);
  expect(others).toEqual([]);
  await blasts.delivered(blast!.id);
  await koneksi.pause();
  await koneksi.resume();
  await look();
  expect(await made(title)).toHaveLength(1);
  const got = [...numbers, ...later.numbers].map((number) => blasts.textsOf(number).length);
  expect(got).toEqual([0, 1, 1, 1]);
  const { nextOn, repetitions } = await find(id);
  expect(repetitions).toMatchObject([{ on: today, outcome: 'made', blastId: blast!.id }]);
  expect(nextOn! > today).toBe(true);
});

test('of two that make it at once one does', async () => {
  const { tag } = await customers(1);
  const title = `Berdua ${tag}`;
  const id = await due({ audience: { tags: [tag] }, title });
  const rival = koneksi.database.dataSource.createQueryRunner();
  await rival.startTransaction();
  await rival.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await rival.query('UPDATE repeating_blasts SET next_on = next_on + 30 WHERE id = $1', [id]);
  const looking = look();
  await eventually('it waits for the other', async () => (await lockWaits(koneksi.database.dataSource)) > 0);
  await rival.commitTransaction();
  await rival.release();
  await looking;
  expect(await made(title)).toEqual([]);
});

test('a day set back makes nothing a second time', async () => {
  const { tag, numbers } = await customers(1);
  const title = `Mundur ${tag}`;
  const id = await due({ audience: { tags: [tag] }, title });
  await look();
  const [blast] = await made(title);
  await blasts.delivered(blast!.id);
  await sql('DELETE FROM blast_repetitions WHERE repeating_id = $1', [id]);
  await comesOn(id, today);
  await look();
  expect(await made(title)).toHaveLength(1);
  expect(blasts.textsOf(numbers[0]!)).toHaveLength(1);
});

test('birthdays: those of today alone, however they are written', async () => {
  const { tag, numbers } = await customers(6);
  const [year, month, day] = today.split('-') as [string, string, string];
  const other = dayAfter(today);
  const written = [
    `1990-${month}-${day}`,
    `${Number(day)}/${Number(month)}/85`,
    `${day}-${month}`,
    `1990-${other.slice(5)}`,
    '',
    'lupa',
  ];
  for (const [index, value] of written.entries())
    await sql(`UPDATE contacts SET fields = $2 WHERE number = $1`, [numbers[index], { 'Tanggal Lahir': value }]);
  expect(year).toHaveLength(4);
  const title = `Ulang tahun ${tag}`;
  const rule = { every: 'birthday', field: 'tanggal lahir', time: '00:00', ...notTomorrow };
  const id = await due({ audience: { tags: [tag] }, title, message: 'Selamat ulang tahun, {{nama}}!', rule });
  await look();
  const [blast] = await made(title);
  await blasts.delivered(blast!.id);
  expect(numbers.map((number) => blasts.textsOf(number).length)).toEqual([1, 1, 1, 0, 0, 0]);
  expect((await find(id)).nextOn).toBe(dayAfter(today, 2));
  // Where it is nobody's day nothing is made, and that is told.
  await sql('UPDATE contacts SET fields = $2 WHERE number = ANY ($1)', [numbers, { 'Tanggal Lahir': written[3] }]);
  const empty = await due({ audience: { tags: [tag] }, title: `Sepi ${tag}`, rule });
  await look();
  expect((await find(empty)).repetitions).toMatchObject([{ outcome: 'nobody', blastId: null }]);
});

test('what is no field of birthdays is none, and who has none or one that nobody can read is told', async () => {
  const { tag, numbers } = await customers(4);
  const said = [{ Lahir: '17/05/1990', 'kota asal': 'Bandung' }, { Lahir: '32/13/1990' }, { lahir: 'kemarin' }, {}];
  for (const [at, fields] of said.entries())
    await sql('UPDATE contacts SET fields = $2 WHERE number = $1', [numbers[at], JSON.stringify(fields)]);
  const audience = { tags: [tag] };
  const told = { field: 'lahir', dates: 1, unreadable: 2, none: 1 };
  const count = (token: string): Promise<Answer<BirthdayFields>> =>
    koneksi.call('POST', '/repeating-blasts/birthdays', { token, body: { outletIds: [shop.outlet.id], audience } });
  const { fields } = expectOk(await count(koneksi.token));
  expect(fields).toContainEqual(told);
  expect(fields.map(({ field }) => field)).not.toContain('kota asal');
  const { token } = await koneksi.person('USER', []);
  expect(await count(token)).toMatchObject({ status: 404, code: 'OUTLET_NOT_FOUND' });
  const rule = { every: 'birthday', field: 'LAHIR', time: '09:00', ...notTomorrow };
  expect(expectOk(await create({ audience, rule }))).toMatchObject({ birthdays: told });
  expect(expectOk(await create({ audience }))).toMatchObject({ birthdays: null });
  expect(await create({ audience, rule: { ...rule, field: 'Kota asal' } })).toMatchObject({
    status: 400,
    code: 'VALIDATION_FAILED',
    body: { error: { fields: [{ field: 'rule.field', message: expect.stringContaining('17/05/1990') }] } },
  });
});

test('a birthday that is corrected after the blast was made counts as it is when it leaves', async () => {
  const { tag, numbers } = await customers(6);
  const [todays, others] = [today, dayAfter(today)].map((day) => day.slice(5)) as [string, string];
  const write = (index: number, value: string): Promise<unknown> =>
    sql(`UPDATE contacts SET fields = $2 WHERE number = $1`, [numbers[index], { 'Tanggal Lahir': value }]);
  const address = `1990${todays.replace('-', '')}`;
  const written = [`1990-${todays}`, `1990-${todays}`, `1990-${others}`, address, `1990-${others}`, `1990-${todays}`];
  for (const [index, value] of written.entries()) await write(index, value);
  // It is made five minutes before its time.
  const { offsetMinutes } = OUTLET_ZONES[zone];
  const time = new Date(Date.now() + (offsetMinutes + 4) * 60_000).toISOString().slice(11, 16);
  const title = `Ulang tahun ${tag}`;
  const rule = { every: 'birthday', field: 'tanggal lahir', time, ...notTomorrow };
  const staff = `${tag}staf`;
  const audience = { tags: [tag], exceptTags: [staff] };
  const message = 'Selamat ulang tahun, {{nama}}!';
  await due({ audience, unknownTagsAcknowledged: true, title, message, rule });
  await look();
  const [blast] = await made(title);
  expect((await blasts.recipients(blast!.id)).map(({ phone }) => phone).sort()).toEqual(
    [0, 1, 3, 5].map((index) => numbers[index]).sort(),
  );
  await write(1, `1990-${others}`);
  await write(2, `1990-${todays}`);
  await sql(`UPDATE contacts SET tags = '{}' WHERE number = $1`, [numbers[5]]);
  await sql('UPDATE contacts SET tags = tags || $2::text WHERE number = $1', [numbers[0], staff]);
  expectOk(await koneksi.call('POST', `/blasts/${blast!.id}/start`));
  await blasts.delivered(blast!.id);
  expect(numbers.map((number) => blasts.textsOf(number).length)).toEqual([0, 0, 1, 1, 0, 0]);
  const left = (await blasts.recipients(blast!.id)).filter(({ reason }) => reason === 'LEFT_AUDIENCE');
  expect(left.map(({ phone }) => phone).sort()).toEqual([0, 1, 5].map((index) => numbers[index]).sort());
});

test('a day on which nobody was there has passed; it goes on with the next', async () => {
  const { tag } = await customers(1);
  const title = `Terlewat ${tag}`;
  const id = expectOk(await create({ audience: { tags: [tag] }, title })).id;
  await comesOn(id, dayAfter(today, -40));
  await look();
  const { nextOn, repetitions } = await find(id);
  expect(repetitions.at(-1)).toMatchObject({ on: dayAfter(today, -40), outcome: 'missed' });
  expect(nextOn! >= today).toBe(true);
});

test('one that is damaged is looked at and stopped, says on its day that it failed, and holds up no other', async () => {
  const { tag } = await customers(1);
  const { id } = expectOk(await create({ audience: { tags: [tag] } }));
  const other = expectOk(await create({ audience: { tags: [tag] }, title: 'Yang lain' }));
  await look();
  await sql('UPDATE blasts SET message = set_byte(message, 20, 255 - get_byte(message, 20)) WHERE id = $1', [id]);
  const list = expectOk(await koneksi.call<RepeatingBlastList>('GET', '/repeating-blasts'));
  expect(list.items.find((each) => each.id === id)).toMatchObject({ message: '', title: 'Kabar bulanan' });
  for (const each of [id, other.id]) await comesOn(each, today);
  await look();
  expect((await find(id)).repetitions).toMatchObject([
    { on: today, outcome: 'failed', blastId: null, reason: 'UNREADABLE' },
  ]);
  expect((await find(other.id)).repetitions).toMatchObject([{ on: today, outcome: 'made' }]);
  expect((await verb(id, 'stop')).body).toMatchObject({ status: 'stopped' });
});

test('paused it does not come, stopped it never does again', async () => {
  const { tag } = await customers(1);
  const title = `Jeda ${tag}`;
  const { id } = expectOk(await create({ audience: { tags: [tag] }, title }));
  expect((await verb(id, 'pause')).body.status).toBe('paused');
  await comesOn(id, today);
  await look();
  expect(await made(title)).toEqual([]);
  expect((await verb(id, 'resume')).body).toMatchObject({ status: 'active' });
  expect((await verb(id, 'stop')).body).toMatchObject({ status: 'stopped', nextOn: null });
  expect((await verb(id, 'stop')).status).toBe(200);
  expect(await verb(id, 'resume')).toMatchObject({ status: 409, code: 'BLAST_ENDED' });
});

test('what falls into a pause is told with its day and why, and none of it comes later', async () => {
  const { tag, numbers } = await customers(1);
  await sql(`UPDATE contacts SET fields = '{"Lahir": "1990-01-01"}' WHERE number = $1`, [numbers[0]]);
  const title = `Dilewati ${tag}`;
  const rule = {
    every: 'birthday',
    field: 'lahir',
    time: '00:00',
    holidays: [-1, -4].map((days) => dayAfter(today, days)),
  };
  const { id } = expectOk(await create({ audience: { tags: [tag] }, title, rule }));
  await verb(id, 'pause');
  await comesOn(id, dayAfter(today, -5));
  await look();
  // Today has not passed.
  const before = [-2, -3, -5].map((days) => ({ on: dayAfter(today, days), outcome: 'skipped', reason: 'PAUSED' }));
  expect(await find(id)).toMatchObject({ status: 'paused', nextOn: today, repetitions: before });
  const { nextOn, repetitions } = expectOk(await verb(id, 'resume'));
  expect(nextOn! > today).toBe(true);
  const since = repetitions.filter(({ on }) => on >= today);
  expect(since.at(-1)).toMatchObject({ on: today, outcome: 'skipped', blastId: null });
  expect(repetitions.slice(since.length)).toMatchObject(before);
  await look();
  expect(await made(title)).toEqual([]);
  // Where a right has ended, that is why.
  await sql(`UPDATE repeating_blasts SET status = 'paused', awaits_admin = true, next_on = $2 WHERE id = $1`, [
    id,
    dayAfter(today, -8),
  ]);
  await look();
  expect((await find(id)).repetitions.at(-1)).toMatchObject({ on: dayAfter(today, -8), reason: 'AWAITS_ADMIN' });
});

test('it ends with the right of who made it; an ADMIN sends it on by theirs', async () => {
  const { tag } = await customers(1);
  const title = `Hak ${tag}`;
  const { user, token } = await koneksi.person('USER', [shop.outlet.id]);
  const { id } = expectOk(await create({ audience: { tags: [tag] }, title, outletIds: 'all' }, token));
  expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body: { isDisabled: true } }));
  await comesOn(id, today);
  await look();
  expect(await made(title)).toEqual([]);
  expect(await find(id)).toMatchObject({ status: 'paused', awaitsAdmin: true, by: user.name });
  const other = await koneksi.person('USER', [shop.outlet.id]);
  expect(await verb(id, 'resume', other.token)).toMatchObject({ status: 403, code: 'AWAITS_ADMIN' });
  await comesOn(id, dayAfter(today));
  expect((await verb(id, 'resume')).body).toMatchObject({ status: 'active', awaitsAdmin: false, by: 'Superadmin' });
  await comesOn(id, today);
  await look();
  expect(await made(title)).toHaveLength(1);
});

test('it counts as any other blast towards how often anybody may be written to', async () => {
  const { tag, numbers } = await customers(1);
  await blasts.delivered(
    await blasts.create({ outletIds: [shop.outlet.id], message: 'Satu', audience: { phones: numbers } }),
  );
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: 1 } }));
  const title = `Sering ${tag}`;
  await due({ audience: { tags: [tag] }, title });
  await look();
  const [blast] = await made(title);
  await blasts.becomes(blast!.id, 'it is over', ({ status }) => status === 'finished');
  expect(await blasts.recipients(blast!.id)).toMatchObject([{ status: 'skipped', reason: 'TOO_OFTEN' }]);
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: null } }));
});

test('there are fifty of one caller, also of many made in one moment and by whoever sends them on', async () => {
  const { token, user } = await koneksi.person('ADMIN');
  const { id } = expectOk(await create({}, token));
  await sql(
    `WITH made AS (
       INSERT INTO blasts SELECT (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid()))).*
       FROM blasts b, generate_series(1, 48) WHERE b.id = $1 RETURNING id)
     INSERT INTO repeating_blasts SELECT (jsonb_populate_record(r, jsonb_build_object('id', made.id))).*
     FROM repeating_blasts r, made WHERE r.id = $1`,
    [id],
  );
  expectOk(await verb(id, 'pause', token));
  expectOk(await verb(id, 'resume'));
  const answers = await Promise.all(Array.from({ length: 6 }, () => create({}, token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
    error: { code: 'QUOTA_REACHED', details: { name: 'repeating-blasts', limit: 50, used: 51 } },
  });
  const open = `SELECT count(*)::int FROM repeating_blasts r JOIN blasts b USING (id) WHERE b.created_by = $1 AND r.status <> 'stopped'`;
  expect(await sql(open, [user.id])).toEqual([{ count: 50 }]);
});
