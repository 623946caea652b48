import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import type { ChangedRecipients } from '@koneksi/contracts/blast-recipients';
import type { AudienceCount } from '@koneksi/contracts/blast-requests';
import type { BlastForecast } from '@koneksi/contracts/blasts';
import type { RepeatingBlastCreated } from '@koneksi/contracts/repeating-blasts';
import { Audience } from '../src/blast/audience.js';
import { Ledger } from '../src/blast/ledger.js';
import { Repetitions } from '../src/blast/repeating/repetitions.js';
import { LeaveOutAsBefore1763801300000 } from '../src/database/migrations/1763801300000-leave-out-as-before.js';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer, type LinkedOutlet } from './support/koneksi.js';

const LATER = '2999-01-01T00:00:00Z';

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let sister: LinkedOutlet;
let next = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  const dashboard = await koneksi.dashboard();
  shop = await koneksi.linked(dashboard, { name: 'Jakarta' });
  sister = await koneksi.linked(dashboard, { name: 'Bandung' });
});
afterAll(() => koneksi.stop());

const sql = <T>(text: string, values: unknown[] = []): Promise<T[]> =>
  koneksi.database.dataSource.query<T[]>(text, values);
const freshTag = (): string => `t${randomUUID().slice(0, 8)}`;
/** Contacts of one outlet, with these tags. */
async function contacts({ outlet }: LinkedOutlet, count: number, tags: string[]): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, outlet.id, next, count);
  next += count;
  await sql('UPDATE contacts SET tags = $3 WHERE outlet_id = $1 AND number = ANY ($2)', [outlet.id, numbers, tags]);
  return numbers;
}
/** The same people as contacts of another outlet. */
const alsoAt = ({ outlet }: LinkedOutlet, numbers: readonly string[], tags: string[]): Promise<unknown> =>
  sql(
    `INSERT INTO contacts (id, outlet_id, number, name, fields, tags)
     SELECT gen_random_uuid(), $1, n, 'Pelanggan', '{}', $3 FROM unnest($2::text[]) AS n
     ON CONFLICT (outlet_id, number) DO UPDATE SET tags = EXCLUDED.tags`,
    [outlet.id, numbers, tags],
  );
const bodyOf = (changes: object): object => ({
  outletIds: [shop.outlet.id],
  message: `Kabar ${randomUUID()}`,
  noWayOut: 'Isi pesan diperiksa kata demi kata',
  ...changes,
});
const preview = async (changes: object, token = koneksi.token): Promise<BlastPreview> =>
  expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { token, body: bodyOf(changes) }));
const create = (changes: object, token = koneksi.token): Promise<Answer<{ id: string }>> =>
  koneksi.call<{ id: string }>('POST', '/blasts', { token, body: bodyOf(changes) });
const recipientsOf = async (id: string): Promise<Record<string, string>> =>
  Object.fromEntries((await blasts.recipients(id)).map(({ phone, status, reason }) => [phone, reason ?? status]));

test('a tag that is left out leaves the person out, whichever outlet’s contact carries it', async () => {
  const [tag, staff] = [freshTag(), freshTag()];
  const [both, plain] = (await contacts(shop, 2, [tag])) as [string, string];
  await alsoAt(sister, [both], [staff]);
  const audience = { tags: [tag], exceptTags: [staff.toUpperCase()] };
  const count = await koneksi.call<AudienceCount>('POST', '/blasts/count', {
    body: { outletIds: [shop.outlet.id], audience },
  });
  expect(expectOk(count).recipients).toBe(1);
  expect(await preview({ audience })).toMatchObject({ recipients: 1 });
  const { id } = expectOk(await create({ audience }));
  await blasts.delivered(id);
  expect(await recipientsOf(id)).toEqual({ [plain]: 'delivered' });
  expect((await blasts.find(id)).audience).toEqual({
    kind: 'tags',
    ...audience,
    exceptTags: [staff],
    outletIds: [shop.outlet.id],
  });
});

