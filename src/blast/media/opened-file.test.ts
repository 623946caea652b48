import { expect, test } from '@jest/globals';
import { FIELD_TEXTS, type FieldTextCode } from '@koneksi/contracts/field-texts';
import { ValidationFailed } from '../../common/validation-failed.js';
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
