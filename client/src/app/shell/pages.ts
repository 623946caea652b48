import type { Role } from '@koneksi/contracts/roles';
import type { TextKey } from '../core/texts';
import type { IconName } from '../ui/icon';

interface PageEntry {
  readonly path: string;
  readonly icon: IconName;
  readonly label: TextKey;
  /** Who finds it in the menu; everyone where it is left out. */
  readonly roles?: readonly Role[];
  /** Only where the menu is wide; the account's menu has it everywhere. */
  readonly roomy?: boolean;
}

/** The main menu, in its order: a new page takes one line here and one in `app.routes.ts`. */
export const PAGES: readonly PageEntry[] = [
  { path: '/outlet-status', icon: 'pulse', label: 'nav.status' },
  { path: '/outlets', icon: 'store', label: 'nav.outlets' },
  { path: '/incidents', icon: 'warning', label: 'nav.incidents' },
  { path: '/uptime', icon: 'clock', label: 'nav.uptime', roomy: true },
  { path: '/contacts', icon: 'contacts', label: 'nav.contacts' },
  { path: '/blast', icon: 'send', label: 'nav.blast' },
  { path: '/users', icon: 'people', label: 'nav.users', roles: ['SUPERADMIN'] },
];
