import { inject } from '@angular/core';
import { RedirectCommand, Router, type CanActivateFn } from '@angular/router';
import { AuthStore } from './auth-store';

export const onlySignedIn: CanActivateFn = async (_route, state) => {
  const auth = inject(AuthStore);
  const router = inject(Router);
  const restored = await auth.restore();
  if (restored === 'renewed') return true;
  const queryParams = {
    returnUrl: state.url === '/' ? undefined : state.url,
    unreachable: restored === 'unreachable' || undefined,
  };
  return new RedirectCommand(router.createUrlTree(['/login'], { queryParams }));
};

export const onlySignedOut: CanActivateFn = async () => {
  const auth = inject(AuthStore);
  const router = inject(Router);
  return (await auth.restore()) === 'renewed' ? new RedirectCommand(router.createUrlTree(['/'])) : true;
};
