import type { ResumeAnswer, StatusChange, StatusRemoval } from '@koneksi/contracts/realtime';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Dashboard } from './support/dashboard.js';
import { patiently } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
/** Never leaves, and so tells what others missed. */
let witness: Dashboard;
let first: LinkedOutlet;
let second: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  witness = await koneksi.dashboard();
  first = await koneksi.linked(witness);
  second = await koneksi.linked(witness);
});

afterAll(() => koneksi.stop());

const byCursor = (a: { cursor: number }, b: { cursor: number }): number => a.cursor - b.cursor;

async function resume(page: Dashboard, cursor: number): Promise<Exclude<ResumeAnswer, { success: false }>> {
  const answer = await page.socket.emitWithAck('outlet-status:resume', { cursor });
  if (!answer.success) throw new Error(answer.error.code);
  return answer;
}

function changesOf(answer: Exclude<ResumeAnswer, { success: false }>): (StatusChange | StatusRemoval)[] {
  if (!('changes' in answer)) throw new Error('a snapshot came instead of changes');
  return answer.changes;
}

/** What the witness heard after the cursor, in order, as far as that answer goes: each page hears at a time of its own. */
async function heardAfter(
  cursor: number,
  answer: Exclude<ResumeAnswer, { success: false }>,
): Promise<(StatusChange | StatusRemoval)[]> {
  if (!('changes' in answer)) throw new Error('a snapshot came instead of changes');
  const upTo = answer.cursor;
  await patiently(
    witness.first(() => witness.cursor >= upTo),
    () => `the witness heard of ${witness.cursor}, not of ${upTo}`,
  );
  return [...witness.changes, ...witness.removals]
    .filter((told) => told.cursor > cursor && told.cursor <= upTo)
    .toSorted(byCursor);
}

async function switchOffAndOn({ outlet }: LinkedOutlet): Promise<void> {
  await koneksi.call('POST', `/outlets/${outlet.id}/pause`);
  await witness.becomes(outlet.id, 'PAUSED_BY');
  await koneksi.call('POST', `/outlets/${outlet.id}/resume`);
  await witness.becomes(outlet.id, 'CONNECTED');
}

test('a page that was away gets exactly what it missed, in order, each once', async () => {
  const page = await koneksi.dashboard();
  const { cursor } = page;
  page.close();
  await Promise.all([switchOffAndOn(first), switchOffAndOn(second)]);
  const doomed = await koneksi.outlet();
  await witness.becomes(doomed.id, 'NEVER_LINKED');
  await koneksi.call('DELETE', `/outlets/${doomed.id}`);
  await witness.removed(doomed.id);

  const again = await koneksi.dashboard();
  const answer = await resume(again, cursor);
  const missed = changesOf(answer);
  expect(missed).toEqual(await heardAfter(cursor, answer));
  expect(missed.length).toBeGreaterThan(6);
  expect(missed.map((change) => change.cursor)).toEqual(missed.map((_, index) => cursor + 1 + index));
  expect(changesOf(await resume(again, again.cursor))).toEqual([]);
  again.close();
});

test('a USER who was away gets what happened to their own outlet alone', async () => {
  const { token } = await koneksi.person('USER', [first.outlet.id]);
  const page = await koneksi.dashboard(token);
  const { cursor } = page;
  page.close();
  await Promise.all([switchOffAndOn(first), switchOffAndOn(second)]);
  const again = await koneksi.dashboard(token);
  const answer = await resume(again, cursor);
  const missed = changesOf(answer);
  expect(missed).toEqual(
    (await heardAfter(cursor, answer)).filter(
      (change) => 'status' in change && change.status.outletId === first.outlet.id,
    ),
  );
  expect(missed.length).toBeGreaterThan(2);
  again.close();
});

test('a page that resumes in the middle of a storm has no gap', async () => {
  const from = witness.cursor;
  const storm = Promise.all([switchOffAndOn(first), switchOffAndOn(second)]);
  const page = await koneksi.dashboard();
  const missed = changesOf(await resume(page, from));
  await storm;
  const last = witness.cursor;
  await page.first(() => page.cursor >= last);
  const known = new Set([...missed, ...page.changes].map((change) => change.cursor));
  for (let cursor = from + 1; cursor <= last; cursor++) expect(known).toContain(cursor);
  expect(new Set(missed.map((change) => change.cursor)).size).toBe(missed.length);
  page.close();
});

test('snapshot and REST tell the same', async () => {
  const page = await koneksi.dashboard();
  const { statuses } = await koneksi.statuses();
  const still = (list: typeof statuses): typeof statuses =>
    list
      .map((status) => ({ ...status, session: { ...status.session, lastSeen: null } }))
      .toSorted((a, b) => a.outletId.localeCompare(b.outletId));
  expect(still(page.snapshot.statuses)).toEqual(still(statuses));
  page.close();
});

test('cursors have no gap in the table, and revisions none per outlet', async () => {
  const [cursors] = await koneksi.database.dataSource.query<Record<string, string>[]>(
    `SELECT min(cursor) AS first, max(cursor) AS last, count(*) AS count,
      (SELECT value FROM status_cursor) AS counter FROM outlet_status_change`,
  );
  expect(cursors!.first).toBe('1');
  expect(cursors!.count).toBe(cursors!.last);
  expect(cursors!.counter).toBe(cursors!.last);
  const outlets = await koneksi.database.dataSource.query<{ revisions: string; last: string; row: string }[]>(
    `SELECT count(*) AS revisions, max(c.revision) AS last, max(s.revision) AS row FROM outlet_status_change c
     JOIN wa_session s USING (outlet_id) GROUP BY outlet_id`,
  );
  expect(outlets).toHaveLength(2);
  for (const { revisions, last, row } of outlets) expect([last, row]).toEqual([revisions, revisions]);
});

test('a cursor of the future, one older than the log, and one too far back are answered with a snapshot', async () => {
  const page = await koneksi.dashboard();
  const current = page.cursor;
  const answeredBySnapshot = async (cursor: number): Promise<boolean> => {
    const answer = await resume(page, cursor);
    return 'snapshot' in answer && answer.snapshot.statuses.length === 2;
  };
  expect(await answeredBySnapshot(current + 1)).toBe(true);
  expect(await answeredBySnapshot(Number.MAX_SAFE_INTEGER)).toBe(true);

  const query = koneksi.database.dataSource.query.bind(koneksi.database.dataSource);
  await query('DELETE FROM outlet_status_change WHERE cursor <= 3');
  await query('UPDATE status_retention SET forgotten = 3');
  expect(await answeredBySnapshot(2)).toBe(true);
  expect(await answeredBySnapshot(3)).toBe(false);

  await query(
    `INSERT INTO outlet_status_change (cursor, outlet_id, revision, milestone)
     SELECT $1::bigint + n, gen_random_uuid(), 0, false FROM generate_series(1, 1000) n`,
    [current],
  );
  await query('UPDATE status_cursor SET value = value + 1000');
  await switchOffAndOn(first);
  expect(await answeredBySnapshot(current)).toBe(true);
  expect(await answeredBySnapshot(current + 1_000)).toBe(false);
  page.close();
});
