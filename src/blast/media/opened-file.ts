import { MEDIA_TYPES, type MediaType } from '@koneksi/contracts/blast-limits';
import type { BlastMedia } from '@koneksi/contracts/blasts';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { fileNameFor } from './file-name.js';
import { fileTypeOf } from './media-kind.js';
import { readFilm } from './mp4.js';
import { openPicture } from './picture.js';

/** A file that was looked into, as it is sent. */
export interface OpenedFile {
  file: Omit<BlastMedia, 'id' | 'bytes'>;
  content: Buffer;
}

/** Looks into a file once, when it is uploaded. @throws `VALIDATION_FAILED`, saying what to do about it */
export async function openFile(content: Buffer, fileName: string): Promise<OpenedFile> {
  const type = fileTypeOf(content);
  if (!type) throw refused('FILE_KIND');
  if (type.startsWith('image/')) {
    const picture = await openPicture(content);
    if (typeof picture === 'string') throw refused(picture);
    return named(picture.mimeType, fileName, picture.content);
  }
  if (type === 'video/mp4') {
    const film = readFilm(content);
    if (typeof film === 'string') throw refused(film);
  }
  return named(type as MediaType, fileName, content);
}

const refused = (code: Parameters<typeof fieldProblem>[1]): ValidationFailed =>
  new ValidationFailed([fieldProblem('file', code)]);

const named = (mimeType: MediaType, fileName: string, content: Buffer): OpenedFile => ({
  file: { kind: MEDIA_TYPES[mimeType], mimeType, fileName: fileNameFor(fileName, mimeType) },
  content,
});
