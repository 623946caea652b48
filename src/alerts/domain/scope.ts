import type { AlertScope } from '@koneksi/contracts/alerts';

/** Whether an outlet is among those a rule is for; cities are the same however they are typed. */
export function isInScope({ outletId, city }: { outletId: string; city: string | null }, scope: AlertScope): boolean {
  switch (scope.kind) {
    case 'all':
      return true;
    case 'city':
      return city !== null && city.trim().toLowerCase() === scope.city.trim().toLowerCase();
    case 'outlets':
      return scope.outletIds.includes(outletId);
  }
}
