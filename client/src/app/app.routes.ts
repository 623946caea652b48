import type { Routes } from '@angular/router';
import { onlySignedIn, onlySignedOut, passwordFirst } from './core/auth-guard';
import type { TextKey } from './core/texts';
import { OfflinePage } from './shell/offline-page';

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
    path: 'forgot-password',
    title: title('login.forgot.title'),
    canActivate: [onlySignedOut],
    loadComponent: () => import('./login/forgot-password-page').then((module) => module.ForgotPasswordPage),
  },
  {
    path: 'reset-password',
    title: title('login.forgot.resetTitle'),
    loadComponent: () => import('./login/reset-password-page').then((module) => module.ResetPasswordPage),
  },
  { path: 'offline', title: title('offline.title'), component: OfflinePage },
  {
    path: '',
    canActivate: [onlySignedIn],
    canActivateChild: [passwordFirst],
    loadChildren: () => import('./signed-in.routes').then((module) => module.SIGNED_IN_ROUTES),
  },
];
