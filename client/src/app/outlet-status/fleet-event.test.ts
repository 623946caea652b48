import { expect, it } from '@jest/globals';
import type { Trouble } from '@koneksi/contracts/shared-cause';
import { followed } from './fleet-event';

const cut = (count: number): Trouble[] =>
  Array.from({ length: count }, (_, index) => ({
    outletId: String(index),
    code: 'WHATSAPP_UNREACHABLE',
    since: 1_000,
  }));

it('begins with the first of them, counts those it has now, and is over once nearly all are back', () => {
  const begun = followed(null, cut(200), 300, 5_000);
  expect(begun).toMatchObject({ code: 'WHATSAPP_UNREACHABLE', since: 1_000, count: 200, until: null });
  const grown = followed(begun, cut(278), 300, 6_000);
  expect(grown).toMatchObject({ since: 1_000, count: 278, until: null });
  const mending = followed(grown, cut(90), 300, 7_000);
  expect(mending).toMatchObject({ count: 90, until: null });
  const over = followed(mending, cut(3), 300, 8_000);
  expect(over).toMatchObject({ count: 3, until: 8_000 });
  expect(over?.struck.size).toBe(278);
  const all = followed(over, [], 300, 9_000);
  expect(all).toMatchObject({ count: 0, until: 8_000 });
  expect(followed(all, cut(2), 300, 10_000)).toBe(all);
});

it('keeps when it began though the outlets go through another stage of it', () => {
  const begun = followed(null, cut(200), 300, 5_000);
  const later = cut(200).map((trouble) => ({ ...trouble, since: 90_000 }));
  expect(followed(begun, later, 300, 95_000)?.since).toBe(1_000);
});

it('is none where few are struck', () => {
  expect(followed(null, cut(20), 300, 5_000)).toBeNull();
});
