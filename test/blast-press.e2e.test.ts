import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastPreview, Repeat } from '@koneksi/contracts/blast-preview';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import { addContacts, Blasts, customer } from './support/blasts.js';
import { expectOk, Koneksi, type Answer, type LinkedOutlet } from './support/koneksi.js';

/** A time that never comes while tests run. */
const LATER = '2999-01-01T00:00:00Z';

let koneksi: Koneksi;
let blasts: Blasts;
let jakarta: LinkedOutlet;
let bandung: LinkedOutlet;
let next = 0;

async function newContacts({ outlet }: LinkedOutlet, count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, outlet.id, next, count);
  next += count;
  return numbers;
}
const to = (phones: readonly string[], message: string, more: object = {}): Record<string, unknown> => ({
  outletIds: [jakarta.outlet.id],
  message,
  audience: { phones },
  noWayOut: 'Isi pesan diperiksa kata demi kata',
  ...more,
});
async function press(body: object, key?: string, token = koneksi.token): Promise<Answer<BlastCreated>> {
  const response = await fetch(`${koneksi.app.url}/api/blasts`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as BlastCreated & { error?: { code: string } };
  return { status: response.status, headers: response.headers, body: answer, code: answer.error?.code };
}
const detailsOf = <T>(answer: Answer<unknown>): T => (answer.body as { error: { details: T } }).error.details;
const look = async (body: object): Promise<BlastPreview> =>
  expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body }));
const countBlasts = async (): Promise<number> => {
  const [row] = await koneksi.database.dataSource.query<[{ count: number }]>(
    'SELECT count(*)::int AS count FROM blasts',
  );
  return row.count;
};

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { BLAST_UNDO_MS: '30000' } });
  blasts = new Blasts(koneksi);
  const dashboard = await koneksi.dashboard();
  jakarta = await koneksi.linked(dashboard, { name: 'Jakarta' });
  bandung = await koneksi.linked(dashboard, { name: 'Bandung' });
});
afterAll(() => koneksi.stop());

