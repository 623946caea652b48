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
