import type { Outlet, OutletQuery } from '@koneksi/contracts/outlets';

/** What a list of outlets was narrowed to; a number is found however it is written. */
export function isWanted({ search, city, tag }: Omit<OutletQuery, 'after' | 'limit'>): (outlet: Outlet) => boolean {
  const isFound = isFoundBy(search);
  return (outlet) =>
    (city === undefined || outlet.city === city) && (tag === undefined || outlet.tags.includes(tag)) && isFound(outlet);
}

/** Whether a part of the name or of the number is what was searched for. */
export function isFoundBy(search: string | undefined): (outlet: Pick<Outlet, 'name' | 'whatsappNumber'>) => boolean {
  const words = search?.toLowerCase() ?? '';
  const digits = /^[\d\s+().-]+$/.test(words) ? words.replace(/\D/g, '').replace(/^0/, '') : '';
  return ({ name, whatsappNumber }) =>
    name.toLowerCase().includes(words) || (digits !== '' && whatsappNumber.includes(digits));
}
