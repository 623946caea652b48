import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { Blast } from '@koneksi/contracts/blasts';
import { SchedulerRegistry } from '@nestjs/schedule';
import { ContentRetention } from '../src/blast/content-retention.js';
import { SentMessages } from '../src/wa-session/sent-messages.js';
import { addContacts, Blasts } from './support/blasts.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let blasts: Blasts;
let linked: LinkedOutlet;
let next = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  linked = await koneksi.linked(await koneksi.dashboard());
});
afterAll(() => koneksi.stop());

const part = <T>(type: new (...args: never[]) => T): T => koneksi.app.app.get(type, { strict: false });
const purge = (): Promise<number> => part(ContentRetention).run();
const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  koneksi.database.dataSource.query<Row[]>(text, values);

async function upload(fileName: string): Promise<string> {
  const answer = await fetch(`${koneksi.app.url}/api/blasts/media?fileName=${fileName}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'application/octet-stream' },
    body: '%PDF-1.7',
  });
  return ((await answer.json()) as BlastMedia).id;
}

/** One that everybody got, and that ended so many days ago. */
async function past(daysAgo: number, { people = 2, mediaId = null as string | null } = {}): Promise<string> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const phones = await addContacts(where, linked.outlet.id, next, people);
  next += people;
  const body = { outletIds: [linked.outlet.id], message: 'Halo {{nama}} di {{kota}}', audience: { phones }, mediaId };
  const id = await blasts.create(body);
  await blasts.delivered(id);
  await endedAgo(id, daysAgo);
  return id;
}

async function endedAgo(id: string, days: number): Promise<void> {
  await sql(`UPDATE blasts SET finished_at = now() - make_interval(days => $2) WHERE id = $1`, [id, days]);
}

/** How much there is left to read of a blast, whoever has the key. */
async function readable(id: string): Promise<{ message: boolean; media: boolean; contents: number; params: number }> {
  const [row] = await sql<{ message: boolean; media: boolean; contents: number; params: number }>(
    `SELECT message IS NOT NULL AS message, media_id IS NOT NULL AS media,
       (SELECT count(*)::int FROM blast_recipients r WHERE r.blast_id = b.id AND content IS NOT NULL) AS contents,
       (SELECT count(*)::int FROM blast_recipients r WHERE r.blast_id = b.id AND params <> '{}') AS params
     FROM blasts b WHERE id = $1`,
    [id],
  );
  return row!;
}
const ALL = (people: number): unknown => ({ message: true, media: false, contents: people, params: people });
const NOTHING = { message: false, media: false, contents: 0, params: 0 };

async function results(id: string): Promise<unknown> {
  const csv = await fetch(`${koneksi.app.url}/api/blasts/${id}/recipients.csv`, {
    headers: { authorization: `Bearer ${koneksi.token}` },
  });
  const { counts, outlets, recipients } = await blasts.find(id);
  return {
    totals: { counts, outlets, recipients },
    recipients: await blasts.recipients(id),
    csv: await csv.text(),
    audit: await sql('SELECT * FROM blast_audit WHERE blast_id = $1 ORDER BY id', [id]),
    timeline: expectOk(await koneksi.call('GET', `/blasts/${id}/timeline`)),
  };
}

test('what a blast said is removed once it ended long ago; what came of it stays', async () => {
  const mediaId = await upload('lama.pdf');
  const old = await past(91, { mediaId });
  const young = await past(89);
  await sql(`UPDATE blast_media SET uploaded_at = now() - interval '91 days'`);
  await sql(
    `INSERT INTO blast_replies (outlet_id, message_id, blast_id, seq, at, words)
     SELECT $1, 'reply ' || id, id, 1, now(), 'sealed' FROM unnest($2::uuid[]) AS id`,
    [linked.outlet.id, [old, young]],
  );
  const before = await results(old);
  const kept = (await blasts.recipients(young))[0]?.messageId ?? '';
  const gone = (await blasts.recipients(old))[0]?.messageId ?? '';
  expect(await purge()).toBe(1);
  expect(await readable(old)).toEqual(NOTHING);
  expect(await sql('SELECT blast_id FROM blast_replies')).toEqual([{ blast_id: young }]);
  expect(await sql('SELECT FROM blast_media WHERE id = $1', [mediaId])).toEqual([]);
  expect(await results(old)).toEqual(before);
  expect(await blasts.find(old)).toMatchObject({
    message: '',
    excerpt: '',
    media: null,
    purgedAt: expect.any(String),
  } satisfies { [K in keyof Blast]?: unknown });
  // Phones that ask again: one is answered, the other not, and never with something empty.
  expect(await part(SentMessages).find(linked.outlet.id, kept)).toBeInstanceOf(Uint8Array);
  expect(await part(SentMessages).find(linked.outlet.id, gone)).toBeNull();
  expect(await readable(young)).toEqual(ALL(2));
  expect(await blasts.find(young)).toMatchObject({ message: 'Halo {{nama}} di {{kota}}', purgedAt: null });
  expect(await purge()).toBe(0);
});

test('nothing of a purged blast is sent again, and a person is told why', async () => {
  const old = await past(91);
  await sql(`UPDATE blast_recipients SET status = (ARRAY['failed', 'unknown'])[seq] WHERE blast_id = $1`, [old]);
  await sql('UPDATE blast_outlets SET delivered = 0, read = 0, failed = 1, unknown = 1 WHERE blast_id = $1', [old]);
  await purge();
  for (const [verb, body] of [
    ['retry', undefined],
    ['resolve', { as: 'resend' }],
  ] as const)
    expect(await koneksi.call('POST', `/blasts/${old}/${verb}`, { body })).toMatchObject({
      status: 409,
      code: 'BLAST_PURGED',
    });
  // What became of it may still be said.
  await blasts.verb(old, 'resolve', { as: 'sent' });
  expect((await blasts.find(old)).counts).toMatchObject({ sent: 1, failed: 1, queued: 0 });
});

test('a blast that has not ended keeps what it says, however old it is', async () => {
  const [paused, again] = [await past(400), await past(400)];
  await sql(`UPDATE blasts SET status = 'paused' WHERE id = $1`, [paused]);
  // Ended and queued again, a moment before its status says so.
  await sql('UPDATE blast_outlets SET queued = 1, delivered = delivered - 1 WHERE blast_id = $1', [again]);
  expect(await purge()).toBe(0);
  for (const id of [paused, again]) expect(await readable(id)).toEqual(ALL(2));
  await sql('UPDATE blast_outlets SET queued = 0, delivered = delivered + 1 WHERE blast_id = $1', [again]);
  await sql(`UPDATE blasts SET status = 'canceled'`);
  expect(await purge()).toBe(2);
});

test('a file that a younger blast carries too stays with that one', async () => {
  const mediaId = await upload('bersama.pdf');
  const [old, young] = [await past(91, { mediaId }), await past(1, { mediaId })];
  await sql(`UPDATE blast_media SET uploaded_at = now() - interval '91 days'`);
  await purge();
  expect(await readable(old)).toEqual(NOTHING);
  expect((await blasts.find(young)).media?.id).toBe(mediaId);
  await endedAgo(young, 91);
  await purge();
  expect(await sql('SELECT FROM blast_media')).toEqual([]);
});

test('a round that was cut off is taken up by the next, and nobody sends half of it meanwhile', async () => {
  const old = await past(91);
  await sql(`UPDATE blasts SET purged_at = now() WHERE id = $1`, [old]);
  await sql('UPDATE blast_recipients SET content = NULL, params = DEFAULT WHERE blast_id = $1 AND seq = 1', [old]);
  expect((await koneksi.call('POST', `/blasts/${old}/retry`)).code).toBe('BLAST_PURGED');
  expect(await purge()).toBe(1);
  expect(await readable(old)).toEqual(NOTHING);
});

test('many recipients are purged in batches', async () => {
  const old = await past(91);
  await sql(
    `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status, content, params)
     SELECT $1, n, $2, '62811' || n, 'delivered', '\\x00', '{"kota": "Bogor"}' FROM generate_series(3, 2500) n`,
    [old, linked.outlet.id],
  );
  await purge();
  expect(await readable(old)).toEqual(NOTHING);
});

test('whom a canceled blast was never sent to is forgotten with what it said; whom it met is not', async () => {
  const [all, half, before, young, ended] = [
    await past(91),
    await past(91),
    await past(91),
    await past(89),
    await past(91),
  ];
  const skip = (id: string, from: number): Promise<unknown> =>
    sql(
      `UPDATE blast_recipients SET status = 'skipped', reason = 'CANCELED', sending_at = NULL, sent_at = NULL WHERE blast_id = $1 AND seq >= $2`,
      [id, from],
    );
  for (const id of [all, before, young, ended]) await skip(id, 1);
  await skip(half, 2);
  await sql(`UPDATE blasts SET status = 'canceled' WHERE id = ANY ($1)`, [[all, half, before, young]]);
  // As one of before was left, emptied and with its recipients.
  await sql(`UPDATE blasts SET purged_at = now(), message = NULL WHERE id = $1`, [before]);
  const totals = (await blasts.find(all)).recipients;
  expect(await purge()).toBe(4);
  const left = async (id: string): Promise<number> => (await blasts.recipients(id)).length;
  expect(await Promise.all([all, half, before, young, ended].map(left))).toEqual([0, 1, 0, 2, 2]);
  expect(await blasts.find(all)).toMatchObject({ recipients: totals, purgedAt: expect.any(String) });
  expect(
    (
      await fetch(`${koneksi.app.url}/api/blasts/${all}/recipients.csv`, {
        headers: { authorization: `Bearer ${koneksi.token}` },
      })
    ).status,
  ).toBe(200);
  expect(await purge()).toBe(0);
});

test('who may have got a message is kept, though it was sent again and that was canceled', async () => {
  const old = await past(91);
  await sql(`UPDATE blasts SET status = 'paused' WHERE id = $1`, [old]);
  await sql(`UPDATE blast_recipients SET status = 'unknown', sent_at = NULL WHERE blast_id = $1`, [old]);
  await sql('UPDATE blast_outlets SET delivered = 0, read = 0, unknown = 2 WHERE blast_id = $1', [old]);
  await blasts.verb(old, 'resolve', { as: 'resend' });
  await blasts.verb(old, 'cancel');
  await endedAgo(old, 91);
  expect((await blasts.find(old)).counts).toMatchObject({ skipped: 2 });
  expect(await purge()).toBe(1);
  expect(await blasts.recipients(old)).toHaveLength(2);
  expect(await readable(old)).toEqual(NOTHING);
  expect(await purge()).toBe(0);
});

test('how long is a setting, and the round is scheduled', async () => {
  expect([...part(SchedulerRegistry).getIntervals()]).toContain('purge-ended-blasts');
  const old = await past(91);
  await koneksi.pause();
  await koneksi.resume({ BLAST_CONTENT_DAYS: '92' });
  expect(await purge()).toBe(0);
  expect(await readable(old)).toEqual(ALL(2));
});
