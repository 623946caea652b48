import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { addContacts, Blasts, undoFor } from './support/blasts.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let blasts: Blasts;
let shop: LinkedOutlet;
let other: LinkedOutlet;
let next = 0;

async function newContacts({ outlet }: LinkedOutlet, count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, outlet.id, next, count);
  next += count;
  return numbers;
}
async function settings({ outlet }: LinkedOutlet, body: object): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}/blast-settings`, { body }));
}
const query = (sql: string, values: unknown[] = []): Promise<unknown> => koneksi.database.dataSource.query(sql, values);

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ demo: true, env: { BLAST_PACE_MS: '20-40', BLAST_UNDO_MS: '60000' } }),
    launchBrowser(),
  ]);
  blasts = new Blasts(koneksi);
  const dashboard = await koneksi.dashboard();
  shop = await koneksi.linked(dashboard, { name: 'Jakarta Kemang' });
  other = await koneksi.linked(dashboard, { name: 'Bandung Dago' });
  for (const each of [shop, other]) await settings(each, { quietHours: null, warmUpDays: 0 });
});
beforeEach(() => settings(shop, { newChatsPerDay: 100_000, knownChatsPerDay: 100_000, warmUpDays: 0 }));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const signedIn = async (viewport = WIDE) => {
  const opened = await openPage(browser, viewport);
  await opened.page.emulateMedia({ reducedMotion: 'reduce' });
  await undoFor(opened.page, 0);
  await logIn(opened.page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  return opened;
};
/** From the next load on, what the server pushes waits until it is let go. */
async function heldBoard(page: Page): Promise<{ isHeld: () => boolean; letGo: () => void }> {
  const held: (() => void)[] = [];
  let isHolding = true;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    socket.connectToServer().onMessage((said) => {
      if (isHolding) held.push(() => socket.send(said));
      else socket.send(said);
    });
  });
  return {
    isHeld: () => held.length > 0,
    letGo: () => {
      isHolding = false;
      for (const say of held) say();
    },
  };
}
/** By numbers that are pasted, up to the look before it leaves. */
async function compose(page: Page, message: string, numbers: readonly string[], isPhone = false): Promise<void> {
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId(`pick-${shop.outlet.id}`).check();
  await page.getByTestId('by-hand').click();
  await page.getByTestId('phones').fill(numbers.join('\n'));
  await page.getByTestId('live-count').getByText(String(numbers.length), { exact: true }).waitFor();
  if (isPhone) await page.getByTestId('next').click();
  await page.getByTestId('message').fill(message);
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').waitFor();
}
const openSheet = async (page: Page): Promise<void> => {
  await page.getByTestId('send').click();
  await page.getByTestId('confirm').waitFor();
};
/** In the sheet: the page beneath tells the same. */
const inSheet = (page: Page, alarm: string) => page.locator('mat-dialog-content').getByTestId(`alarm-${alarm}`);
const howManyHave = (numbers: readonly string[], words: string): number[] =>
  numbers.map((number) => blasts.textsOf(number).filter((text) => text.includes(words)).length);
/** A page says that it is over by another way than the one on which it comes to the phones. */
async function eachHasOne(numbers: readonly string[], words: string): Promise<void> {
  await eventually(`each has “${words}”`, () => howManyHave(numbers, words).every((count) => count > 0));
  expect(howManyHave(numbers, words)).toEqual(numbers.map(() => 1));
}

test.each([
  ['phone', PHONE],
  ['wide', WIDE],
] as const)(
  'before many get something for today that takes days, everything about it is seen, on a %s',
  async (name, viewport) => {
    const numbers = await newContacts(shop, 120);
    await query(`UPDATE contacts SET fields = '{}', name = NULL WHERE number = $1`, [numbers[7]]);
    await settings(shop, { newChatsPerDay: 10, warmUpDays: 7 });
    const { context, page, faults } = await signedIn(viewport);
    await compose(page, `Promo {{nama}} di {{kota}} hari ini! ${name}`, numbers, name === 'phone');
    // As loud before the sheet as on it, with why it takes so long and what would be faster.
    const early = page.getByTestId('alarm-says-when');
    await early.getByText(/hari ini.*baru selesai dalam \d+ hari/).waitFor();
    await early.getByText(/percakapan baru sehari.*Lebih cepat/).waitFor();
    await page
      .getByTestId('preview-takes')
      .getByText(/^\d+ hari$/)
      .waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await openSheet(page);
    await inSheet(page, 'says-when').getByText('hari ini').waitFor();
    await page
      .getByTestId('preflight-when')
      .getByText(/selesai dalam \d+ hari/)
      .waitFor();
    await inSheet(page, 'why').getByText('percakapan baru sehari').waitFor();
    await page.getByTestId('preflight-missing').getByText('{{kota}}: 1 penerima').waitFor();
    await page.getByTestId('preflight-tested').getByText('belum dicoba').waitFor();
    await page.getByTestId('preflight-message').getByText('Contoh terburuk').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    // Above a hundred people their number is typed.
    const isRefused = () => page.getByTestId('confirm').isDisabled();
    expect(await isRefused()).toBe(true);
    await page.getByTestId('type-number').fill('12');
    expect(await isRefused()).toBe(true);
    await page.getByTestId('type-number').fill('120');
    await undoFor(page, 60);
    await page.getByTestId('confirm').click();
    await page.waitForURL(/\/blast\/[0-9a-f-]{36}$/);
    // Within some seconds it can be taken back, also after a reload; who wrote it writes on.
    await page.getByTestId('undo-left').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.reload();
    await page.getByTestId('undo').click();
    await page.waitForURL(/\/blast\/new$/);
    if (name === 'phone') await page.getByTestId('next').click();
    expect(await page.getByTestId('message').inputValue()).toContain(`hari ini! ${name}`);
    expect(howManyHave(numbers, name)).toEqual(Array(120).fill(0));
    expect(faults).toEqual([]);
    await context.close();
  },
);

test('an answer that was lost, a reload and an outlet that went away make no second blast of one press', async () => {
  const numbers = await newContacts(shop, 3);
  const { context, page } = await signedIn();
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId(`pick-${shop.outlet.id}`).check();
  await page.getByTestId(`pick-${other.outlet.id}`).check();
  await page.getByTestId('by-hand').click();
  await page.getByTestId('phones').fill(numbers.join('\n'));
  await page.getByTestId('message').fill('Kereta bawah tanah');
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').waitFor();
  await openSheet(page);
  // The train's wi-fi eats the answer, not the request.
  await page.route(
    '**/api/blasts',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await page.getByTestId('confirm').click();
  await page.getByTestId('compose-error').getByText(/\S/).waitFor();
  other.phone.faults.refuseLogin({ reason: '503', times: 1 });
  other.phone.faults.end('drop');
  await eventually('the outlet is away', async () => !(await koneksi.status(other.outlet.id)).healthy);
  // What was written can be looked at before the board came: who can send is the server's to say until then.
  const board = await heldBoard(page);
  await page.reload();
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').waitFor();
  await eventually('the board is held', () => board.isHeld());
  board.letGo();
  await openSheet(page);
  // The page tells of what it does not know to be its own.
  await inSheet(page, 'repeat').waitFor();
  await page.getByTestId('agree-repeat').check();
  await page.getByTestId('confirm').click();
  await page.waitForURL(/\/blast\/[0-9a-f-]{36}$/);
  await page.locator('[data-testid=blast-status][data-status=finished]').waitFor();
  await eachHasOne(numbers, 'Kereta');
  // In another tab the same again is another blast now, and is asked about.
  expect((await koneksi.call<{ blasts: unknown[] }>('GET', '/blasts')).body.blasts).toBeDefined();
  await eventually('the outlet is back', async () => (await koneksi.status(other.outlet.id)).healthy);
  await context.close();
});

test('the same words to the same people are told with who and when, and sent only by one’s own word', async () => {
  const numbers = await newContacts(shop, 4);
  const body = { outletIds: [shop.outlet.id], message: 'Besok tutup', audience: { phones: numbers } };
  await blasts.delivered(await blasts.create(body));
  const { context, page } = await signedIn(PHONE);
  await compose(page, 'besok TUTUP!', numbers, true);
  await openSheet(page);
  await inSheet(page, 'repeat')
    .getByText(/4 dari 4 sudah dikirimi teks ini\. .* dibuat Superadmin .* lalu/)
    .waitFor();
  expect(await accessFaults(page)).toEqual([]);
  expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
  await page.getByTestId('agree-repeat').check();
  await page.getByTestId('confirm').click();
  await page.waitForURL(/\/blast\/[0-9a-f-]{36}$/);
  await page.locator('[data-testid=blast-status][data-status=finished]').waitFor();
  await eachHasOne(numbers, 'TUTUP!');
  await context.close();
});

test('whoever waits for the same words is not said to have them, before the sheet and on it', async () => {
  const numbers = await newContacts(shop, 4);
  const body = { outletIds: [shop.outlet.id], message: 'Lusa tutup', audience: { phones: numbers } };
  const first = await blasts.create({ ...body, scheduledAt: '2999-01-01T09:00' });
  const { context, page } = await signedIn(PHONE);
  await compose(page, 'Lusa tutup', numbers, true);
  const waits = /4 dari 4 masih menunggu teks ini .* belum terkirim/;
  await page.getByTestId('alarm-repeat').getByText(waits).waitFor();
  await openSheet(page);
  await inSheet(page, 'repeat').getByText(waits).waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await context.close();
  await blasts.verb(first, 'cancel');
});

test('who came since the preview is shown before they get anything', async () => {
  await newContacts(other, 3);
  const { context, page } = await signedIn();
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId(`pick-${other.outlet.id}`).check();
  await page.getByTestId('message').fill('Kabar untuk semua');
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').getByText('3', { exact: true }).waitFor();
  const late = await newContacts(other, 5);
  await openSheet(page);
  await page.getByTestId('confirm').click();
  await page.getByTestId('compose-error').getByText('Sejak pratinjau ada yang berubah').waitFor();
  await page.getByTestId('preview-recipients').getByText('8', { exact: true }).waitFor();
  expect(howManyHave(late, 'Kabar')).toEqual(Array(5).fill(0));
  await openSheet(page);
  await page.getByTestId('confirm').click();
  await page.waitForURL(/\/blast\/[0-9a-f-]{36}$/);
  await page.locator('[data-testid=blast-status][data-status=finished]').waitFor();
  await eachHasOne(late, 'Kabar');
  await context.close();
});

test('a scheduled blast is changed, one that is over is used again, and a running one says when it ends', async () => {
  const numbers = await newContacts(shop, 3);
  const body = { outletIds: [shop.outlet.id], message: 'Jam sembilan', audience: { phones: numbers } };
  const times = { scheduledAt: '2999-01-01T09:00', notAfter: '2999-01-01T12:00:00+09:00' };
  const first = await blasts.create({ ...body, ...times });
  const { context, page, faults } = await signedIn();
  await page.goto(`${koneksi.app.url}/blast/${first}`);
  await page.getByTestId('change-blast').click();
  await page.getByTestId('message').fill('Jam sepuluh');
  await page.getByTestId('preview').click();
  expect(await page.getByTestId('scheduled-at').inputValue()).toBe('2999-01-01T09:00');
  // An instant, by the clock of its outlet.
  expect(await page.getByTestId('not-after').inputValue()).toBe('2999-01-01T10:00');
  await page.getByTestId('send-now').check();
  await openSheet(page);
  await page.getByTestId('confirm').click();
  await page.waitForURL(/\/blast\/[0-9a-f-]{36}$/);
  await page.locator('[data-testid=blast-status][data-status=finished]').waitFor();
  expect((await blasts.find(first)).status).toBe('canceled');
  await eachHasOne(numbers, 'Jam');
  await page.getByTestId('use-again').click();
  await page.waitForURL(/\/blast\/new$/);
  expect(await page.getByTestId('message').inputValue()).toBe('Jam sepuluh');
  expect((await page.getByTestId('phones').inputValue()).split('\n')).toHaveLength(3);
  await page.getByTestId('preview').click();
  expect(await page.getByTestId('not-after').inputValue()).toBe('2999-01-01T10:00');
  // What has passed is told, beside times that are named by the outlet's own clock.
  await query(`UPDATE blasts SET not_after = '2020-01-01T08:00' WHERE not_after = '2999-01-01T10:00'`);
  await settings(shop, { zone: 'Asia/Makassar' });
  await page.goBack();
  await page.getByTestId('use-again').click();
  await page.getByTestId('passed-end').getByText('1 Jan 2020').waitFor();
  await page.getByTestId('send-later').check();
  await page.getByText('Menurut jam setempat setiap outlet (WITA).').waitFor();
  await settings(shop, { zone: 'Asia/Jakarta' });
  // Who never answered stays a stranger, and would never be written to.
  for (const number of numbers) await koneksi.simulator.phone(number).send(shop.outlet.whatsappNumber, 'Baik');
  await eventually('they are known', async () => {
    const [row] = await koneksi.database.dataSource.query<{ known: number }[]>(
      'SELECT count(*)::int AS known FROM outlet_chats WHERE number = ANY ($1) AND replied_at IS NOT NULL',
      [numbers],
    );
    return row!.known === numbers.length;
  });
  await settings(shop, { newChatsPerDay: 0, knownChatsPerDay: 1 });
  const slow = await blasts.create({ ...body, message: 'Pelan sekali' });
  await page.goto(`${koneksi.app.url}/blast/${slow}`);
  await page
    .getByTestId('forecast')
    .getByText(/Selesai sekitar .* lagi\..*percakapan lama sehari/)
    .waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await blasts.verb(slow, 'cancel');
  expect(faults).toEqual([]);
  await context.close();
});

test('contacts are picked by name, tags are left out, and braces that are wrong are told while typing', async () => {
  const numbers = await newContacts(shop, 2);
  await query(`UPDATE contacts SET name = 'Ibu Zubaidah', tags = '{karyawan}' WHERE number = $1`, [numbers[0]]);
  const { context, page } = await signedIn();
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId(`pick-${shop.outlet.id}`).check();
  const count = page.getByTestId('live-count').locator('strong');
  await count.waitFor();
  const all = Number((await count.innerText()).replace('.', ''));
  await page.locator('app-tag-picker summary').click();
  await page.getByTestId('except-karyawan').click();
  await count.getByText(String(all - 1), { exact: true }).waitFor();
  await page.getByTestId('by-hand').click();
  await page.locator('app-people-picker app-search-field input').fill('Zubaidah');
  await page.getByTestId('pick-contact').click();
  await page.getByTestId('picked').getByText('Ibu Zubaidah').waitFor();
  await count.getByText('1', { exact: true }).waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('message').fill('Halo {nama}');
  await page.getByTestId('preview').click();
  await page.getByTestId('message-error').getByText('Maksud Anda {{nama}}?').waitFor();
  await page.getByTestId('message').fill('Halo {{nama}}');
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').getByText('1', { exact: true }).waitFor();
  await context.close();
});

test('by hand, what is wrong with whom it goes to stands beside the numbers; a time that has passed, where it is set right', async () => {
  const [number] = (await newContacts(shop, 1)) as [string];
  const { context, page } = await signedIn();
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId(`pick-${shop.outlet.id}`).check();
  await page.getByTestId('by-hand').click();
  await page.getByTestId('message').fill('Halo');
  await page.getByTestId('preview').click();
  await page.getByTestId('phones-error').waitFor();
  await page.getByTestId('phones').fill(`${number}\nIbu Rina Kusumawardani Puspita - ${number}`);
  await page.getByTestId('no-numbers').getByText('Ibu Rina Kusumawardani Puspita').waitFor();
  await page.getByTestId('phones').fill(`${number}\n${'x'.repeat(201)}`);
  await page.getByTestId('preview').click();
  await page.getByTestId('phones-error').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('phones').fill(number);
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').getByText('1', { exact: true }).waitFor();
  await page.getByTestId('send-later').check();
  await page.getByTestId('scheduled-at').fill('2020-01-01T08:00');
  await page.getByTestId('scheduled-at').dispatchEvent('change');
  await page.getByTestId('scheduled-at-error').waitFor();
  // Written on after a reload, there is no preview yet beside which the time could be seen.
  await page.reload();
  await page.getByTestId('preview').click();
  await page.getByTestId('scheduled-at-error').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('send-now').check();
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').waitFor();
  await context.close();
});