test('two presses at once without a key, as from two tabs, are one blast and a question', async () => {
  const numbers = await newContacts(jakarta, 6);
  const body = to(numbers, 'Diskon akhir pekan, {{nama}}!');
  const answers = await Promise.all([press(body), press(body), press(body)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  const refused = answers.find(({ status }) => status === 409)!;
  expect(refused.code).toBe('BLAST_REPEATED');
  const { repeat } = detailsOf<{ repeat: Repeat }>(refused);
  const made = answers.find(({ status }) => status === 201)!.body.id;
  expect(repeat).toMatchObject({ people: 6, of: 6, blasts: [{ id: made, people: 6, createdBy: 'Superadmin' }] });
  await blasts.delivered(made);
  expect(numbers.map((number) => blasts.textsOf(number).length)).toEqual([1, 1, 1, 1, 1, 1]);
});

test.each<
  [what: string, again: (numbers: string[]) => Promise<object> | object, told: [people: number, of: number] | null]
>([
  ['words written a little otherwise', (numbers) => to(numbers, '  besok TUTUP, ya'), [4, 4]],
  ['at a later time', (numbers) => to(numbers, 'Besok tutup ya', { scheduledAt: LATER }), [4, 4]],
  [
    'half of them new',
    async (numbers) => to([...numbers, ...(await newContacts(jakarta, 4))], 'Besok tutup ya'),
    [4, 8],
  ],
  ['from another outlet', (numbers) => to(numbers, 'Besok tutup ya', { outletIds: [bandung.outlet.id] }), [4, 4]],
  ['few of many', async (numbers) => to([numbers[0]!, ...(await newContacts(jakarta, 5))], 'Besok tutup ya'), null],
  ['one person alone', (numbers) => to([numbers[0]!], 'Besok tutup ya'), null],
  ['other words', (numbers) => to(numbers, 'Besok buka ya'), null],
])('the same to largely the same people is told before it leaves: %s', async (_, again, told) => {
  const numbers = await newContacts(jakarta, 4);
  const first = await blasts.create(to(numbers, 'Besok tutup, ya!', { repeatAcknowledged: true }));
  await blasts.delivered(first);
  const body = await again(numbers);
  const preview = await look(body);
  const before = await countBlasts();
  const answer = await press(body);
  if (told) {
    expect(preview.repeat).toMatchObject({ people: told[0], of: told[1] });
    expect([answer.status, answer.code]).toEqual([409, 'BLAST_REPEATED']);
    expect(detailsOf(answer)).toMatchObject({ repeat: { people: told[0], of: told[1] } });
    expect(await countBlasts()).toBe(before);
    expectOk(await press({ ...body, repeatAcknowledged: true }));
  } else expectOk(answer);
});

test('what was canceled before anybody had it, and what was said more than a week ago, is no repetition', async () => {
  const numbers = await newContacts(jakarta, 3);
  const canceled = await blasts.create(to(numbers, 'Lupa jamnya', { scheduledAt: LATER }));
  await blasts.verb(canceled, 'cancel');
  const id = await blasts.create(to(numbers, 'Lupa jamnya'));
  await blasts.delivered(id);
  await koneksi.database.dataSource.query(
    `UPDATE blasts SET created_at = now() - interval '8 days', finished_at = now() - interval '8 days' WHERE id = $1`,
    [id],
  );
  expect((await look(to(numbers, 'Lupa jamnya'))).repeat).toBeNull();
  await blasts.delivered(await blasts.create(to(numbers, 'Lupa jamnya')));
});

test('of whom the same words are meant for, it is told how many of them were sent none yet', async () => {
  const numbers = await newContacts(jakarta, 4);
  const waiting = await blasts.create(to(numbers, 'Lusa buka', { scheduledAt: LATER }));
  const again = to(numbers, 'Lusa buka');
  expect((await look(again)).repeat).toMatchObject({ people: 4, waiting: 4 });
  expect(detailsOf(await press(again))).toMatchObject({ repeat: { people: 4, waiting: 4 } });
  await blasts.delivered(await blasts.create(to(numbers.slice(0, 1), 'Lusa buka', { repeatAcknowledged: true })));
  expect((await look(again)).repeat).toMatchObject({ people: 4, waiting: 3 });
  expect(detailsOf(await press(again))).toMatchObject({ repeat: { people: 4, waiting: 3 } });
  await blasts.verb(waiting, 'cancel');
  expect((await look(again)).repeat).toMatchObject({ people: 1, waiting: 0 });
});

test('a USER is told of no blast that reaches none of their outlets', async () => {
  const numbers = await newContacts(jakarta, 2);
  await blasts.delivered(await blasts.create(to(numbers, 'Khusus Jakarta')));
  const { token } = await koneksi.person('USER', [bandung.outlet.id]);
  const body = to(numbers, 'Khusus Jakarta', { outletIds: [bandung.outlet.id] });
  const preview = expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body, token }));
  expect(preview.repeat).toBeNull();
});

test.each<[what: string, more: object]>([
  ['another preview', { previewId: null }],
  ['the repetition acknowledged', { repeatAcknowledged: true }],
  ['another time to take it back', { undoSeconds: 1 }],
])('the key is the intention’s: with %s it is the same press', async (_, more) => {
  const numbers = await newContacts(jakarta, 2);
  const body = to(numbers, 'Satu niat');
  const { previewId } = await look(body);
  const key = `niat-${numbers[0]}`;
  const first = expectOk(await press({ ...body, previewId, repeatAcknowledged: true }, key));
  await blasts.delivered(first.id);
  expect(expectOk(await press({ ...body, ...more }, key))).toEqual(first);
  // An outlet that was lost meanwhile changes nothing about what was meant.
  expect((await press({ ...body, message: 'Niat lain' }, key)).code).toBe('IDEMPOTENCY_CONFLICT');
  expect(numbers.map((number) => blasts.textsOf(number).filter((text) => text === 'Satu niat').length)).toEqual([1, 1]);
});

test.each<[what: string, change: (numbers: string[]) => Promise<unknown>]>([
  ['more people', () => newContacts(jakarta, 5)],
  [
    'one more and one less',
    async (numbers) => {
      await newContacts(jakarta, 1);
      await koneksi.database.dataSource.query('DELETE FROM contacts WHERE number = $1', [numbers[0]]);
    },
  ],
  [
    'somebody who had enough',
    (numbers) =>
      koneksi.call('POST', '/opt-outs', { body: { phone: numbers[1], outletId: jakarta.outlet.id } }).then(expectOk),
  ],
])(
  'what was agreed to is what is sent: with %s since, nothing is, and the new numbers are told',
  async (what, change) => {
    const numbers = await newContacts(jakarta, 3);
    const body = { outletIds: [jakarta.outlet.id], message: `Disetujui, ${what}`, audience: 'all' };
    const agreed = await look(body);
    await change(numbers);
    const before = await countBlasts();
    const answer = await press({ ...body, previewId: agreed.previewId });
    expect([answer.status, answer.code]).toEqual([409, 'PREVIEW_OUTDATED']);
    expect(await countBlasts()).toBe(before);
    const { preview } = detailsOf<{ preview: BlastPreview }>(answer);
    const { id } = expectOk(await press({ ...body, previewId: preview.previewId }));
    const { counts } = await blasts.find(id);
    expect(counts.queued + counts.sending + counts.sent + counts.delivered + counts.read).toBe(preview.recipients);
    await blasts.delivered(id);
  },
);

