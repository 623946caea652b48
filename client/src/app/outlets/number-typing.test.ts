import { describe, expect, it } from '@jest/globals';
import { formatWhileTyping } from '@koneksi/contracts/phone-number';

describe('numbers while they are typed', () => {
  it.each([
    ['0', '0'],
    ['08123', '0812-3'],
    ['0812345678', '0812-345-678'],
    ['0812-3456-789', '0812-3456-789'],
    ['62812', '+62 812'],
    ['+6281234567890', '+62 812 3456 7890'],
    ['+65 6123', '+65 6123'],
    ['08x12', '0812'],
  ])('%j reads %j', (typed, shown) => {
    expect(formatWhileTyping(typed)).toBe(shown);
  });
});
