import { MEDIA_TYPES, type MediaType } from '@koneksi/contracts/blast-limits';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { fileNameFor } from './file-name.js';
import { fileTypeOf } from './media-kind.js';
import { filmAlone, readFilm } from './mp4.js';
import { openPicture } from './picture.js';

/** A file that was looked into, as it is sent. */
export interface OpenedFile {
  file: Omit<BlastMedia, 'id' | 'bytes'>;
  content: Buffer;
}

/** Looks into a file once, when it is uploaded. @throws `VALIDATION_FAILED`, saying what to do about it */
export async function openFile(content: Buffer, fileName: string): Promise<OpenedFile> {
  const type = fileTypeOf(content);
  if (!type) throw refused(isGif(content) ? 'PICTURE_MOVES' : 'FILE_KIND');
  if (type.startsWith('image/')) {
    const picture = await openPicture(content);
    // What says that it is HEIC needs the same to be done about it, whether or not it could be looked into.
    if (typeof picture === 'string') throw refused(isHeic(content, type) ? 'PICTURE_HEIC' : picture);
    return named(picture.mimeType, fileName, picture.content);
  }
  if (type === 'video/mp4') {
    const film = readFilm(content);
    if (typeof film === 'string') throw refused(film);
    return named(type, fileName, filmAlone(content));
  }
  return named(type as MediaType, fileName, content);
}

const isGif = (content: Buffer): boolean => /^GIF8[79]a$/.test(content.toString('latin1', 0, 6));

const isHeic = (content: Buffer, type: string): boolean =>
  type === 'image/heif' && !/avi[fs]/.test(content.toString('latin1', 8, Math.min(content.length, 64)));

/** A file that is not what it should be. */
export const refused = (code: Parameters<typeof fieldProblem>[1]): ValidationFailed =>
  new ValidationFailed([fieldProblem('file', code)]);

const named = (mimeType: MediaType, fileName: string, content: Buffer): OpenedFile => ({
  file: { kind: MEDIA_TYPES[mimeType], mimeType, fileName: fileNameFor(fileName, mimeType) },
  content,
});
