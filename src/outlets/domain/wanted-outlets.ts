import type { Outlet, OutletQuery } from '@koneksi/contracts/outlets';

/** What a list of outlets was narrowed to; a number is found however it is written. */
export function isWanted({ search, city, tag }: Omit<OutletQuery, 'after' | 'limit'>): (outlet: Outlet) => boolean {
  const words = search?.toLowerCase() ?? '';
  const digits = /^[\d\s+().-]+$/.test(words) ? words.replace(/\D/g, '').replace(/^0/, '') : '';
  return (outlet) =>
    (city === undefined || outlet.city === city) &&
    (tag === undefined || outlet.tags.includes(tag)) &&
    (outlet.name.toLowerCase().includes(words) || (digits !== '' && outlet.whatsappNumber.includes(digits)));
}
