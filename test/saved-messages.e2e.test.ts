import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SavedMessage, SavedMessageList } from '@koneksi/contracts/saved-messages';
import sharp from 'sharp';
import type { Browser } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN, type Answer } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let admin: string;
let user: string;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  const { outlet } = await koneksi.linked(await koneksi.dashboard());
  admin = (await koneksi.person('ADMIN')).token;
  user = (await koneksi.person('USER', [outlet.id])).token;
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const send = (method: string, path: string, body?: object, token = admin): Promise<Answer<unknown>> =>
  koneksi.call(method, `/saved-messages${path}`, { token, ...(body && { body }) });
const create = async (body: object): Promise<SavedMessage> => expectOk(await send('POST', '', body)) as SavedMessage;
const names = async (): Promise<string[]> =>
  ((await send('GET', '')).body as SavedMessageList).items.map(({ name }) => name);
const sql = <T>(text: string, values: unknown[] = []): Promise<T[]> =>
  koneksi.database.dataSource.query<T[]>(text, values);

test('a message is kept under a name, changed, found by everybody, and removed', async () => {
  const { id, ...kept } = await create({ name: 'Promo Jumat', message: 'Halo {{nama}}, besok ada promo' });
  expect(kept).toMatchObject({ name: 'Promo Jumat', message: 'Halo {{nama}}, besok ada promo', media: null });
  expect((await send('GET', '', undefined, user)).body).toMatchObject({ items: [{ id }] });
  const changed = await send('PATCH', `/${id}`, { message: 'Halo {{nama}}, hari ini promo' });
  expect(changed.body).toMatchObject({ name: 'Promo Jumat', message: 'Halo {{nama}}, hari ini promo' });
  expect((await send('DELETE', `/${id}`)).status).toBe(204);
  expect((await send('GET', `/${id}`)).code).toBe('NOT_FOUND');
  expect(await names()).toEqual([]);
});

test('its text is in the database sealed alone', async () => {
  const { id } = await create({ name: 'Rahasia', message: 'Teks yang tidak boleh terbaca' });
  await send('PATCH', `/${id}`, { message: 'Teks lain yang tidak boleh terbaca' });
  const [row] = await sql<{ text: string }>(
    `SELECT b::text || encode(b.message, 'escape') AS text FROM blasts b WHERE id = $1`,
    [id],
  );
  expect(row!.text).not.toContain('tidak boleh');
  await send('DELETE', `/${id}`);
});

test.each<[string, object, string]>([
  ['a name that is taken, in any case', { name: 'promo SENIN', message: 'x' }, 'name'],
  ['nothing to say', { name: 'Kosong', message: '\u200b' }, 'message'],
  ['a near miss of a variable', { name: 'Salah', message: 'Halo {nama}' }, 'message'],
  [
    'a file nobody uploaded',
    { name: 'Gambar', message: '', mediaId: '6d1b0e6e-3a5d-4c6b-9a53-0f9a3f3c9d11' },
    'mediaId',
  ],
  ['no name', { name: ' ', message: 'x' }, 'name'],
])('%s is refused', async (_, body, field) => {
  if (!(await names()).includes('Promo Senin')) await create({ name: 'Promo Senin', message: 'x' });
  expect(await send('POST', '', body)).toMatchObject({ status: 400, body: { error: { fields: [{ field }] } } });
});

test('of two who keep one name at once one is told that it is taken', async () => {
  const answers = await Promise.all([1, 2, 3].map((at) => send('POST', '', { name: 'Serentak', message: `${at}` })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 400, 400]);
});

test('staff use them and change none', async () => {
  expect(await send('POST', '', { name: 'Dari staf', message: 'x' }, user)).toMatchObject({ status: 403 });
  const { id } = await create({ name: 'Bukan staf', message: 'x' });
  for (const method of ['PATCH', 'DELETE'])
    expect(await send(method, `/${id}`, method === 'PATCH' ? { name: 'y' } : undefined, user)).toMatchObject({
      status: 403,
    });
});

test('of two who change it at once, what comes of both is never more than WhatsApp takes', async () => {
  const mediaId = await picture();
  for (let round = 0; round < 5; round++) {
    const { id } = await create({ name: `Berdua ${round}`, message: 'Pendek' });
    const both = [send('PATCH', `/${id}`, { mediaId }), send('PATCH', `/${id}`, { message: 'x'.repeat(1_500) })];
    const answers = await Promise.all(both);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    const { message, media } = (await send('GET', `/${id}`)).body as SavedMessage;
    expect([message.length, media?.id ?? null]).toEqual(answers[0]!.status === 200 ? [6, mediaId] : [1_500, null]);
    await send('DELETE', `/${id}`);
  }
});

test('what is neither text nor file is told as that, and not as too long', async () => {
  const { id } = await create({ name: 'Nanti kosong', message: 'Ada' });
  const emptied = await send('PATCH', `/${id}`, { message: ' ' });
  expect(emptied).toMatchObject({ status: 400, body: { error: { fields: [{ field: 'message' }] } } });
  expect(JSON.stringify(emptied.body)).not.toContain('1.024');
});

async function picture(): Promise<string> {
  const content = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#c33' } })
    .png()
    .toBuffer();
  const uploaded = await fetch(`${koneksi.app.url}/api/blasts/media?fileName=menu.png`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(content),
  });
  return ((await uploaded.json()) as { id: string }).id;
}

