import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { request, type ClientRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { TestBlastAnswer } from '@koneksi/contracts/blast-requests';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { GREEN_FILM } from './support/green-film.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let blasts: Blasts;
let linked: LinkedOutlet;

let picture: Buffer;
const DOCUMENT = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(300_001)]);

/** A photograph of noise, so that it stays as large as one. */
const noise = (width: number, height: number) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });

beforeAll(async () => {
  picture = await noise(400, 300).jpeg().toBuffer();
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  linked = await koneksi.linked(await koneksi.dashboard());
});
afterAll(() => koneksi.stop());

async function upload(fileName: string, content: Buffer): Promise<BlastMedia> {
  const answer = await fetch(`${koneksi.app.url}/api/blasts/media?fileName=${encodeURIComponent(fileName)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(content),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as BlastMedia;
}

async function download(id: string): Promise<Buffer> {
  const headers = { authorization: `Bearer ${koneksi.token}` };
  return Buffer.from(await (await fetch(`${koneksi.app.url}/api/blasts/media/${id}`, { headers })).arrayBuffer());
}

/** What the product says of a file it does not take. */
async function refusal(fileName: string, content: Buffer): Promise<unknown> {
  const answer = await fetch(`${koneksi.app.url}/api/blasts/media?fileName=${encodeURIComponent(fileName)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(content),
  });
  const body = (await answer.json()) as { error?: { fields?: unknown[] } };
  return [answer.status, body.error?.fields];
}

const newContacts = (first: number, count: number): Promise<string[]> =>
  addContacts(
    { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource },
    linked.outlet.id,
    first,
    count,
  );
const uploads = (): number => koneksi.simulator.counters()['mediaUploads'] ?? 0;

test.each([
  ['picture', 'promo.jpg', () => picture, { kind: 'image', mimeType: 'image/jpeg', fileName: null }],
  [
    'document',
    'Daftar harga.pdf',
    () => DOCUMENT,
    { kind: 'document', mimeType: 'application/pdf', fileName: 'Daftar harga.pdf' },
  ],
] as const)(
  'a %s arrives as it was kept, with the message as its caption; one upload serves all',
  async (what, name, make, shown) => {
    const content = make();
    const numbers = await newContacts(what === 'picture' ? 0 : 100, 20);
    const { id: mediaId } = await upload(name, content);
    const kept = await download(mediaId);
    const before = uploads();
    const id = await blasts.create({
      outletIds: [linked.outlet.id],
      message: 'Untuk {{nama}}',
      mediaId,
      audience: { phones: numbers },
    });
    await blasts.delivered(id);
    for (const number of numbers) {
      const [message, ...more] = koneksi.simulator.phone(number).inbox;
      expect(more).toEqual([]);
      expect(message).toMatchObject({ text: `Untuk Pelanggan ${number.slice(-3)}`, file: shown });
      expect(message?.file?.content.equals(kept)).toBe(true);
    }
    expect(uploads() - before).toBe(1);
  },
);

test('a test message brings its file too', async () => {
  const phone = koneksi.simulator.phone('628777999001');
  const { id: mediaId } = await upload('promo.jpg', picture);
  const body = { outletId: linked.outlet.id, phone: phone.number, message: 'Coba', mediaId, noWayOut: 'uji coba' };
  expectOk(await koneksi.call<TestBlastAnswer>('POST', '/blasts/test', { body }));
  const message = await eventually('the phone shows it', () => phone.inbox[0]);
  expect(message).toMatchObject({ text: 'Coba', file: { kind: 'image' } });
  expect(message.file?.content.equals(await download(mediaId))).toBe(true);
});

test('a link goes with what the message says of it, made without asking anybody', async () => {
  const phone = koneksi.simulator.phone('628777999002');
  const message = 'Katalog Lebaran: https://toko.example/lebaran?dari=wa';
  const body = { outletId: linked.outlet.id, phone: phone.number, message, noWayOut: 'uji coba' };
  expectOk(await koneksi.call<TestBlastAnswer>('POST', '/blasts/test', { body }));
  const shown = await eventually('the phone shows it', () => phone.inbox[0]);
  expect(shown).toMatchObject({
    text: message,
    preview: {
      matchedText: 'https://toko.example/lebaran?dari=wa',
      title: 'Katalog Lebaran',
      description: 'toko.example/lebaran',
    },
  });
});

