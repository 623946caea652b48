import type { Routes } from '@angular/router';
import { onlySignedIn, onlySignedOut, passwordFirst } from './core/auth-guard';
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
    canActivateChild: [passwordFirst],
    loadChildren: () => import('./signed-in.routes').then((module) => module.SIGNED_IN_ROUTES),
  },
];
