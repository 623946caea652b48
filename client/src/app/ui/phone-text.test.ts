import { describe, expect, it } from '@jest/globals';
import { formatPhoneNumber } from '@koneksi/contracts/phone-number';
import { phoneText } from './phone-text';

const operators = Array.from({ length: 89 }, (_, index) => 811 + index);
const numbers = operators.flatMap((operator) =>
  ['345678', '3456789', '34567890', '345678901'].map((rest) => `62${operator}${rest}`),
);

describe('phone numbers in lists', () => {
  it('read as everywhere else, for every operator and length Indonesian mobiles have', () => {
    // Prefixes that were never given out have no grouping to agree on.
    const grouped = numbers.filter((digits) => /^\+62 \d{3} \d+ \d+$/.test(formatPhoneNumber(digits)));
    expect(grouped.length).toBeGreaterThan(200);
    expect(grouped.map(phoneText)).toEqual(grouped.map(formatPhoneNumber));
  });

  it.each(['6221555123', '6581234567', '6281', '12025550123'])('leave %s as it is', (digits) => {
    expect(phoneText(digits)).toBe(`+${digits}`);
  });
});
