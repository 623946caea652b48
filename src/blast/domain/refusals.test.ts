import { expect, test } from '@jest/globals';
import { stopAfter, withAnswer, type Answers } from './refusals.js';

const acked = (count: number): Answers => Array.from({ length: count }, () => null);

test.each<[what: string, answers: Answers, verdict: ReturnType<typeof stopAfter>]>([
  ['nothing was refused', acked(100), null],
  ['one 463', [...acked(50), '463'], null],
  ['two 463 in a row', [...acked(50), '463', '463'], 'STOPPED_RESTRICTED'],
  ['the first two answers are 463', ['463', '463'], 'STOPPED_RESTRICTED'],
  ['two 463 with an acknowledgement between', [...acked(90), '463', null, '463'], null],
  ['two refusals of few prove nothing', [null, '404', '404'], null],
  ['three of one hundred are within bounds', [...acked(97), '404', '404', '404'], null],
  ['four of one hundred are too many', [...acked(96), '404', '479', '404', '404'], 'STOPPED_REFUSALS'],
  ['three of few are too many', [null, '404', '404', '404'], 'STOPPED_REFUSALS'],
])('%s', (_, answers, verdict) => {
  expect(stopAfter(answers)).toBe(verdict);
});

test('what lies far back is forgotten', () => {
  let answers: Answers = ['404', '404', '404'];
  for (let sent = 0; sent < 100; sent++) answers = withAnswer(answers, null);
  expect(answers).toEqual(acked(100));
});
