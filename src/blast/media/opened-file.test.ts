import { expect, test } from '@jest/globals';
import { FIELD_TEXTS, type FieldTextCode } from '@koneksi/contracts/field-texts';
import { GREEN_FILM } from '../../../test/support/green-film.js';
import { ValidationFailed } from '../../common/validation-failed.js';
import { readFilm } from './mp4.js';
import { openFile } from './opened-file.js';

const bytes = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(200, 7)]);

test.each<[what: string, content: Buffer, told: FieldTextCode]>([
  ['a picture of an iPhone, cut off', bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'PICTURE_HEIC'],
  ['one that names its kind second', bytes('\0\0\0\x18ftypmif1\0\0\0\0mif1heic'), 'PICTURE_HEIC'],
  ['an AVIF, cut off', bytes('\0\0\0\x18ftypavif\0\0\0\0avifmif1'), 'PICTURE_BROKEN'],
  ['a GIF', bytes('GIF89a'), 'PICTURE_MOVES'],
  ['a JPEG of three bytes', Buffer.from([0xff, 0xd8, 0xff]), 'PICTURE_BROKEN'],
  ['a program', bytes('MZ'), 'FILE_KIND'],
])('%s is refused with what to do', async (_, content, told) => {
  const error = await openFile(content, 'promo.jpg').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ValidationFailed);
  expect((error as ValidationFailed).problems).toEqual([{ field: 'file', text: FIELD_TEXTS[told] }]);
});

test('a film of a phone held upright is as high as it is shown', () => {
  const film = Buffer.from(GREEN_FILM);
  const track = film.indexOf('tkhd') - 4;
  const end = track + film.readUInt32BE(track);
  // Turned by 90 degrees: a = 0, b = 1, c = -1, d = 0 of the matrix that stands before width and height.
  for (const [before, value] of [
    [44, 0],
    [40, 0x10000],
    [32, 0xffff0000],
    [28, 0],
  ] as const)
    film.writeUInt32BE(value, end - before);
  expect(readFilm(GREEN_FILM)).toEqual({ seconds: 2, width: 160, height: 90 });
  expect(readFilm(film)).toEqual({ seconds: 2, width: 90, height: 160 });
});

/** A box of ISO/IEC 14496-12. */
function box(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** The film with one more box at the end of its first one of this type. */
function withinFirst(type: string, more: Buffer): Buffer {
  const at = GREEN_FILM.indexOf(type) - 4;
  const end = at + GREEN_FILM.readUInt32BE(at);
  const film = Buffer.concat([GREEN_FILM.subarray(0, end), more, GREEN_FILM.subarray(end)]);
  film.writeUInt32BE(end - at + more.length, at);
  // What holds it grows as well.
  const movie = film.indexOf('moov') - 4;
  if (movie !== at) film.writeUInt32BE(film.readUInt32BE(movie) + more.length, movie);
  return film;
}

const PLACE = Buffer.from('-6.2088+106.8456/', 'latin1');
test.each<[what: string, film: Buffer]>([
  ['as Android notes it', withinFirst('moov', box('udta', box('\xa9xyz', PLACE)))],
  ['as an iPhone does', withinFirst('moov', box('meta', box('ilst', PLACE)))],
  ['beside a track', withinFirst('trak', box('udta', box('loci', PLACE)))],
  ['as editors do', Buffer.concat([GREEN_FILM, box('uuid', PLACE)])],
])('where a film was taken, %s, goes to nobody', async (_, film) => {
  const { content } = await openFile(film, 'iklan.mp4');
  expect([film.includes(PLACE), content.includes(PLACE), content.length]).toEqual([true, false, film.length]);
  expect(readFilm(content)).toEqual(readFilm(GREEN_FILM));
  const pictures = (of: Buffer): Buffer => of.subarray(of.indexOf('mdat'), of.indexOf('mdat') + 500);
  expect(pictures(content)).toEqual(pictures(GREEN_FILM));
});

test('a film of a camera of Apple is told to be saved anew, not to be broken', () => {
  const film = Buffer.from(GREEN_FILM);
  for (const at of [8, 16, 20, 24, 28]) film.write('qt  ', at, 'latin1');
  expect(readFilm(film)).toBe('FILM_CODEC');
});
