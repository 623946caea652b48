import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import type { BlastPage } from '@koneksi/contracts/blasts';
import type { MessageAccepted, SentMessage } from '@koneksi/contracts/messages';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer, type LinkedOutlet } from './support/koneksi.js';

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
async function send(body: object, key?: string): Promise<Answer<MessageAccepted>> {
  const response = await fetch(`${koneksi.app.url}/api/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${koneksi.token}`,
      'content-type': 'application/json',
      ...(key && { 'idempotency-key': key }),
    },
    body: JSON.stringify({ outletId: shop.outlet.id, ...body }),
  });
  const answer = (await response.json()) as MessageAccepted & { error?: { code: string } };
  return { status: response.status, headers: response.headers, body: answer, code: answer.error?.code };
}
const find = async (id: string): Promise<SentMessage> =>
  expectOk(await koneksi.call<SentMessage>('GET', `/messages/${id}`));
const becomes = (id: string, status: string): Promise<SentMessage> =>
  eventually(`message ${id} is ${status}`, async () => {
    const message = await find(id);
    return message.status === status && message;
  });
async function settings(body: object): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}/blast-settings`, { body }));
}

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { BLAST_RECEIPT_WAIT_MS: '500' } });
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta' });
});
afterAll(() => koneksi.stop());

test('one message reaches one person as it was written, with its receipts; the key makes it one', async () => {
  const [phone] = await newContacts(1);
  const body = { phone: `0${phone!.slice(2)}`, text: 'Pesanan {{nama}} siap diambil, Rp{10.000}' };
  const answers = await Promise.all([send(body, 'pesanan-1'), send(body, 'pesanan-1'), send(body, 'pesanan-1')]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  const { id } = answers[0].body;
  expect(new Set(answers.map(({ body: { id: each } }) => each)).size).toBe(1);
  const message = await becomes(id, 'delivered');
  expect(message).toMatchObject({ outletId: shop.outlet.id, reason: null, readAt: null });
  expect(Date.parse(message.deliveredAt!)).toBeGreaterThanOrEqual(Date.parse(message.sentAt!));
  expect(blasts.textsOf(phone!)).toEqual([body.text]);
  expect((await send(body, 'pesanan-1')).headers.get('idempotent-replayed')).toBe('true');
  expect((await send({ ...body, text: 'Lain' }, 'pesanan-1')).code).toBe('IDEMPOTENCY_CONFLICT');
  // A key of a message is none of a blast.
  expect((await send(body)).body.id).not.toBe(id);
});

test('messages are no blasts: no list shows them, and no blast repeats them', async () => {
  const [phone] = await newContacts(1);
  const { id } = expectOk(await send({ phone, text: 'Struk Anda' }));
  await becomes(id, 'delivered');
  const { blasts: listed } = expectOk(await koneksi.call<BlastPage>('GET', '/blasts?limit=100'));
  expect(listed.map((blast) => blast.id)).not.toContain(id);
  expect((await koneksi.call('GET', `/blasts/${id}`)).code).toBe('BLAST_NOT_FOUND');
  expect((await koneksi.call('POST', `/blasts/${id}/cancel`)).code).toBe('BLAST_NOT_FOUND');
  const body = { outletIds: [shop.outlet.id], message: 'Struk Anda', audience: { phones: [phone] } };
  const preview = expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body }));
  expect(preview.repeat).toBeNull();
});

test('a message goes ahead of the blast its outlet is sending, at the same pace', async () => {
  await settings({ paceMinMs: 500, paceMaxMs: 500 });
  // So many that some are left when the message comes.
  const numbers = await newContacts(16);
  const [phone] = await newContacts(1);
  const body = { outletIds: [shop.outlet.id], message: 'Kabar', audience: { phones: numbers } };
  const blast = await blasts.create(body);
  await blasts.becomes(blast, 'it runs', ({ counts }) => counts.queued < 16);
  const letGo = await blasts.holdNext();
  const { id } = expectOk(await send({ phone, text: 'Siap diambil' }));
  const from = Date.now();
  await letGo();
  await becomes(id, 'delivered');
  await blasts.delivered(blast);
  const [at] = (await blasts.begunAt(id)) as [number];
  // What was about to leave may leave before it.
  const others = await blasts.begunAt(blast);
  expect(others.filter((time) => time > from && time < at).length).toBeLessThanOrEqual(1);
  expect(others.filter((time) => time > at).length).toBeGreaterThan(2);
  const times = [...others, at].sort((a, b) => a - b);
  expect(Math.min(...times.slice(1).map((time, index) => time - times[index]!))).toBeGreaterThan(350);
  await settings({ paceMinMs: 0, paceMaxMs: 0 });
});

test('who has had enough gets none; who is not there is told; what is nothing, or nobody’s, is refused', async () => {
  const [out, absent] = await newContacts(2);
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: out, outletId: shop.outlet.id } }));
  expect((await send({ phone: out, text: 'Halo' })).code).toBe('NUMBER_OPTED_OUT');
  koneksi.simulator.unregister(absent!);
  const { id } = expectOk(await send({ phone: absent, text: 'Halo' }));
  expect(await becomes(id, 'skipped')).toMatchObject({ reason: 'NOT_ON_WHATSAPP', sentAt: null });
  for (const wrong of [
    { phone: absent, text: '\u200b' },
    { phone: '12', text: 'Halo' },
    { phone: absent, text: '' },
  ])
    expect((await send(wrong)).code).toBe('VALIDATION_FAILED');
  const { token } = await koneksi.person('USER', [(await koneksi.outlet()).id]);
  const body = { outletId: shop.outlet.id, phone: absent, text: 'Halo' };
  expect((await koneksi.call('POST', '/messages', { body, token })).code).toBe('OUTLET_NOT_FOUND');
  expect((await koneksi.call('GET', `/messages/${id}`, { token })).code).toBe('MESSAGE_NOT_FOUND');
  expect((await koneksi.call('GET', '/messages/abc')).code).toBe('MESSAGE_NOT_FOUND');
});

test('an outlet’s own number is no customer: refused where the caller sees that outlet, and never written to', async () => {
  const [phone] = await newContacts(1);
  const hidden = await koneksi.outlet();
  for (const own of [shop.outlet.whatsappNumber, hidden.whatsappNumber])
    expect(await send({ phone: own, text: 'Halo' })).toMatchObject({ status: 409, code: 'OWN_NUMBER' });
  const { token } = await koneksi.person('USER', [shop.outlet.id]);
  const body = { outletId: shop.outlet.id, phone: hidden.whatsappNumber, text: 'Halo' };
  const { id } = expectOk(await koneksi.call<MessageAccepted>('POST', '/messages', { body, token }));
  expect(await becomes(id, 'skipped')).toMatchObject({ reason: 'OWN_NUMBER', sentAt: null });
  // Of an outlet that is added while it waits.
  await settings({ knownChatsPerDay: 0, newChatsPerDay: 0 });
  const waits = expectOk(await send({ phone, text: 'Halo' }));
  const added = expectOk(
    await koneksi.call<{ id: string }>('POST', '/outlets', { body: { name: 'Baru', whatsappNumber: phone } }),
  );
  await settings({ knownChatsPerDay: 100, newChatsPerDay: 100 });
  expect(await becomes(waits.id, 'skipped')).toMatchObject({ reason: 'OWN_NUMBER' });
  expectOk(await koneksi.call('DELETE', `/outlets/${added.id}`));
});

test('nobody gets more blasts in a week than is set, from whichever outlet; messages to one do not count', async () => {
  const other = await koneksi.linked(await koneksi.dashboard(), { name: 'Bandung' });
  const [often, seldom] = (await newContacts(2)) as [string, string];
  const { token } = await koneksi.person('USER', [shop.outlet.id]);
  expect((await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: 1 }, token })).status).toBe(403);
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: 2 } }));
  expect(expectOk(await koneksi.call('GET', '/blast-policy', { token }))).toMatchObject({
    perWeek: 2,
    confirmStop: true,
    keepReplies: false,
  });
  const blast = (message: string, more: object = {}): object => ({
    outletIds: [other.outlet.id],
    message,
    audience: { phones: [often, seldom] },
    ...more,
  });
  for (const text of ['Satu', 'Dua'])
    await blasts.delivered(
      await blasts.create({ outletIds: [shop.outlet.id], message: text, audience: { phones: [often] } }),
    );
  const { id } = expectOk(await send({ phone: often, text: 'Siap diambil' }));
  await becomes(id, 'delivered');
  // One that is scheduled is asked when it leaves.
  const later = await blasts.create(blast('Nanti', { scheduledAt: '2999-01-01T00:00:00Z' }));
  const preview = expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body: blast('Tiga') }));
  // Counted as of when it is for, as the preview does.
  for (const scheduledAt of [null, '2999-01-01T00:00:00Z']) {
    const { outletIds, audience } = blast('') as Record<string, unknown>;
    const count = await koneksi.call('POST', '/blasts/count', { body: { outletIds, audience, scheduledAt } });
    const foreseen = await koneksi.call<BlastPreview>('POST', '/blasts/preview', {
      body: blast('Tiga', { scheduledAt }),
    });
    expect(expectOk(count)).toMatchObject({ recipients: scheduledAt === null ? 1 : 2 });
    expect(expectOk(foreseen).recipients).toBe(scheduledAt === null ? 1 : 2);
  }
  expect(preview).toMatchObject({ recipients: 1, skipped: { TOO_OFTEN: 1 } });
  const now = await blasts.create(blast('Tiga'));
  expect((await blasts.delivered(now)).counts).toMatchObject({ delivered: 1, skipped: 1 });
  await blasts.verb(later, 'start');
  expect((await blasts.delivered(later)).counts).toMatchObject({ delivered: 1, skipped: 1 });
  expect(await blasts.recipients(later, '&status=skipped')).toMatchObject([{ phone: often, reason: 'TOO_OFTEN' }]);
  await koneksi.database.dataSource.query(`UPDATE blast_recipients SET sending_at = sending_at - interval '8 days'`);
  await blasts.delivered(await blasts.create(blast('Empat')));
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: null } }));
});