test('a picture is kept with it and may be sent by everybody, though nobody uploads it again', async () => {
  const mediaId = await picture();
  const { id, media } = await create({ name: 'Menu', message: 'x'.repeat(1_024), mediaId });
  expect(media).toMatchObject({ id: mediaId, kind: 'image' });
  expect((await koneksi.call('GET', `/blasts/media/${mediaId}`, { token: user })).status).toBe(200);
  expect(await send('PATCH', `/${id}`, { message: 'x'.repeat(1_025) })).toMatchObject({ status: 400 });
  expect((await send('PATCH', `/${id}`, { name: 'Menu baru' })).body).toMatchObject({ media: { id: mediaId } });
  expect((await send('PATCH', `/${id}`, { mediaId: null })).body).toMatchObject({ media: null });
  expect((await koneksi.call('GET', `/blasts/media/${mediaId}`, { token: user })).status).toBe(404);
});

test.each([
  ['key', 'wrapped_key', true],
  ['text', 'message', false],
])(
  'one whose %s is damaged keeps nobody from the others, is renamed by no accident, written anew and removed',
  async (_, column, restarts) => {
    const other = await create({ name: `Utuh ${column}`, message: 'Utuh' });
    const damaged = await create({ name: `Rusak ${column}`, message: 'Yang rusak' });
    const again = await create({ name: `Rusak juga ${column}`, message: 'Yang rusak' });
    // Whoever opened a key remembers it.
    if (restarts) await koneksi.pause();
    await sql(
      `UPDATE blasts SET ${column} = set_byte(${column}, 20, 255 - get_byte(${column}, 20)) WHERE id = ANY ($1)`,
      [[damaged.id, again.id]],
    );
    if (restarts) await koneksi.resume();
    const { items } = expectOk(await send('GET', '')) as SavedMessageList;
    const said = Object.fromEntries(items.map(({ id, message }) => [id, message]));
    expect(said).toMatchObject({ [other.id]: 'Utuh', [damaged.id]: '', [again.id]: '' });

    expect(await send('PATCH', `/${damaged.id}`, { name: 'Lain' })).toMatchObject({
      status: 400,
      body: { error: { fields: [{ field: 'message' }] } },
    });
    expect((await send('PATCH', `/${damaged.id}`, { message: 'Ditulis lagi' })).body).toMatchObject({
      name: `Rusak ${column}`,
      message: 'Ditulis lagi',
    });
    expect((await send('DELETE', `/${again.id}`)).status).toBe(204);
    if (restarts) {
      await koneksi.pause();
      await koneksi.resume();
    }
    expect((await send('GET', `/${damaged.id}`)).body).toMatchObject({ message: 'Ditulis lagi' });
  },
);

test('one whose text is damaged and whose picture is not keeps both when it is renamed', async () => {
  const { id } = await create({ name: 'Gambar utuh', message: 'Yang rusak', mediaId: await picture() });
  await sql('UPDATE blasts SET message = set_byte(message, 20, 255 - get_byte(message, 20)) WHERE id = $1', [id]);
  const before = await sql('SELECT message, media_id FROM blasts WHERE id = $1', [id]);
  expect((await send('PATCH', `/${id}`, { name: 'Gambar lain' })).body).toMatchObject({ name: 'Gambar lain' });
  expect(await sql('SELECT message, media_id FROM blasts WHERE id = $1', [id])).toEqual(before);
});

test.each([
  ['phone', PHONE],
  ['wide', WIDE],
] as const)(
  'an admin keeps what is written, uses it, changes it and removes it, on a %s',
  async (name, viewport) => {
    const { context, page, faults } = await openPage(browser, viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
    await page.goto(`${koneksi.app.url}/blast/new`);
    await page.getByTestId('every-outlet').click();
    const next = page.getByTestId('next');
    if (name === 'phone') await next.click();
    const message = page.getByTestId('message');
    const open = page.getByTestId('saved-messages');
    await message.fill(`Promo {{nama}} ${name}`);
    await open.click();
    await page.getByTestId('keep-message').click();
    await page.getByTestId('saved-name-error').waitFor();
    await page.getByTestId('saved-name').fill(`Promo ${name}`);
    await page.getByTestId('keep-message').click();
    const kept = page.locator(`[data-testid=saved-message][data-name="Promo ${name}"]`);
    await kept.waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByTestId('close-saved').click();
    await message.fill('Lain');
    await open.click();
    await page.getByTestId('saved-name').fill(`PROMO ${name}`);
    await page.getByTestId('keep-message').click();
    await page.getByTestId('confirm').click();
    await kept.getByText('Lain').waitFor();
    await page.getByTestId('close-saved').click();
    await message.fill('Bukan itu');
    await open.click();
    await kept.getByTestId('use-saved').click();
    await eventually('it is used', async () => (await message.inputValue()) === 'Lain');
    expectOk(await send('POST', '', { name: `Tetap ${name}`, message: 'Tetap' }));
    await open.click();
    await kept.getByTestId('rename-saved').click();
    await page.getByTestId('new-name').fill(`tetap ${name}`);
    await page.getByTestId('keep-name').click();
    await page.getByTestId('new-name-error').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByTestId('new-name').fill(`Diskon ${name}`);
    await page.getByTestId('keep-name').click();
    const renamed = page.locator(`[data-testid=saved-message][data-name="Diskon ${name}"]`);
    await renamed.getByText('Lain').waitFor();
    await kept.waitFor({ state: 'detached' });
    await renamed.getByTestId('remove-saved').click();
    await page.getByTestId('confirm').click();
    await renamed.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await context.close();
  },
  120_000,
);