test('who is tagged at another outlet after a blast was scheduled, or while it runs, gets nothing', async () => {
  const [tag, staff] = [freshTag(), freshTag()];
  const numbers = await contacts(shop, 3, [tag]);
  await alsoAt(sister, await contacts(shop, 1, []), [staff]);
  const { id } = expectOk(await create({ audience: { tags: [tag], exceptTags: [staff] }, scheduledAt: LATER }));
  await alsoAt(sister, [numbers[0]!], [staff]);
  const [late] = await contacts(shop, 1, [tag]);
  await alsoAt(sister, [late!], [staff]);
  await blasts.verb(id, 'start');
  await blasts.delivered(id);
  expect(await recipientsOf(id)).toEqual({
    [numbers[0]!]: 'LEFT_AUDIENCE',
    [numbers[1]!]: 'delivered',
    [numbers[2]!]: 'delivered',
  });
});

test('what comes again leaves out a person by another outlet’s tag, on birthdays as well', async () => {
  const [tag, staff] = [freshTag(), freshTag()];
  const [both, plain] = (await contacts(shop, 2, [tag])) as [string, string];
  await alsoAt(sister, [both], [staff]);
  const now = new Date(Date.now() + 7 * 3_600_000);
  const today = now.toISOString().slice(0, 10);
  await sql(`UPDATE contacts SET fields = jsonb_build_object('lahir', $2::text) WHERE number = ANY ($1)`, [
    [both, plain],
    `1990${today.slice(4)}`,
  ]);
  for (const rule of [
    { every: 'month', day: 31, time: '00:00' },
    { every: 'birthday', field: 'lahir', time: '00:00' },
  ]) {
    const { id } = expectOk(
      await koneksi.call<RepeatingBlastCreated>('POST', '/repeating-blasts', {
        body: bodyOf({ title: 'Lagi', audience: { tags: [tag], exceptTags: [staff] }, rule }),
      }),
    );
    const repetitions = koneksi.app.app.get(Repetitions, { strict: false });
    await repetitions.look();
    await sql('DELETE FROM blast_repetitions WHERE repeating_id = $1', [id]);
    await sql('UPDATE repeating_blasts SET next_on = $2::date WHERE id = $1', [id, today]);
    await repetitions.look();
    const blastId = await eventually('it is a blast', async () => {
      const [made] = await sql<{ blast_id: string }>(
        'SELECT blast_id FROM blast_repetitions WHERE repeating_id = $1 AND due_on = $2::date',
        [id, today],
      );
      return made?.blast_id;
    });
    expect(Object.keys(await recipientsOf(blastId))).toEqual([plain]);
    const view = expectOk(await koneksi.call<{ audience: object }>('GET', `/repeating-blasts/${id}`));
    expect(view.audience).toEqual({ tags: [tag], exceptTags: [staff] });
    expectOk(await koneksi.call('POST', `/repeating-blasts/${id}/stop`));
  }
});

test('of outlets they may not see nobody learns who has a tag', async () => {
  const [tag, staff] = [freshTag(), freshTag()];
  const [both] = await contacts(shop, 1, [tag]);
  await alsoAt(sister, [both!], [staff]);
  const audience = { tags: [tag], exceptTags: [staff] };
  const of = async (outlets: LinkedOutlet[]): Promise<string> =>
    (
      await koneksi.person(
        'USER',
        outlets.map(({ outlet }) => outlet.id),
      )
    ).token;
  expect(await preview({ audience }, await of([shop]))).toMatchObject({ recipients: 1 });
  expect(await preview({ audience }, await of([shop, sister]))).toMatchObject({ recipients: 0 });
  const { id } = expectOk(await create({ audience, unknownTagsAcknowledged: true }, await of([shop])));
  await blasts.delivered(id);
  expect(await recipientsOf(id)).toEqual({ [both!]: 'delivered' });
  expect((await blasts.find(id)).audience).not.toHaveProperty('exceptWithin');
});

