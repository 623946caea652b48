import type { default as Opener, Metadata, Sharp } from 'sharp';

/** What every phone shows at once, and no phone waits for. Pixels. */
const LONGEST_SIDE = 1_600;
/** More than any phone's camera makes; a file of some bytes may claim to be larger. */
const MOST_PIXELS = 220_000_000;
const JPEG_QUALITY = 85;
/** It goes within each message: as large as a bubble shows blurred. Pixels. */
const THUMBNAIL_SIDE = 120;
const THUMBNAIL_QUALITY = 55;
/** A photograph that was saved as PNG is no longer one when it takes this many bytes. */
const LARGEST_PNG = 1_500_000;

let opener: Promise<typeof Opener> | null = null;

/** Loaded with the first picture: no start waits for its native library. */
async function loadSharp(): Promise<typeof Opener> {
  const { default: sharp } = await import('sharp');
  // One picture at a time on one thread, and nothing kept: a blast must not wait for it.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

/** What could not be loaded once is tried anew with the next picture. */
const open = (): Promise<typeof Opener> =>
  (opener ??= loadSharp().catch((error: unknown) => {
    opener = null;
    throw error;
  }));

export type PictureFault = 'PICTURE_BROKEN' | 'PICTURE_TOO_LARGE' | 'PICTURE_MOVES' | 'PICTURE_HEIC';

export interface Picture {
  mimeType: 'image/jpeg' | 'image/png';
  content: Buffer;
  width: number;
  height: number;
}

/**
 * Opens a picture once and makes it what every phone shows: the right way up, in sRGB with eight bits, at most 1,600
 * pixels, as JPEG or PNG, without anything else that was in the file, such as where it was taken.
 */
export async function openPicture(content: Buffer): Promise<Picture | PictureFault> {
  const sharp = await open();
  try {
    const options = { limitInputPixels: false, failOn: 'error', pages: 1 } as const;
    const meta = await sharp(content, { failOn: 'error', limitInputPixels: false }).metadata();
    const fault = faultOf(meta);
    if (fault) return fault;
    const turned = sharp(content, options)
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb');
    return await written(sharp, turned, meta);
  } catch {
    return 'PICTURE_BROKEN';
  }
}

/** A picture as a message carries it beside a film, within its own bytes. */
export async function openThumbnail(content: Buffer): Promise<Buffer | PictureFault> {
  const picture = await openPicture(content);
  if (typeof picture === 'string') return picture;
  const sharp = await open();
  return sharp(picture.content)
    .resize({ width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: THUMBNAIL_QUALITY, mozjpeg: true })
    .toBuffer();
}

function faultOf({ width, height, pages = 1, format, compression }: Metadata): PictureFault | null {
  if (format === 'heif' && compression !== 'av1') return 'PICTURE_HEIC';
  if (pages > 1) return 'PICTURE_MOVES';
  return width * height > MOST_PIXELS ? 'PICTURE_TOO_LARGE' : null;
}

async function written(sharp: typeof Opener, turned: Sharp, { format, hasAlpha }: Metadata): Promise<Picture> {
  if (format === 'png' || hasAlpha) {
    const png = await turned.clone().png({ compressionLevel: 9 }).toBuffer({ resolveWithObject: true });
    const isClear = hasAlpha && !(await sharp(png.data).stats()).isOpaque;
    if (isClear || (format === 'png' && png.data.length <= LARGEST_PNG)) return toPicture('image/png', png);
  }
  const jpeg = turned.flatten({ background: '#ffffff' }).jpeg({ quality: JPEG_QUALITY, mozjpeg: true });
  return toPicture('image/jpeg', await jpeg.toBuffer({ resolveWithObject: true }));
}

const toPicture = (
  mimeType: Picture['mimeType'],
  { data, info: { width, height } }: { data: Buffer; info: { width: number; height: number } },
): Picture => ({ mimeType, content: data, width, height });
