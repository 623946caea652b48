import type { Routes } from '@angular/router';
import { onlyRoles } from './core/auth-guard';
import type { TextKey } from './core/texts';
import { StatusPage } from './outlet-status/status-page';
import { Shell } from './shell/shell';

const title = (key: TextKey): TextKey => key;

/** What surrounds every page comes in one file with the page that most visits begin at; the others follow when opened. */
export const SIGNED_IN_ROUTES: Routes = [
  {
    path: '',
    component: Shell,
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'outlet-status' },
      {
        path: 'outlet-status',
        title: title('status.title'),
        component: StatusPage,
      },
      {
        path: 'outlets',
        title: title('outlets.title'),
        loadComponent: () => import('./outlets/outlet-list-page').then((module) => module.OutletListPage),
      },
      {
        path: 'outlets/bin',
        title: title('bin.outletsTitle'),
        canActivate: [onlyRoles('SUPERADMIN', 'ADMIN')],
        loadComponent: () => import('./outlets/outlet-bin-page').then((module) => module.OutletBinPage),
      },
      {
        path: 'incidents',
        title: title('incidents.title'),
        loadComponent: () => import('./incidents/incidents-page').then((module) => module.IncidentsPage),
      },
      {
        path: 'uptime',
        title: title('nav.uptime'),
        loadComponent: () => import('./uptime/uptime-page').then((module) => module.UptimePage),
      },
      {
        path: 'alerts',
        title: title('nav.alerts'),
        canActivate: [onlyRoles('SUPERADMIN', 'ADMIN')],
        loadComponent: () => import('./alerts/alerts-page').then((module) => module.AlertsPage),
      },
      {
        path: 'webhooks',
        title: title('nav.webhooks'),
        canActivate: [onlyRoles('SUPERADMIN', 'ADMIN')],
        loadComponent: () => import('./webhooks/webhooks-page').then((module) => module.WebhooksPage),
      },
      {
        path: 'api-keys',
        title: title('nav.apiKeys'),
        canActivate: [onlyRoles('SUPERADMIN', 'ADMIN')],
        loadComponent: () => import('./api-keys/api-keys-page').then((module) => module.ApiKeysPage),
      },
      {
        path: 'activity',
        title: title('nav.activity'),
        canActivate: [onlyRoles('SUPERADMIN', 'ADMIN')],
        loadComponent: () => import('./activity/activity-page').then((module) => module.ActivityPage),
      },
      {
        path: 'contacts',
        title: title('contacts.title'),
        loadComponent: () => import('./contacts/contacts-page').then((module) => module.ContactsPage),
      },
      {
        path: 'contacts/opt-outs',
        title: title('optOuts.title'),
        loadComponent: () => import('./contacts/opt-outs-page').then((module) => module.OptOutsPage),
      },
      {
        path: 'contacts/bin',
        title: title('bin.contactsTitle'),
        loadComponent: () => import('./contacts/contact-bin-page').then((module) => module.ContactBinPage),
      },
      {
        path: 'contacts/customer',
        title: title('customer.title'),
        canActivate: [onlyRoles('SUPERADMIN', 'ADMIN')],
        loadComponent: () => import('./contacts/customer-page').then((module) => module.CustomerPage),
      },
      {
        path: 'blast',
        title: title('nav.blast'),
        loadChildren: () => import('./blast/blast.routes').then((module) => module.BLAST_ROUTES),
      },
      {
        path: 'users',
        title: title('users.title'),
        canActivate: [onlyRoles('SUPERADMIN')],
        loadComponent: () => import('./users/user-list-page').then((module) => module.UserListPage),
      },
      {
        path: 'profile',
        title: title('profile.title'),
        loadComponent: () => import('./profile/profile-page').then((module) => module.ProfilePage),
      },
      {
        path: 'system',
        title: title('system.title'),
        canActivate: [onlyRoles('SUPERADMIN', 'ADMIN')],
        loadComponent: () => import('./system/system-page').then((module) => module.SystemPage),
      },
      {
        path: 'no-permission',
        title: title('noPermission.title'),
        loadComponent: () => import('./shell/no-permission-page').then((module) => module.NoPermissionPage),
      },
      {
        path: '**',
        title: title('notFound.title'),
        loadComponent: () => import('./shell/not-found-page').then((module) => module.NotFoundPage),
      },
    ],
  },
];