test('what was made before anybody kept whose tags leave people out asks those of its own outlets', async () => {
  const [tag, staff] = [freshTag(), freshTag()];
  await contacts(shop, 1, [tag]);
  await contacts(sister, 1, [staff]);
  const audience = { tags: [tag], exceptTags: [staff] };
  const { id } = expectOk(await create({ audience, scheduledAt: LATER }));
  const repeat = async (outletIds: string[] | 'all'): Promise<string> => {
    const rule = { every: 'month', day: 31, time: '00:00' };
    const body = bodyOf({ outletIds, title: 'Lagi', audience, rule });
    return expectOk(await koneksi.call<RepeatingBlastCreated>('POST', '/repeating-blasts', { body })).id;
  };
  const [some, all] = [await repeat([shop.outlet.id]), await repeat('all')];
  const runner = koneksi.database.dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    await new LeaveOutAsBefore1763801300000().up(runner);
    const kept = (await runner.query(
      `SELECT id, audience -> 'exceptWithin' AS within FROM blasts WHERE id = $1
       UNION ALL SELECT id, audience -> 'exceptWithin' FROM repeating_blasts WHERE id = ANY ($2)`,
      [id, [some, all]],
    )) as { id: string; within: string[] | null }[];
    expect(Object.fromEntries(kept.map((row) => [row.id, row.within]))).toEqual({
      [id]: [shop.outlet.id],
      [some]: [shop.outlet.id],
      [all]: null,
    });
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
  await blasts.verb(id, 'cancel');
  for (const one of [some, all]) expectOk(await koneksi.call('POST', `/repeating-blasts/${one}/stop`));
});

test('a tag that nobody carries is told before anything leaves, with what was meant, and must be meant', async () => {
  const [tag, staff] = [freshTag(), `karyawan${freshTag()}`];
  const [reached] = await contacts(shop, 1, [tag]);
  await contacts(sister, 1, [staff]);
  const audience = { tags: [tag, `${tag}tidak`], exceptTags: [staff, staff.replace('wan', 'wam')] };
  const unknownTags = [
    { tag: `${tag}tidak`, use: 'include', meant: null },
    { tag: staff.replace('wan', 'wam'), use: 'except', meant: staff },
  ];
  expect(await preview({ audience })).toMatchObject({ recipients: 1, unknownTags });
  const refused = await create({ audience });
  expect(refused).toMatchObject({ status: 409, code: 'TAG_UNKNOWN' });
  expect(refused.body).toMatchObject({ error: { details: { unknownTags } } });
  expect(await create({ audience, scheduledAt: LATER })).toMatchObject({ status: 409, code: 'TAG_UNKNOWN' });
  const { id } = expectOk(await create({ audience, unknownTagsAcknowledged: true }));
  await blasts.delivered(id);
  expect(await recipientsOf(id)).toEqual({ [reached!]: 'delivered' });
  const again = (more: object): Promise<Answer<RepeatingBlastCreated>> =>
    koneksi.call<RepeatingBlastCreated>('POST', '/repeating-blasts', {
      body: bodyOf({ title: 'Lagi', audience, rule: { every: 'month', day: 31, time: '00:00' }, ...more }),
    });
  expect(await again({})).toMatchObject({ status: 409, code: 'TAG_UNKNOWN' });
  const repeating = expectOk(await again({ unknownTagsAcknowledged: true }));
  expectOk(await koneksi.call('POST', `/repeating-blasts/${repeating.id}/stop`));
  // A tag of an outlet they may not see is one that nobody has.
  const { token } = await koneksi.person('USER', [shop.outlet.id]);
  expect(await preview({ audience: { exceptTags: [staff] } }, token)).toMatchObject({
    unknownTags: [{ tag: staff, use: 'except', meant: null }],
  });
});

