import { expect, test } from '@jest/globals';
import { outlineOf, renderMessage, unknownVariables, variablesOf } from './blast-template.ts';

test.each([
  ['Halo {{nama}}', { nama: 'Ani' }, 'Halo Ani'],
  ['Halo {{ NAMA }} dari {{outlet}}', { nama: 'Ani', outlet: 'Bandung' }, 'Halo Ani dari Bandung'],
  ['Hello {{name}}', { nama: 'Ani' }, 'Hello Ani'],
  ['Halo {{nama|Kak}}', {}, 'Halo Kak'],
  ['Halo {{nama|Kak}}', { nama: '  ' }, 'Halo Kak'],
  ['Poin {{poin}}', {}, 'Poin '],
  ['{{nama}}', { nama: '{{outlet}}', outlet: 'x' }, '{{outlet}}'],
  ['{{nama}} $& $1', { nama: '$&' }, '$& $& $1'],
  ['{ {nama} } {{}} {{', { nama: 'Ani' }, '{ {nama} } {{}} {{'],
  ['{{{nama}}} {{{{nama}}', { nama: 'Ani' }, '{Ani} {{Ani'],
  ['{{ka{{nama}} {{nama}', { nama: 'Ani' }, '{{kaAni {{nama}'],
  ['{{\n nama\t}}{{ }}{{nama?}}', { nama: 'Ani' }, 'Ani{{ }}{{nama?}}'],
  ['{{nama|a|b}}{{|x}}', {}, 'a|b{{|x}}'],
  [`{{nama|${'😀'.repeat(60)}}}{{nama|${'😀'.repeat(61)}}}`, {}, `${'😀'.repeat(60)}{{nama|${'😀'.repeat(61)}}}`],
])('%s with %j reads %s', (message, values, text) => {
  expect(renderMessage(message, values)).toBe(text);
});

test.each([
  ['Halo {{nama|Kak}} dari {{outlet}}', 'Halo Kak dari [outlet]'],
  ['{{ Kota }}, {{nama| }}', '[Kota], [nama]'],
  ['{{}} {{', '{{}} {{'],
])('%s in outline is %s', (message, outline) => {
  expect(outlineOf(message)).toBe(outline);
});

test('names each variable once', () => {
  expect(variablesOf('{{nama}} {{Name}} {{kota}} {{ kota|Bandung }}')).toEqual(['nama', 'kota']);
});

test('knows what it does not know', () => {
  expect(unknownVariables('{{nama}} {{outlet}} {{Kota}} {{kotta}}', ['kota'])).toEqual(['kotta']);
});

const LONGEST = 4_096;

test.each([
  ['blanks', `{{${' '.repeat(LONGEST)}x`],
  ['line breaks', `{{${'\n'.repeat(LONGEST)}x`],
  ['opening braces', '{'.repeat(LONGEST)],
  ['a name that never ends', `{{${'a '.repeat(LONGEST / 2)}`],
  ['names that never end', '{{ a'.repeat(LONGEST / 4)],
  ['bars', `{{a${'|'.repeat(LONGEST)}}}`],
  ['bars and blanks', `{{a${'| '.repeat(LONGEST / 2)}`],
  ['closing braces', `{{${'} '.repeat(LONGEST / 2)}`],
  ['variables', '{{a}}'.repeat(LONGEST / 5)],
])('reads a message of %s a hundred times before anybody notices', (_, message) => {
  const started = performance.now();
  for (let time = 0; time < 100; time++) {
    variablesOf(message);
    renderMessage(message, { nama: 'Ani' });
    outlineOf(message);
  }
  expect(performance.now() - started).toBeLessThan(1_500);
});
