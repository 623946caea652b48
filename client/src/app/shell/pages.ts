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

/** Everybody who manages the chain. */
const MANAGERS: readonly Role[] = ['SUPERADMIN', 'ADMIN'];

/** The account's menu, in its order. */
export const ACCOUNT_PAGES: readonly (PageEntry & { readonly name: string })[] = [
  { name: 'profile', path: '/profile', icon: 'user', label: 'nav.profile' },
  { name: 'uptime', path: '/uptime', icon: 'clock', label: 'nav.uptime' },
  { name: 'alerts', path: '/alerts', icon: 'bell', label: 'nav.alerts', roles: MANAGERS },
  { name: 'webhooks', path: '/webhooks', icon: 'link', label: 'nav.webhooks', roles: MANAGERS },
  { name: 'api-keys', path: '/api-keys', icon: 'key', label: 'nav.apiKeys', roles: MANAGERS },
  { name: 'activity', path: '/activity', icon: 'eye', label: 'nav.activity', roles: MANAGERS },
  { name: 'system', path: '/system', icon: 'device', label: 'nav.system', roles: MANAGERS },
];

/** Where pages lead that no menu has. */
export const SIDE_PAGES: readonly PageEntry[] = [
  { path: '/outlets/bin', icon: 'trash', label: 'bin.outletsTitle', roles: MANAGERS },
  { path: '/contacts/bin', icon: 'trash', label: 'bin.contactsTitle' },
  { path: '/contacts/opt-outs', icon: 'pause', label: 'optOuts.title' },
];

export const isFor =
  (role: Role | undefined) =>
  ({ roles }: PageEntry): boolean =>
    !roles || (role !== undefined && roles.includes(role));

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