test('all tags there are are read only where one is unknown', async () => {
  const [tag, staff] = [freshTag(), freshTag()];
  await contacts(shop, 1, [tag]);
  await contacts(sister, 1, [staff]);
  const audiences = koneksi.app.app.get(Audience, { strict: false });
  const read = jest.spyOn(audiences, 'tagsOf');
  try {
    const audience = { tags: [tag], exceptTags: [staff.toUpperCase()] };
    expect(await preview({ audience })).toMatchObject({ recipients: 1, unknownTags: [] });
    const { id } = expectOk(await create({ audience, scheduledAt: LATER }));
    await blasts.verb(id, 'cancel');
    expect(read).not.toHaveBeenCalled();
    const misspelt = { ...audience, exceptTags: [`${staff}x`] };
    expect(await create({ audience: misspelt })).toMatchObject({ status: 409, code: 'TAG_UNKNOWN' });
    expect(read).toHaveBeenCalledTimes(1);
  } finally {
    read.mockRestore();
  }
});

test('who will not be reached before the end is told by the preview, and by the forecast once it runs', async () => {
  const tag = freshTag();
  await contacts(shop, 10, [tag]);
  const settings = (body: object): Promise<unknown> =>
    koneksi.call('PATCH', `/outlets/${shop.outlet.id}/blast-settings`, { body });
  const notAfter = new Date(Date.now() + 4.5 * 60_000).toISOString();
  expectOk((await settings({ paceMinMs: 60_000, paceMaxMs: 60_000 })) as Answer<unknown>);
  try {
    const told = await preview({ audience: { tags: [tag] }, notAfter });
    expect(told).toMatchObject({ recipients: 10, tooLate: 5, outlets: [{ estimate: { tooLate: 5 } }] });
    expect(await preview({ audience: { tags: [tag] } })).toMatchObject({ tooLate: 0 });
    const { id } = expectOk(await create({ audience: { tags: [tag] }, notAfter }));
    const forecast = expectOk(await koneksi.call<BlastForecast>('GET', `/blasts/${id}/forecast`));
    expect(forecast.outlets[0]?.estimate.tooLate).toBeGreaterThanOrEqual(4);
    await blasts.verb(id, 'cancel');
  } finally {
    expectOk((await settings({ paceMinMs: 0, paceMaxMs: 0 })) as Answer<unknown>);
  }
});

test('what waits under a cap goes first, in preview and forecast; what holds a part is what it waits for', async () => {
  const busy = await koneksi.linked(await koneksi.dashboard(), { name: 'Surabaya' });
  const outletIds = [busy.outlet.id];
  const caps = { newChatsPerDay: 5, knownChatsPerDay: 5, warmUpDays: 0, quietHours: null };
  expectOk(await koneksi.call('PATCH', `/outlets/${busy.outlet.id}/blast-settings`, { body: caps }));
  const [many, few] = [freshTag(), freshTag()];
  await contacts(busy, 12, [many]);
  await contacts(busy, 3, [few]);
  const forecastOf = async (id: string): Promise<BlastForecast> =>
    expectOk(await koneksi.call<BlastForecast>('GET', `/blasts/${id}/forecast`));
  const held = (id: string, code: string): Promise<unknown> =>
    blasts.becomes(id, `held by ${code}`, ({ outlets }) => outlets[0]?.hold?.code === code);
  const first = expectOk(await create({ outletIds, audience: { tags: [many] } }));
  await held(first.id, 'DAILY_CAP');
  const told = await forecastOf(first.id);
  expect(told.outlets).toMatchObject([{ estimate: { waitsFor: 'DAILY_CAP' } }]);
  // Seven wait: five for tomorrow, and two that leave room for these three the day after.
  const foreseen = await preview({ outletIds, audience: { tags: [few] } });
  expect(foreseen.finishesAt).toBe(told.finishesAt);
  const second = expectOk(await create({ outletIds, audience: { tags: [few] } }));
  await held(second.id, 'DAILY_CAP');
  expect((await forecastOf(second.id)).finishesAt).toBe(told.finishesAt);
  // The first does not wait for what comes after it, nor the second for what is paused.
  expect((await forecastOf(first.id)).finishesAt).toBe(told.finishesAt);
  await blasts.verb(first.id, 'pause');
  expect((await forecastOf(second.id)).finishesAt! < told.finishesAt!).toBe(true);
  const stopped = await eventually('it is told as stopped', async () => {
    // A turn that has read it before may still say otherwise once.
    const stop = `UPDATE blast_outlets SET stopped = true, hold_code = 'STOPPED_REFUSALS', hold_until = NULL WHERE blast_id = $1`;
    await sql(stop, [second.id]);
    const forecast = await forecastOf(second.id);
    return forecast.outlets[0]?.estimate.waitsFor === 'STOPPED' && forecast;
  });
  expect(stopped).toMatchObject({
    finishesAt: null,
    outlets: [{ estimate: { startsAt: null, finishesAt: null } }],
  });
  for (const { id } of [first, second]) await blasts.verb(id, 'cancel');
});

