import { expect, test } from '@jest/globals';
import { REPLY_WORDS_MAX } from '@koneksi/contracts/blast-limits';
import { keptWords } from './kept-words.js';

test.each([
  ['a word', 'Mau', 'Mau'],
  ['lines', 'Mau kak\r\nukuran L\n\n\n\nmakasih ', 'Mau kak\nukuran L\n\nmakasih'],
  ['emoji that are joined', 'ok 👩‍👩‍👧', 'ok 👩‍👩‍👧'],
  ['marks that turn the line', '\u202eharga\u202c?', 'harga?'],
  ['half a character', 'ya \ud83d', 'ya \ufffd'],
  ['a picture without words', '', null],
  ['blanks', ' \u200b\u2800\n\u3164 ', null],
])('%s', (_, said, kept) => expect(keptWords(said)).toBe(kept));

test('no more than fits is kept, by whole characters, and shows that it was longer', () => {
  const kept = keptWords('🙏'.repeat(70_000))!;
  expect(Array.from(kept)).toHaveLength(REPLY_WORDS_MAX);
  expect(kept.endsWith('🙏…')).toBe(true);
  expect(keptWords('a'.repeat(REPLY_WORDS_MAX))).toBe('a'.repeat(REPLY_WORDS_MAX));
});
