import { expect, test } from '@jest/globals';
import { fileTypeOf } from './media-kind.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
/** A ZIP of empty files. */
function zip(...names: string[]): Buffer {
  const files = names.map((name) => {
    const header = Buffer.alloc(30);
    header.write('PK\x03\x04', 'latin1');
    header.writeUInt16LE(name.length, 26);
    return Buffer.concat([header, bytes(name)]);
  });
  let offset = 0;
  const list = names.map((name, index) => {
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    offset += files[index]!.length;
    return Buffer.concat([entry, bytes(name)]);
  });
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...list, end]);
}
const office = (main: string, ...more: string[]): Buffer => zip('[Content_Types].xml', '_rels/.rels', main, ...more);

test.each<[what: string, content: Buffer, type: ReturnType<typeof fileTypeOf>]>([
  ['a JPEG', bytes('\xff\xd8\xff\xe0JFIF'), 'image/jpeg'],
  ['a PNG', bytes('\x89PNG\r\n\x1a\n....'), 'image/png'],
  ['a WebP', bytes('RIFF....WEBPVP8 '), 'image/webp'],
  ['a picture of an iPhone', bytes('\0\0\0\x18ftypheic....'), 'image/heif'],
  ['an AVIF', bytes('\0\0\0\x18ftypavif....'), 'image/heif'],
  ['a film', bytes('\0\0\0\x18ftypisom....'), 'video/mp4'],
  ['a PDF', bytes('%PDF-1.7'), 'application/pdf'],
  [
    'a Word document',
    office('word/document.xml'),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  ['a spreadsheet', office('xl/workbook.xml'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  [
    'slides',
    office('ppt/presentation.xml'),
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ],
  ['an Android program that pretends to be one', office('word/document.xml', 'AndroidManifest.xml'), null],
  ['a document with macros', office('word/document.xml', 'word/vbaProject.bin'), null],
  ['a ZIP that only mentions their names', bytes('PK\x03\x04....[Content_Types].xml....word/document.xml'), null],
  ['a ZIP with its list cut off', office('word/document.xml').subarray(0, -30), null],
  ['a list of files that are not there', Buffer.concat([bytes('PK\x03\x04'), office('word/document.xml')]), null],
  ['another ZIP', bytes('PK\x03\x04....setup.exe'), null],
  ['a program', bytes('MZ\x90\x00'), null],
  ['a page', bytes('<html><script>'), null],
  ['a sound in the same container as WebP', bytes('RIFF....WAVEfmt '), null],
  ['nothing', Buffer.alloc(0), null],
])('%s', (_, content, type) => {
  expect(fileTypeOf(content)).toBe(type);
});
