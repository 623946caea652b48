import type { Routes } from '@angular/router';
import { onlyRoles, onlySignedIn, onlySignedOut } from './core/auth-guard';
import type { TextKey } from './core/texts';

const title = (key: TextKey): TextKey => key;

declare const ngDevMode: unknown;

/** Builds for production know `ngDevMode` to be false, and leave out what hangs on it. */
const forDevelopers: Routes =
  typeof ngDevMode === 'undefined' || ngDevMode
    ? [{ path: 'design', loadComponent: () => import('./design/design-page').then((module) => module.DesignPage) }]
    : [];

export const routes: Routes = [
  ...forDevelopers,
  {
    path: 'login',
    title: title('login.title'),
    canActivate: [onlySignedOut],
    loadComponent: () => import('./login/login-page').then((module) => module.LoginPage),
  },
  {
    path: '',
    canActivate: [onlySignedIn],
    loadComponent: () => import('./shell/shell').then((module) => module.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'outlet-status' },
      {
        path: 'outlet-status',
        title: title('status.title'),
        loadComponent: () => import('./outlet-status/status-page').then((module) => module.StatusPage),
      },
      {
        path: 'outlets',
        title: title('outlets.title'),
        loadComponent: () => import('./outlets/outlet-list-page').then((module) => module.OutletListPage),
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
