import { expect, test } from '@jest/globals';
import { isGuessable } from './guessable-password.ts';

const OWNER = ['siti.rahayu@tokobaju.co.id', 'Siti Rahayu'];

test.each([
  'password1234',
  'Passw0rd!Passw0rd!',
  'aaaaaaaaaaaa',
  'abababababab',
  'koneksi12345',
  'K0neks1-2026!',
  '            ',
  '123456789012',
  'qwertyuiop12',
  'asdfghjkl;123',
  'abcdefghijkl',
  'zyxwvutsrqpo',
  'iloveyou2026',
  'bismillah123',
  'sayangkamu99',
  'indonesia1945',
  'rahasia-sandi-123',
  'siti.rahayu@tokobaju.co.id',
  'SitiRahayu1990',
  'tokobaju12345',
  'adminadmin12',
  '!!!!!!!!!!!!1',
])('%s is among the first that are tried', (password) => {
  expect(isGuessable(password, OWNER)).toBe(true);
});

test.each([
  'correct horse battery',
  'correct horse staple',
  'a long password',
  'a password for benchmarks only',
  'kucing makan ikan asin',
  'hujan-turun-di-Bogor-7',
  'x9$kQ2!vLm0z',
  'пароль длинный',
  'ティッシュと猫と雨の日',
])('%s is not', (password) => {
  expect(isGuessable(password, OWNER)).toBe(false);
});

test('takes the longest password there may be in no time', () => {
  const started = performance.now();
  for (const unit of ['a', 'ab', 'abc', 'password', '1q', 'siti'])
    isGuessable(
      unit.repeat(200 / unit.length),
      Array.from({ length: 20 }, (_, nth) => `siti${nth}`),
    );
  expect(performance.now() - started).toBeLessThan(1_500);
});