async function illustrate(id: string, content: Buffer, token = koneksi.token): Promise<number> {
  const answer = await fetch(`${koneksi.app.url}/api/blasts/media/${id}/thumbnail`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(content),
  });
  return answer.status;
}

test('a film goes with its length, its shape and the picture that shows it', async () => {
  const phone = koneksi.simulator.phone('628777999003');
  const { id: mediaId } = await upload('iklan.mp4', GREEN_FILM);
  const photograph = await noise(1600, 900)
    .jpeg()
    .withExif({ IFD0: { Model: 'Telepon' } })
    .toBuffer();
  expect(await illustrate(mediaId, photograph)).toBe(204);
  const body = { outletId: linked.outlet.id, phone: phone.number, message: 'Coba', mediaId, noWayOut: 'uji coba' };
  expectOk(await koneksi.call<TestBlastAnswer>('POST', '/blasts/test', { body }));
  const message = await eventually('the phone shows it', () => phone.inbox[0]);
  expect(message.file).toMatchObject({ kind: 'video', film: { seconds: 2, width: 160, height: 90 } });
  const shown = (film: Buffer): Buffer => film.subarray(film.indexOf('mdat'));
  expect(shown(message.file!.content).equals(shown(GREEN_FILM))).toBe(true);
  const thumbnail = message.file!.film!.thumbnail!;
  expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'jpeg', width: 120, height: 67 });
  expect(thumbnail.length).toBeLessThan(8_000);
  expect(thumbnail.includes('Telepon')).toBe(false);
});

test("what shows a film is a picture, of one's own film, while no blast carries it", async () => {
  const { id: film } = await upload('iklan.mp4', GREEN_FILM);
  const { id: still } = await upload('promo.jpg', picture);
  const { token: colleague } = await koneksi.person('USER', [linked.outlet.id]);
  expect(await illustrate(film, picture, colleague)).toBe(404);
  expect(await illustrate(still, picture)).toBe(404);
  expect(await illustrate('bukan-id', picture)).toBe(404);
  expect(await illustrate(film, Buffer.from('bukan gambar'))).toBe(400);
  expect(await illustrate(film, GREEN_FILM)).toBe(400);
  expect(await illustrate(film, Buffer.alloc(1024 * 1024 + 1))).toBe(413);
  expect(await illustrate(film, picture)).toBe(204);
  await blasts.create({
    outletIds: [linked.outlet.id],
    message: 'Tonton',
    mediaId: film,
    audience: { phones: await newContacts(950, 1) },
    scheduledAt: '2999-01-01T00:00:00Z',
  });
  expect(await illustrate(film, picture)).toBe(404);
});

test('who uploaded a file gets it back, and nobody else does before a blast carries it', async () => {
  const { id } = await upload('promo.jpg', picture);
  const read = (token: string): Promise<Response> =>
    fetch(`${koneksi.app.url}/api/blasts/media/${id}`, { headers: { authorization: `Bearer ${token}` } });
  const answer = await read(koneksi.token);
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width).toBe(400);
  const { token } = await koneksi.person('ADMIN');
  expect((await read(token)).status).toBe(404);
});