test('a preview of other words, of another person, or made up is none', async () => {
  const numbers = await newContacts(jakarta, 2);
  const body = to(numbers, 'Kata lain');
  const { previewId } = await look(body);
  const { token } = await koneksi.person('ADMIN');
  const codes = [
    await press({ ...body, message: 'Kata yang lain lagi', previewId }),
    await press({ ...body, previewId }, undefined, token),
    await press({ ...body, previewId: 'abc-123' }),
    await press({ ...body, scheduledAt: LATER, previewId }),
  ].map(({ code }) => code);
  expect(codes).toEqual(Array(4).fill('PREVIEW_OUTDATED'));
});

test('contacts that are gone, or another outlet’s, are told as skipped', async () => {
  const [mine] = await newContacts(jakarta, 1);
  const [theirs] = await newContacts(bandung, 1);
  const ids = await koneksi.database.dataSource.query<{ id: string }[]>(
    'SELECT id FROM contacts WHERE number = ANY ($1) ORDER BY number',
    [[mine, theirs]],
  );
  const contactIds = [...ids.map(({ id }) => id), '00000000-0000-4000-8000-000000000000'];
  const body = { outletIds: [jakarta.outlet.id], message: 'Terpilih', audience: { contactIds } };
  expect(await look(body)).toMatchObject({ recipients: 1, skipped: { CONTACT_GONE: 2 } });
  const { skippedAtStart } = await blasts.find(await blasts.create(body));
  expect(skippedAtStart).toEqual({ CONTACT_GONE: 2 });
});

test('a press can be taken back for as long as was asked, also after a restart; then it goes out', async () => {
  const numbers = await newContacts(jakarta, 3);
  const regretted = await blasts.create(to(numbers, 'Salah kirim', { undoSeconds: 60 }));
  const held = await blasts.find(regretted);
  expect(held).toMatchObject({ status: 'scheduled', scheduledAt: null, startedAt: null, counts: { queued: 3 } });
  // No longer than the environment allows.
  expect(Date.parse(held.undoUntil!) - Date.parse(held.createdAt)).toBe(30_000);
  await blasts.verb(regretted, 'cancel');
  const meant = await blasts.create(to(numbers, 'Benar kirim', { undoSeconds: 1 }));
  await koneksi.pause();
  await koneksi.resume();
  const { startedAt, undoUntil, createdAt } = await blasts.delivered(meant);
  expect(Date.parse(startedAt!) - Date.parse(createdAt)).toBeGreaterThanOrEqual(1_000);
  expect(undoUntil).toBeNull();
  expect(numbers.flatMap((number) => blasts.textsOf(number))).toEqual(Array(3).fill('Benar kirim'));
});

test('a scheduled blast is changed by one that stands for it; one that has begun is not', async () => {
  const numbers = await newContacts(jakarta, 2);
  const body = to(numbers, 'Jam 9', { scheduledAt: LATER });
  const first = await blasts.create(body);
  // The same words to the same people, since it stands for them.
  const second = await blasts.create({ ...body, replaces: first, scheduledAt: '2998-01-01T00:00:00Z' });
  expect(await blasts.find(first)).toMatchObject({ status: 'canceled', counts: { queued: 0, skipped: 2 } });
  await blasts.verb(second, 'start');
  await blasts.delivered(second);
  expect((await press({ ...body, message: 'Jam 10', replaces: second })).code).toBe('BLAST_STARTED');
  expect((await press({ ...body, replaces: '00000000-0000-4000-8000-000000000000' })).code).toBe('BLAST_NOT_FOUND');
  expect(numbers.map((number) => blasts.textsOf(number))).toEqual([['Jam 9'], ['Jam 9']]);
});

test('whoever is not written to twice for a repetition is nobody’s number told aloud', () => {
  expect(koneksi.logged.join('')).not.toContain(customer(0));
});
