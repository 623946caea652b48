import { expect, test } from '@jest/globals';
import { BirthdayTally, type ContactFields } from './birthday-tally.js';

const contact = (number: string, fields: Record<string, string>, meant = true): ContactFields => ({
  number,
  fields,
  meant,
});

function tallied(...contacts: ContactFields[]): unknown {
  const tally = new BirthdayTally();
  for (const each of contacts) tally.add(each);
  return tally.fields();
}

test('a field without any date is none of birthdays, and of the others is told who has none or one that nobody can read', () => {
  expect(
    tallied(
      contact('1', { lahir: '17/05/1990', kota: 'Bandung', kode: '33005' }),
      contact('2', { lahir: '32/13/1990' }),
      contact('3', { lahir: 'kemarin', kota: 'Solo' }),
      contact('4', { lahir: '  ' }),
      contact('5', { kota: 'Bandung' }),
    ),
  ).toEqual([{ field: 'lahir', dates: 1, unreadable: 2, none: 2 }]);
  expect(tallied(contact('1', { kota: 'Bandung' }))).toEqual([]);
  expect(tallied()).toEqual([]);
});

test('a person is one, by whichever outlet has their birthday', () => {
  expect(
    tallied(
      contact('1', { Lahir: 'lupa' }),
      contact('1', { lahir: '17 Mei 1990' }, false),
      contact('2', { LAHIR: '1 Mei' }),
      contact('2', { lahir: 'lupa' }),
    ),
  ).toEqual([{ field: 'lahir', dates: 2, unreadable: 0, none: 0 }]);
});

test('who is not meant counts for what the field is, and no further', () => {
  expect(tallied(contact('1', { lahir: '1 Mei' }, false), contact('2', { ultah: '2 Mei' }))).toEqual([
    { field: 'ultah', dates: 1, unreadable: 0, none: 0 },
    { field: 'lahir', dates: 0, unreadable: 0, none: 1 },
  ]);
});
