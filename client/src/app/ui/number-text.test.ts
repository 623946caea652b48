import { expect, it } from '@jest/globals';
import { numberText } from './number-text';

it.each([
  ['6281234567890', '+62 812 3456 7890'],
  ['62215551234', '+62 21 5551234'],
  ['6591234567', '+65 9123 4567'],
])('%s reads %s', (digits, text) => {
  expect(numberText(digits)).toBe(text);
});
