import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChainImportResult } from '@koneksi/contracts/contact-import';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { QueryRunner } from 'typeorm';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

let koneksi: Koneksi;
/** In the order of their ids, in which an import takes them in. */
let first: Outlet;
let last: Outlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  [first, last] = [await koneksi.outlet(), await koneksi.outlet()].sort((a, b) => (a.id < b.id ? -1 : 1)) as [
    Outlet,
    Outlet,
  ];
});
afterAll(() => koneksi.stop());

/** Somebody at another node, in a transaction that does not end before `work` has. */
async function beside<T>(sql: string, values: unknown[], work: (other: QueryRunner) => Promise<T>): Promise<T> {
  const other = koneksi.database.dataSource.createQueryRunner();
  await other.startTransaction();
  try {
    await other.query(sql, values);
    return await work(other);
  } finally {
    await other.rollbackTransaction();
    await other.release();
  }
}
const waits = (): Promise<unknown> =>
  eventually('it waits for the other', async () => (await lockWaits(koneksi.database.dataSource)) > 0);
const TURN = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 3))';
const add = ({ id }: Outlet, phone: string): Promise<Answer<unknown>> =>
  koneksi.call('POST', `/outlets/${id}/contacts`, { body: { phone } });
const upload = async (path: string, csv: string): Promise<ChainImportResult> => {
  const headers = { authorization: `Bearer ${koneksi.token}`, 'content-type': 'text/csv' };
  const answer = await fetch(`${koneksi.app.url}/api${path}`, { method: 'POST', headers, body: csv });
  expect(answer.status).toBe(200);
  return (await answer.json()) as ChainImportResult;
};
const CONTACT = `INSERT INTO contacts (id, outlet_id, number, fields, tags, created_at, updated_at)
  VALUES (gen_random_uuid(), $1, $2, '{}', '{}', now(), now())`;
const schedule = (token: string, more: object): Promise<Answer<unknown>> =>
  koneksi.call('POST', '/blasts', {
    token,
    body: {
      outletIds: [first.id],
      message: 'Promo {{nama}}',
      audience: { phones: ['081200000099'] },
      scheduledAt: new Date(Date.now() + 300 * 86_400_000).toISOString(),
      noWayOut: 'Hanya uji coba',
      ...more,
    },
  });

test('while a file for several outlets is taken in, customers are added to those it is done with', async () => {
  const csv = ['nomor;outlet', `081200000001;${first.name}`, `081200000002;${last.name}`].join('\n');
  const importing = await beside(CONTACT, [last.id, '6281200000002'], async () => {
    const answer = upload('/contacts/import', csv);
    await waits();
    expect((await add(first, '081200000003')).status).toBe(201);
    return { answer };
  });
  expect((await importing.answer).counts).toMatchObject({ added: 2 });
});

test('while a file for one outlet is taken in, customers are added to it', async () => {
  const importing = await beside(CONTACT, [first.id, '6281200000011'], async () => {
    const answer = upload(`/outlets/${first.id}/contacts/import`, 'nomor\n081200000010\n081200000011\n');
    await waits();
    expect((await add(first, '081200000012')).status).toBe(201);
    return { answer };
  });
  expect((await importing.answer).counts).toMatchObject({ added: 2 });
});

test('while the recipients of a blast are enrolled, its maker orders one that comes again', async () => {
  const { token } = await koneksi.person('ADMIN');
  expectOk(await koneksi.call('PATCH', `/outlets/${first.id}/blast-settings`, { body: { zone: 'Asia/Jakarta' } }));
  const making = await beside('LOCK TABLE blast_recipients IN SHARE MODE', [], async () => {
    const answer = schedule(token, {});
    await waits();
    const repeating = await koneksi.call('POST', '/repeating-blasts', {
      token,
      body: {
        outletIds: [first.id],
        title: 'Kabar bulanan',
        message: 'Kabar bulan ini, {{nama}}',
        noWayOut: 'Hanya uji coba',
        rule: { every: 'month', day: 31, time: '00:00' },
      },
    });
    expect(repeating.status).toBe(201);
    return { answer };
  });
  expect((await making.answer).status).toBe(201);
});

test('who would wait long for another is told to come again, and not that the database is away', async () => {
  const { token, user } = await koneksi.person('ADMIN');
  const later = { status: 429, code: 'TOO_MANY_ATTEMPTS' };
  const refused = await beside(TURN, [`quota contacts ${first.id}`], () => add(first, '081200000020'));
  expect(refused).toMatchObject(later);
  expect(refused.headers.get('Retry-After')).toBe('2');
  expect(await beside(TURN, [`quota blasts ${user.id}`], () => schedule(token, {}))).toMatchObject(later);
  const number = [first.id, '6281200000021'];
  expect(await beside(CONTACT, number, () => add(first, '081200000021'))).toMatchObject(later);
  expect((await add(first, '081200000020')).status).toBe(201);
});

test('who waits a moment has their turn then', async () => {
  const adding = await beside(TURN, [`quota contacts ${first.id}`], async () => {
    const answer = add(first, '081200000030');
    await waits();
    return { answer };
  });
  expect((await adding.answer).status).toBe(201);
});
