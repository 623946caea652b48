import { inject } from '@angular/core';
import { RedirectCommand, Router, type CanActivateChildFn, type CanActivateFn } from '@angular/router';
import type { Role } from '@koneksi/contracts/roles';
import { AuthStore } from './auth-store';

export const onlySignedIn: CanActivateFn = async (_route, state) => {
  const auth = inject(AuthStore);
  const router = inject(Router);
  const restored = await auth.restore();
  if (restored === 'renewed') return true;
  if (restored === 'unreachable') return toOffline(router, state.url);
  const queryParams = { returnUrl: state.url === '/' ? undefined : state.url };
  return new RedirectCommand(router.createUrlTree(['/login'], { queryParams }));
};

export const onlySignedOut: CanActivateFn = async () => {
  const auth = inject(AuthStore);
  const router = inject(Router);
  const restored = await auth.restore();
  if (restored === 'unreachable') return toOffline(router, '/');
  return restored === 'renewed' ? new RedirectCommand(router.createUrlTree(['/'])) : true;
};

/** The address stays that of the page that was asked for, so that loading it again asks for it again. */
function toOffline(router: Router, returnUrl: string): RedirectCommand {
  return new RedirectCommand(router.createUrlTree(['/offline'], { queryParams: { returnUrl } }), {
    skipLocationChange: true,
  });
}

/** Behind `onlySignedIn`: whoever was given a password sees nothing but where to change it. */
export const passwordFirst: CanActivateChildFn = (_route, { url }) => {
  const mustChange = inject(AuthStore).user()?.mustChangePassword ?? false;
  return !mustChange || url === '/profile' ? true : new RedirectCommand(inject(Router).parseUrl('/profile'));
};

/** Behind `onlySignedIn`: others are told that the page is not for them. */
export function onlyRoles(...roles: readonly Role[]): CanActivateFn {
  return () => {
    const role = inject(AuthStore).user()?.role;
    if (role && roles.includes(role)) return true;
    return new RedirectCommand(inject(Router).parseUrl('/no-permission'), { skipLocationChange: true });
  };
}
