import type { RecipientChanges, RecipientPage } from '@koneksi/contracts/blast-recipients';
import type { BlastProgress } from '@koneksi/contracts/blasts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let other: LinkedOutlet;
let next = 0;

async function people(count: number, outletId = shop.outlet.id): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, outletId, next, count);
  next += count;
  return numbers;
}
async function sent(message: string, phones: string[], outletIds = [shop.outlet.id]): Promise<string> {
  const id = await blasts.create({ outletIds, message, audience: { phones } });
  await blasts.delivered(id);
  return id;
}
const writes = (number: string, text: string, more?: { quotes?: string }, to = shop): Promise<unknown> =>
  koneksi.simulator.phone(number).send(to.outlet.whatsappNumber, text, more);
const repliers = async (id: string): Promise<string[]> =>
  (await blasts.recipients(id, '&replied=true')).map(({ phone }) => phone).sort();
const messageOf = async (id: string, number: string): Promise<string> =>
  (await blasts.recipients(id)).find(({ phone }) => phone === number)!.messageId!;
const hasReplies = (id: string, count: number) =>
  blasts.becomes(id, `${count} replied`, ({ replied }) => replied === count);
/** Whatever came before it is processed once this is: an outlet's mail is read in order. */
async function settled(to = shop): Promise<void> {
  const [last] = await people(1, to.outlet.id);
  const id = await sent(`Penutup ${last}`, [last!], [to.outlet.id]);
  await writes(last!, 'sudah', {}, to);
  await hasReplies(id, 1);
}

/** What is listed of a blast, in the order of recipients. */
async function wordsOf(id: string): Promise<(string | undefined)[][]> {
  const page = expectOk(await koneksi.call<RecipientPage>('GET', `/blasts/${id}/recipients`));
  return page.recipients.flatMap(({ phone, replies }) => replies.map(({ text }) => [phone, text]));
}

/** In no table and no line of the log. */
async function expectNowhere(text: string): Promise<void> {
  const tables = await koneksi.database.dataSource.query<{ name: string }[]>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  for (const { name } of tables) {
    const [row] = await koneksi.database.dataSource.query<{ found: boolean }[]>(
      `SELECT EXISTS (SELECT FROM ${name} AS t WHERE t::text LIKE '%' || $1 || '%') AS found`,
      [text],
    );
    expect({ name, found: row?.found }).toEqual({ name, found: false });
  }
  expect(koneksi.logged.join('')).not.toContain(text);
}

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  const dashboard = await koneksi.dashboard();
  shop = await koneksi.linked(dashboard, { name: 'Bandung' });
  other = await koneksi.linked(dashboard, { name: 'Cimahi' });
});
afterAll(() => koneksi.stop());

test('who answers is counted once, by words, pictures and stickers alike, and pushed', async () => {
  const [talks, sticks, silent] = await people(3);
  const id = await sent('Promo pagi', [talks!, sticks!, silent!]);
  const dashboard = await koneksi.dashboard();
  const progress: BlastProgress[] = [];
  const rows: RecipientChanges[] = [];
  dashboard.socket.on('blast:progressed', (each: BlastProgress) => progress.push(each));
  dashboard.socket.on('blast-recipients:changed', (each: RecipientChanges) => rows.push(each));
  await dashboard.socket.emitWithAck('blast:watch', { blastId: id });
  await writes(talks!, 'Masih ada?');
  await writes(talks!, 'Halo?');
  await writes(sticks!, '');
  const blast = await hasReplies(id, 2);
  expect(blast.outlets.map(({ replied }) => replied)).toEqual([2]);
  expect(blast.counts.delivered).toBe(3);
  expect(await repliers(id)).toEqual([talks!, sticks!].sort());
  expect((await blasts.recipients(id, '&replied=false')).map(({ phone }) => phone)).toEqual([silent]);
  await eventually('the counter is pushed', () => progress.some((each) => each.blastId === id && each.replied === 2));
  await eventually('the rows are pushed', () =>
    [talks, sticks].every((number) =>
      rows.some(({ recipients }) => recipients.some(({ phone, repliedAt }) => phone === number && repliedAt)),
    ),
  );
  await settled();
  expect((await blasts.find(id)).replied).toBe(2);
  const file = await fetch(`${koneksi.app.url}/api/blasts/${id}/recipients.csv`, {
    headers: { authorization: `Bearer ${koneksi.token}`, 'accept-language': 'en' },
  });
  expect((await file.text()).split('\n')[0]).toContain('replied');
});