test("a colleague's blast is used again with its picture, by whoever may see it", async () => {
  const { id: mediaId } = await upload('menu.jpg', picture);
  const body = {
    outletIds: [linked.outlet.id],
    message: 'Menu baru',
    mediaId,
    audience: { phones: await newContacts(900, 1) },
  };
  const id = await blasts.create(body);
  const other = expectOk(
    await koneksi.call<{ id: string }>('POST', '/outlets', { body: { name: 'Lain', whatsappNumber: '6287700009901' } }),
  );
  const ask = async (token: string, path: string, sent?: object): Promise<number> =>
    (await koneksi.call(sent ? 'POST' : 'GET', path, { token, ...(sent && { body: sent }) })).status;
  const mine = { ...body, repeatAcknowledged: true };
  const { token: colleague } = await koneksi.person('USER', [linked.outlet.id]);
  expect(await ask(colleague, `/blasts/media/${mediaId}`)).toBe(200);
  expect(await ask(colleague, '/blasts/preview', body)).toBe(200);
  expect(await ask(colleague, '/blasts', mine)).toBe(201);
  const { token: elsewhere } = await koneksi.person('USER', [other.id]);
  expect(await ask(elsewhere, `/blasts/media/${mediaId}`)).toBe(404);
  expect(await ask(elsewhere, '/blasts/preview', { ...body, outletIds: [other.id] })).toBe(400);
  await koneksi.database.dataSource.query('UPDATE blasts SET purged_at = now() WHERE media_id = $1', [mediaId]);
  expect(await ask(colleague, `/blasts/media/${mediaId}`)).toBe(404);
  await koneksi.database.dataSource.query('UPDATE blasts SET purged_at = NULL WHERE id = $1', [id]);
});

test('a file is called after what it is, whatever it was called', async () => {
  expect(await upload('../x\u202Efdp.exe', DOCUMENT)).toMatchObject({ fileName: 'xfdp.pdf' });
});

test('of files without a blast a person keeps ten, and files of blasts stay', async () => {
  const { id: used } = await upload('dipakai.pdf', DOCUMENT);
  await blasts.create({
    outletIds: [linked.outlet.id],
    message: '',
    mediaId: used,
    audience: { phones: await newContacts(200, 1) },
  });
  const names: string[] = [];
  for (let nth = 1; nth <= 12; nth++) names.push((await upload(`${nth}.pdf`, Buffer.from('%PDF-1.7'))).fileName);
  const kept = await koneksi.database.dataSource.query<{ file_name: string }[]>(
    `SELECT file_name FROM blast_media m WHERE NOT EXISTS (SELECT FROM blasts b WHERE b.media_id = m.id)
     ORDER BY uploaded_at`,
  );
  expect(kept.map(({ file_name: name }) => name)).toEqual(names.slice(-10));
  const rows = await koneksi.database.dataSource.query<unknown[]>('SELECT FROM blast_media WHERE id = $1', [used]);
  expect(rows).toHaveLength(1);
});

test('of many uploads at once by one person some wait, and the others are refused', async () => {
  const statuses: number[] = [];
  const open: ClientRequest[] = [];
  const answers = Array.from({ length: 8 }, () => {
    const headers = { authorization: `Bearer ${koneksi.token}`, 'content-type': 'application/octet-stream' };
    const sending = request(`${koneksi.app.url}/api/blasts/media?fileName=x.pdf`, { method: 'POST', headers });
    sending.write('%PDF-1.7');
    open.push(sending);
    return new Promise<void>((resolve, reject) => {
      sending.on('error', reject).on('response', (response) => {
        statuses.push(response.statusCode ?? 0);
        response.resume().on('end', resolve);
      });
    });
  });
  await eventually('those too many are refused', () => statuses.length === 2);
  expect(statuses).toEqual([429, 429]);
  for (const sending of open) sending.end();
  await Promise.all(answers);
  expect(statuses.slice(2)).toEqual(Array(6).fill(201));
});

test('whoever does not read a file has one in our memory, and keeps nobody else from theirs', async () => {
  const { id } = await upload('besar.pdf', Buffer.concat([DOCUMENT, Buffer.alloc(8_000_000)]));
  const url = `${koneksi.app.url}/api/blasts/media/${id}`;
  const headers = { authorization: `Bearer ${koneksi.token}` };
  const slow: ClientRequest[] = [];
  // Its answer begins and is never read.
  const begun = new Promise<void>((resolve) => slow.push(request(url, { headers }, () => resolve()).end()));
  await begun;
  const refused = new Promise<number | undefined>((resolve) => {
    for (let more = 0; more < 6; more++)
      slow.push(request(url, { headers }, ({ statusCode }) => resolve(statusCode)).end());
  });
  expect(await refused).toBe(429);
  const other = await koneksi.person('ADMIN');
  expect((await koneksi.call('GET', `/blasts/media/${id}`, { token: other.token })).status).toBe(404);
  for (const each of slow) each.on('error', () => undefined).destroy();
});