test('who waits for another blast already is told, but for the one that is replaced and those of others’ outlets', async () => {
  const tag = freshTag();
  const numbers = await contacts(shop, 4, [tag]);
  const audience = { tags: [tag] };
  const first = expectOk(
    await create({ audience: { phones: numbers.slice(0, 3) }, scheduledAt: LATER, title: 'Jumat' }),
  );
  const second = expectOk(await create({ audience: { phones: numbers.slice(2, 3) }, scheduledAt: LATER }));
  await blasts.verb(second.id, 'pause');
  const told = (id: string, people: number, status: string) => expect.objectContaining({ id, people, status });
  const both = await preview({ audience });
  expect(both.waiting).toMatchObject({
    people: 3,
    of: 4,
    blasts: [told(first.id, 3, 'scheduled'), told(second.id, 1, 'paused')],
  });
  expect(both.waiting?.blasts[0]).toMatchObject({ title: 'Jumat', createdBy: 'Superadmin' });
  expect((await preview({ audience, replaces: first.id })).waiting).toMatchObject({ people: 1, of: 4 });
  // Of what another outlet is to send nothing is told to who may not see it.
  await alsoAt(sister, numbers, [tag]);
  const { token } = await koneksi.person('USER', [sister.outlet.id]);
  expect((await preview({ audience, outletIds: [sister.outlet.id] }, token)).waiting).toBeNull();
  for (const { id } of [first, second]) await blasts.verb(id, 'cancel');
  expect((await preview({ audience })).waiting).toBeNull();
});

test('who was left out as written to too often is let back in by a retry once the cap allows it, and not before', async () => {
  const tag = freshTag();
  const numbers = await contacts(shop, 3, [tag]);
  const [often, rare] = numbers as [string, string, string];
  const policy = (perWeek: number | null): Promise<unknown> =>
    koneksi.call('PATCH', '/blast-policy', { body: { perWeek } }).then(expectOk);
  const retry = async (id: string): Promise<number> =>
    expectOk(await koneksi.call<ChangedRecipients>('POST', `/blasts/${id}/retry`)).recipients;
  await blasts.delivered(expectOk(await create({ audience: { phones: [often] } })).id);
  await policy(1);
  try {
    const { id } = expectOk(await create({ audience: { tags: [tag] } }));
    await blasts.delivered(id);
    expect(await recipientsOf(id)).toMatchObject({ [often]: 'TOO_OFTEN', [rare]: 'delivered' });
    expect(await blasts.find(id)).toMatchObject({ tooOften: 1 });
    expect(await retry(id)).toBe(0);
    expect(await blasts.find(id)).toMatchObject({ status: 'finished', tooOften: 1 });
    // Who has not got it is meant by a blast to those, and judged anew as well.
    const again = { audience: { ofBlast: { blastId: id, who: 'undelivered' } } };
    expect(await preview(again)).toMatchObject({ recipients: 0, skipped: { TOO_OFTEN: 1 } });
    await policy(2);
    expect(await preview(again)).toMatchObject({ recipients: 1 });
    expect(await retry(id)).toBe(1);
    await blasts.delivered(id);
    expect(await recipientsOf(id)).toMatchObject({ [often]: 'delivered', [rare]: 'delivered' });
    expect(await blasts.find(id)).toMatchObject({ tooOften: 0 });
    expect(await retry(id)).toBe(0);
  } finally {
    await policy(null);
  }
});