test('an answer belongs to what it quotes, or else to the latest of that outlet', async () => {
  const [quotes, plain, twice] = await people(3);
  const numbers = [quotes!, plain!, twice!];
  const first = await sent('Kabar pertama', numbers);
  const second = await sent('Kabar kedua', numbers);
  await writes(quotes!, 'untuk yang pertama', { quotes: await messageOf(first, quotes!) });
  await writes(plain!, 'untuk yang terakhir');
  await writes(twice!, 'dua', { quotes: await messageOf(second, twice!) });
  await writes(twice!, 'satu', { quotes: await messageOf(first, twice!) });
  await hasReplies(first, 2);
  await hasReplies(second, 2);
  await settled();
  expect(await repliers(first)).toEqual([quotes!, twice!].sort());
  expect(await repliers(second)).toEqual([plain!, twice!].sort());
});

test('nobody answers for another, for another outlet, or before they were asked', async () => {
  const [early, target, stranger] = await people(3);
  await writes(early!, 'Halo dulu');
  await settled();
  const id = await sent('Undangan', [early!, target!]);
  // Somebody else's message, forwarded by whoever quotes it; and the right person, at the wrong outlet.
  await writes(stranger!, 'saya juga', { quotes: await messageOf(id, target!) });
  await writes(target!, 'ke outlet lain', {}, other);
  await settled();
  await settled(other);
  expect((await blasts.find(id)).replied).toBe(0);
});

test('whoever WhatsApp names by LID alone counts by the quote at once, or once the number is known', async () => {
  const [quotes, waits] = await people(2);
  const id = await sent('Dari LID', [quotes!, waits!]);
  const message = await messageOf(id, quotes!);
  // As after a new link: what was learned while sending is gone.
  await koneksi.database.dataSource.query('DELETE FROM known_numbers');
  await koneksi.pause();
  await koneksi.database.dataSource.query(`DELETE FROM wa_signal_key WHERE kind = 'lid-mapping'`);
  await koneksi.resume();
  await eventually('it is back', async () => (await koneksi.status(shop.outlet.id)).healthy);
  for (const number of [quotes!, waits!]) {
    const phone = koneksi.simulator.phone(number);
    phone.addressing = 'lid';
    phone.hidesNumber = true;
  }
  await writes(quotes!, 'ya', { quotes: message });
  await writes(waits!, 'ya juga');
  await hasReplies(id, 1);
  await eventually('the other waits', async () => {
    const [row] = await koneksi.database.dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int FROM pending_replies',
    );
    return row?.count === 1;
  });
  // Who quotes what they have answered before answers nothing else by it.
  await writes(quotes!, 'ya, ya', { quotes: message });
  const later = await sent('Dan lagi', [quotes!]);
  await hasReplies(id, 1);
  expect((await blasts.find(later)).replied).toBe(0);
  // Writing to them teaches the number.
  await sent('Sekali lagi', [waits!]);
  await hasReplies(id, 2);
  const [left] = await koneksi.database.dataSource.query<{ count: number }[]>(
    'SELECT count(*)::int FROM pending_replies',
  );
  expect(left?.count).toBe(0);
});

