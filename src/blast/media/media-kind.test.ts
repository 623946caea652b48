import { expect, test } from '@jest/globals';
import { mediaTypeOf } from './media-kind.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const office = (folder: string): Buffer => bytes(`PK\x03\x04....[Content_Types].xml....${folder}document.xml`);

test.each<[what: string, content: Buffer, type: ReturnType<typeof mediaTypeOf>]>([
  ['a JPEG', bytes('\xff\xd8\xff\xe0JFIF'), 'image/jpeg'],
  ['a PNG', bytes('\x89PNG\r\n\x1a\n....'), 'image/png'],
  ['a WebP', bytes('RIFF....WEBPVP8 '), 'image/webp'],
  ['a PDF', bytes('%PDF-1.7'), 'application/pdf'],
  ['a Word document', office('word/'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['a spreadsheet', office('xl/'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['slides', office('ppt/'), 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['another ZIP', bytes('PK\x03\x04....setup.exe'), null],
  ['a program', bytes('MZ\x90\x00'), null],
  ['a page', bytes('<html><script>'), null],
  ['a sound in the same container as WebP', bytes('RIFF....WAVEfmt '), null],
  ['nothing', Buffer.alloc(0), null],
])('%s', (_, content, type) => {
  expect(mediaTypeOf(content)).toBe(type);
});
