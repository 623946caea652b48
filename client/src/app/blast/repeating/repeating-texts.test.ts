import { expect, test } from '@jest/globals';
import { ERROR_CODES } from '@koneksi/contracts/errors';
import { failureText } from './repeating-texts';

test('why a repetition could not be made is told in words, whatever it was', () => {
  for (const reason of [...ERROR_CODES, 'UNREADABLE'])
    for (const locale of ['id', 'en'] as const) expect(failureText(reason, locale)).toMatch(/^[^_]*\s[^_]*$/);
  expect(failureText('SOMETHING_NEW', 'id')).toBeNull();
});