test('another message goes to whom the first did not reach, who did not read or did not answer, and to nobody else', async () => {
  const [answers, reads, gets, away, leaves, gone] = await people(6);
  const numbers = [answers!, reads!, gets!, away!, leaves!, gone!];
  const phone = (number: string) => koneksi.simulator.phone(number);
  phone(reads!).receipts = 'read';
  phone(away!).setOnline(false);
  const id = await blasts.create({ outletIds: [shop.outlet.id], message: 'Ajakan', audience: { phones: numbers } });
  await blasts.becomes(id, 'all but the absent have it', ({ status, counts }) => {
    return status === 'finished' && counts.sent === 1 && counts.read === 1;
  });
  await writes(answers!, 'mau');
  await hasReplies(id, 1);
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: leaves, outletId: shop.outlet.id } }));
  const [contact] = await koneksi.database.dataSource.query<{ id: string }[]>(
    'SELECT id FROM contacts WHERE number = $1',
    [gone],
  );
  expectOk(await koneksi.call('DELETE', `/contacts/${contact!.id}`));
  const meant = { undelivered: [away!], unread: [gets!, away!], unanswered: [reads!, gets!, away!] };
  for (const [who, expected] of Object.entries(meant)) {
    const follow = await blasts.create({
      outletIds: 'all',
      message: `Lagi, ${who}`,
      audience: { ofBlast: { blastId: id, who } },
      scheduledAt: '2999-01-01T00:00:00Z',
    });
    const queued = await blasts.recipients(follow, '&status=queued');
    expect({ who, numbers: queued.map((row) => row.phone).sort() }).toEqual({ who, numbers: expected.sort() });
    expect((await blasts.find(follow)).audience).toMatchObject({ kind: 'ofBlast', ofBlast: { blastId: id, who } });
    if (who !== 'unanswered') await blasts.verb(follow, 'cancel');
    else {
      await writes(gets!, 'baru sempat');
      await hasReplies(id, 2);
      await blasts.verb(follow, 'start');
      await blasts.becomes(follow, 'it is over', ({ status }) => status === 'finished');
      const rows = await blasts.recipients(follow);
      expect(rows.find((row) => row.phone === gets)?.reason).toBe('LEFT_AUDIENCE');
      expect(blasts.textsOf(reads!)).toContain('Lagi, unanswered');
      expect(blasts.textsOf(gets!)).toEqual(['Ajakan']);
    }
  }
  const body = {
    outletIds: [other.outlet.id],
    message: 'Bukan milik',
    audience: { ofBlast: { blastId: id, who: 'unread' } },
  };
  for (const path of ['/blasts/preview', '/blasts'])
    expect(await koneksi.call('POST', path, { body })).toMatchObject({
      status: 404,
      body: { error: { code: 'BLAST_NOT_FOUND' } },
    });
});

test('what people wrote is told where it is kept, sealed, by message, and pushed to nobody', async () => {
  const [number, hidden] = await people(2);
  const id = await sent('Ukuran apa?', [number!, hidden!]);
  await writes(number!, 'sebelum-dinyalakan');
  await hasReplies(id, 1);
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { keepReplies: true } }));
  const dashboard = await koneksi.dashboard();
  const pushed: unknown[] = [];
  dashboard.socket.onAny((...all: unknown[]) => pushed.push(all));
  await dashboard.socket.emitWithAck('blast:watch', { blastId: id });
  await writes(number!, 'kata-pertama\u202e\nyang merah');
  await writes(number!, '');
  await writes(number!, 'kata-kedua');
  await koneksi.database.dataSource.query('DELETE FROM known_numbers');
  await writes(hidden!, 'kata-ketiga');
  await hasReplies(id, 2);
  await eventually('all of it is kept', async () => (await wordsOf(id)).length === 3);
  expect(await wordsOf(id)).toEqual([
    [number, 'kata-pertama\nyang merah'],
    [number, 'kata-kedua'],
    [hidden, 'kata-ketiga'],
  ]);
  await eventually('that there is news is pushed', () => JSON.stringify(pushed).includes('blast-recipients:changed'));
  expect(JSON.stringify(pushed)).not.toContain('kata-');
  await expectNowhere('kata-');
  await expectNowhere('sebelum-dinyalakan');
  const file = await koneksi.call<{ about: Record<string, { text?: string }[]> }>('GET', `/customers/${number}/data`);
  expect(expectOk(file).about.replies?.map(({ text }) => text)).toEqual(['kata-pertama\nyang merah', 'kata-kedua']);
  const erased = await koneksi.call('POST', `/customers/${number}/erase`, { body: { confirm: number } });
  expect(erased).toMatchObject({ status: 200, body: { erased: { replies: 2 } } });
  expect(await wordsOf(id)).toEqual([[hidden, 'kata-ketiga']]);
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { keepReplies: false } }));
  await writes(hidden!, 'sesudah-dimatikan');
  await settled();
  expect(await wordsOf(id)).toEqual([[hidden, 'kata-ketiga']]);
});

test('what people answered is nowhere, unless somebody switched on that it is kept', async () => {
  const [number] = await people(1);
  const id = await sent('Rahasia?', [number!]);
  await writes(number!, 'kata-sandi-pelanggan');
  await hasReplies(id, 1);
  await expectNowhere('kata-sandi-pelanggan');
});