test('a retry queues those who failed whatever judging the others takes, and keeps no other sending waiting', async () => {
  const [often, failed] = (await contacts(shop, 2, [freshTag()])) as [string, string];
  const policy = (perWeek: number | null): Promise<unknown> =>
    koneksi.call('PATCH', '/blast-policy', { body: { perWeek } }).then(expectOk);
  await blasts.delivered(expectOk(await create({ audience: { phones: [often] } })).id);
  await policy(1);
  const { id } = expectOk(await create({ audience: { phones: [often, failed] } }));
  await blasts.delivered(id);
  await policy(null);
  // More than are judged at once, and one that was refused.
  await sql(
    `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, params, status, reason)
     SELECT $1, 10 + n, $2, '6289990' || lpad(n::text, 6, '0'), '{}', 'skipped', 'TOO_OFTEN' FROM generate_series(1, 1200) n`,
    [id, shop.outlet.id],
  );
  await sql(`UPDATE blast_recipients SET status = 'failed' WHERE blast_id = $1 AND number = $2`, [id, failed]);
  await sql(
    `UPDATE blast_outlets SET delivered = 0, read = 0, failed = 1, skipped = skipped + 1200 WHERE blast_id = $1`,
    [id],
  );
  expect(await blasts.find(id)).toMatchObject({ tooOften: 1_201 });
  // Whoever judges how often somebody was written to waits for this.
  const holder = koneksi.database.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('LOCK TABLE blast_policy IN ACCESS EXCLUSIVE MODE');
  const answer = koneksi.call<ChangedRecipients>('POST', `/blasts/${id}/retry`);
  try {
    await eventually('the failed one is queued', async () => {
      const [row] = await sql<{ status: string }>(
        'SELECT status FROM blast_recipients WHERE blast_id = $1 AND number = $2',
        [id, failed],
      );
      return row?.status === 'queued';
    });
    await koneksi.app.app.get(Ledger, { strict: false }).between(() => Promise.resolve());
  } finally {
    await holder.rollbackTransaction();
    await holder.release();
  }
  expect(expectOk(await answer).recipients).toBe(1_202);
  // One press is one line, whoever it was for.
  const retries = `SELECT recipients FROM blast_audit WHERE blast_id = $1 AND action = 'retried'`;
  expect(await sql(retries, [id])).toEqual([{ recipients: 1_202 }]);
  expect(await blasts.find(id)).toMatchObject({ tooOften: 0 });
  await blasts.verb(id, 'cancel');
});

test('whom a removed outlet was to write to is not among those who may be tried again', async () => {
  const gone = await koneksi.outlet({ name: `Bekasi ${freshTag()}` });
  const phones = await contacts(shop, 1, []);
  const { id } = expectOk(await create({ outletIds: [gone.id], audience: { phones }, scheduledAt: LATER }));
  await sql(`UPDATE blast_recipients SET status = 'skipped', reason = 'TOO_OFTEN' WHERE blast_id = $1`, [id]);
  await sql('UPDATE blast_outlets SET queued = 0, skipped = 1 WHERE blast_id = $1', [id]);
  expect(await blasts.find(id)).toMatchObject({ tooOften: 1, outlets: [{ tooOften: 1 }] });
  expectOk(await koneksi.call('DELETE', `/outlets/${gone.id}`));
  expect(await blasts.find(id)).toMatchObject({ tooOften: 0, outlets: [{ tooOften: 0 }] });
});

test('quiet hours that begin as they end are refused, and those of before mean none', async () => {
  const path = `/outlets/${shop.outlet.id}/blast-settings`;
  const alike = { from: '21:00', to: '21:00' };
  const refused = await koneksi.call('PATCH', path, { body: { quietHours: alike } });
  expect(refused).toMatchObject({ status: 400, body: { error: { fields: [{ field: 'quietHours.to' }] } } });
  expectOk(await koneksi.call('PATCH', path, { body: { quietHours: { ...alike, to: '06:00' } } }));
  await sql('UPDATE blast_settings SET quiet_hours = $2 WHERE outlet_id = $1', [shop.outlet.id, JSON.stringify(alike)]);
  expect(expectOk(await koneksi.call('GET', path))).toMatchObject({ quietHours: alike });
  expectOk(await koneksi.call('PATCH', path, { body: { quietHours: null } }));
});

