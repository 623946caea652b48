import { expect, test } from '@jest/globals';
import { deflateSync, crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { openPicture, type Picture, type PictureFault } from './picture.js';

/** Red above, blue below. */
function twoHalves(width: number, height: number): Sharp {
  const half = Math.floor(height / 2);
  const top = { input: { create: { width, height: half, channels: 3, background: '#f00' } }, top: 0, left: 0 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#00f' } }).composite([top]);
}
const GPS = { IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 12/1 0/1' }, IFD0: { Model: 'SM-A155F' } };

async function opened(content: Buffer): Promise<Picture> {
  const picture = await openPicture(content);
  if (typeof picture === 'string') throw new Error(picture);
  return picture;
}
async function pixel({ content }: Picture, left: number, top: number): Promise<number[]> {
  const { data } = await sharp(content)
    .extract({ left, top, width: 1, height: 1 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [...data].slice(0, 3).map((value) => Math.round(value / 64));
}
/** A PNG that claims to be this large. */
function claims(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

test.each([1, 3, 6, 8])(
  'a photograph turned as %d stands upright, and says where it was taken no more',
  async (orientation) => {
    const photo = await twoHalves(400, 300).jpeg().withExif(GPS).withMetadata({ orientation }).toBuffer();
    expect((await sharp(photo).metadata()).orientation).toBe(orientation);
    const picture = await opened(photo);
    const meta = await sharp(picture.content).metadata();
    expect([picture.width, picture.height]).toEqual(orientation >= 5 ? [300, 400] : [400, 300]);
    expect([meta.exif, meta.orientation, meta.icc, meta.xmp]).toEqual([undefined, undefined, undefined, undefined]);
    expect(picture.content.includes('SM-A155F')).toBe(false);
    const red = { 1: [10, 10], 3: [390, 290], 6: [290, 10], 8: [10, 390] }[orientation]!;
    expect(await pixel(picture, red[0]!, red[1]!)).toEqual([4, 0, 0]);
  },
);

test.each<[what: string, make: () => Promise<Buffer>, mimeType: string]>([
  ['a photograph of a camera', () => twoHalves(4_000, 3_000).jpeg().toBuffer(), 'image/jpeg'],
  ['a WebP', () => twoHalves(800, 600).webp().toBuffer(), 'image/jpeg'],
  ['an AVIF', () => twoHalves(64, 48).avif({ effort: 0 }).toBuffer(), 'image/jpeg'],
  ['inks instead of light', () => twoHalves(300, 200).toColourspace('cmyk').jpeg().toBuffer(), 'image/jpeg'],
  ['grey', () => twoHalves(300, 200).grayscale().jpeg().toBuffer(), 'image/jpeg'],
  ['sixteen bits', () => twoHalves(300, 200).toColourspace('rgb16').png().toBuffer(), 'image/png'],
  ['a palette', () => twoHalves(300, 200).png({ palette: true }).toBuffer(), 'image/png'],
])('%s becomes what every phone shows', async (_, make, mimeType) => {
  const picture = await opened(await make());
  const meta = await sharp(picture.content).metadata();
  expect(picture.mimeType).toBe(mimeType);
  expect([meta.depth, meta.space === 'srgb' || meta.space === 'b-w']).toEqual(['uchar', true]);
  expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(1_600);
});

test('what can be seen through stays so', async () => {
  const clear = await sharp({ create: { width: 100, height: 100, channels: 4, background: '#ff000080' } })
    .webp()
    .toBuffer();
  const picture = await opened(clear);
  expect([picture.mimeType, (await sharp(picture.content).metadata()).hasAlpha]).toEqual(['image/png', true]);
});

test.each<[what: string, make: () => Promise<Buffer> | Buffer, fault: PictureFault]>([
  ['three bytes', () => Buffer.from('\xff\xd8\xff', 'latin1'), 'PICTURE_BROKEN'],
  ['half a photograph', async () => (await twoHalves(400, 300).jpeg().toBuffer()).subarray(0, 900), 'PICTURE_BROKEN'],
  [
    'half a PNG',
    async () => (await twoHalves(400, 300).png({ compressionLevel: 0 }).toBuffer()).subarray(0, 9_000),
    'PICTURE_BROKEN',
  ],
  [
    'noise under a name',
    () => Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), Buffer.alloc(150_000, 7)]),
    'PICTURE_BROKEN',
  ],
  ['some bytes that claim to be a wall', () => claims(60_000, 60_000), 'PICTURE_TOO_LARGE'],
  [
    'one that moves',
    async () => {
      const frames = await Promise.all(
        ['#f00', '#0f0'].map((background) =>
          sharp({ create: { width: 20, height: 20, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      );
      return sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer();
    },
    'PICTURE_MOVES',
  ],
])('%s is refused', async (_, make, fault) => {
  expect(await openPicture(await make())).toBe(fault);
});