test('a photograph from a phone leaves upright, small, and without where it was taken', async () => {
  const photo = await noise(2_400, 1_800)
    .jpeg()
    .withExif({ IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 12/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const [number] = await newContacts(300, 1);
  const { id: mediaId, mimeType, fileName } = await upload('IMG_2041.JPG', photo);
  expect([mimeType, fileName]).toEqual(['image/jpeg', 'IMG_2041.JPG']);
  const body = { outletIds: [linked.outlet.id], message: 'Menu', mediaId, audience: { phones: [number] } };
  await blasts.delivered(await blasts.create(body));
  const { file } = koneksi.simulator.phone(number!).inbox.at(-1)!;
  const { width, height, exif, orientation } = await sharp(file!.content).metadata();
  expect([width, height, exif, orientation]).toEqual([1_200, 1_600, undefined, undefined]);
});

test.each<[what: string, name: string, make: () => Promise<Buffer> | Buffer, words: string]>([
  ['three bytes', 'promo.jpg', () => Buffer.from('\xff\xd8\xff', 'latin1'), 'rusak'],
  ['noise', 'promo.jpg', () => Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), randomBytes(150_000)]), 'rusak'],
  ['half a photograph', 'promo.jpg', () => picture.subarray(0, picture.length / 2), 'rusak'],
  [
    'a film without a film',
    'promo.mp4',
    () => Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isomiso2', 'latin1'),
    'Video ini rusak',
  ],
])('%s is refused, and it is said what to do', async (_, name, make, words) => {
  const message = expect.stringContaining(words) as unknown;
  expect(await refusal(name, await make())).toEqual([400, [{ field: 'file', message }]]);
});

/** A box of an MP4, with boxes or bytes in it. */
function box(type: string, ...bodies: Buffer[]): Buffer {
  const body = Buffer.concat(bodies);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
function film(codec: string): Buffer {
  const mvhd = Buffer.alloc(100);
  mvhd.writeUInt32BE(1_000, 12);
  mvhd.writeUInt32BE(4_200, 16);
  const tkhd = Buffer.alloc(84);
  tkhd.writeUInt32BE(640 << 16, 76);
  tkhd.writeUInt32BE(360 << 16, 80);
  const stsd = Buffer.concat([Buffer.alloc(12), Buffer.from(codec, 'latin1'), Buffer.alloc(8)]);
  const trak = box('trak', box('tkhd', tkhd), box('mdia', box('minf', box('stbl', box('stsd', stsd)))));
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\0\0isomavc1', 'latin1')),
    box('moov', box('mvhd', mvhd), trak),
    box('mdat', randomBytes(5_000)),
  ]);
}

test('a film that phones play arrives as one; another is refused', async () => {
  const [number] = await newContacts(310, 1);
  const content = film('avc1');
  const { id: mediaId, kind } = await upload('undangan.mp4', content);
  expect(kind).toBe('video');
  const body = { outletIds: [linked.outlet.id], message: 'Tonton', mediaId, audience: { phones: [number] } };
  await blasts.delivered(await blasts.create(body));
  const got = koneksi.simulator.phone(number!).inbox.at(-1)!;
  expect(got).toMatchObject({ text: 'Tonton', file: { kind: 'video', mimeType: 'video/mp4' } });
  expect(got.file!.content.equals(content)).toBe(true);
  const message = expect.stringContaining('H.264') as unknown;
  expect(await refusal('baru.mp4', film('av01'))).toEqual([400, [{ field: 'file', message }]]);
  expect(await refusal('potong.mp4', content.subarray(0, -100))).toMatchObject([400, [{ field: 'file' }]]);
});