test('the number of an outlet is no recipient: left out, counted and named, also where the outlet came later', async () => {
  const tag = freshTag();
  const numbers = await contacts(shop, 2, [tag]);
  const own = shop.outlet.whatsappNumber;
  await alsoAt(shop, [own, sister.outlet.whatsappNumber], [tag]);
  const audience = { tags: [tag] };
  expect(await preview({ audience })).toMatchObject({ recipients: 2, skipped: { OWN_NUMBER: 2 } });
  const phones = { phones: [own, ...numbers] };
  expect(await preview({ audience: phones })).toMatchObject({ recipients: 2, skipped: { OWN_NUMBER: 1 } });
  const { id } = expectOk(await create({ audience: phones, scheduledAt: LATER }));
  const added = { name: `Baru ${tag}`, whatsappNumber: numbers[0] };
  const { id: outletId } = expectOk(await koneksi.call<{ id: string }>('POST', '/outlets', { body: added }));
  await blasts.verb(id, 'start');
  await blasts.delivered(id);
  expect(await recipientsOf(id)).toEqual({
    [own]: 'OWN_NUMBER',
    [numbers[0]!]: 'OWN_NUMBER',
    [numbers[1]!]: 'delivered',
  });
  expectOk(await koneksi.call('DELETE', `/outlets/${outletId}`));
  expect(await create({ audience: { phones: [own] } })).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
});

test('of outlets they may not see nobody learns the number before a message would leave for it', async () => {
  const [plain] = (await contacts(shop, 1, [freshTag()])) as [string];
  const own = sister.outlet.whatsappNumber;
  const audience = { phones: [plain, own] };
  const tokenOf = async (outlets: LinkedOutlet[]): Promise<string> =>
    (
      await koneksi.person(
        'USER',
        outlets.map(({ outlet }) => outlet.id),
      )
    ).token;
  const both = await preview({ audience }, await tokenOf([shop, sister]));
  expect(both).toMatchObject({ recipients: 1, skipped: { OWN_NUMBER: 1 } });
  const token = await tokenOf([shop]);
  const one = await preview({ audience }, token);
  expect([one.recipients, one.skipped]).toEqual([2, {}]);
  const count = { outletIds: [shop.outlet.id], audience };
  expect(expectOk(await koneksi.call('POST', '/blasts/count', { token, body: count }))).toMatchObject({
    recipients: 2,
  });
  const { id } = expectOk(await create({ audience }, token));
  await blasts.delivered(id);
  expect(await recipientsOf(id)).toEqual({ [plain]: 'delivered', [own]: 'OWN_NUMBER' });
});

test('what was pasted and is no number is told by line and reason, by count, preview and creation', async () => {
  const [reached] = await contacts(shop, 1, [freshTag()]);
  const audience = { phones: [reached!, 'Ibu Rina', '0812****7890', '(021) 555-01234'] };
  const noNumbers = {
    count: 3,
    lines: [
      { line: 2, typed: 'Ibu Rina', reason: 'PHONE_INVALID' },
      { line: 3, typed: '0812****7890', reason: 'PHONE_MASKED' },
      { line: 4, typed: '(021) 555-01234', reason: 'PHONE_LANDLINE' },
    ],
  };
  const count = await koneksi.call('POST', '/blasts/count', { body: { outletIds: [shop.outlet.id], audience } });
  expect(expectOk(count)).toMatchObject({ recipients: 1, noNumbers });
  expect(await preview({ audience })).toMatchObject({ recipients: 1, skipped: { INVALID: 3 }, noNumbers });
  const made = expectOk(await create({ audience }));
  expect(made).toMatchObject({ noNumbers });
  await blasts.delivered(made.id);
  expect(await preview({ audience: { contactIds: [randomUUID()] } })).toMatchObject({
    noNumbers: { count: 0, lines: [] },
  });
});
