import { HttpErrorResponse, type HttpInterceptorFn, HttpResponse } from '@angular/common/http';
import { inject } from '@angular/core';
import { Router } from '@angular/router';
import { catchError, from, switchMap, tap, throwError } from 'rxjs';
import { ApiFault } from './api-fault';
import { AuthStore, MAKES_SESSION } from './auth-store';
import { Clock } from './clock';
import { Texts } from './texts';

/** A file that was refused comes as a file too: what the server said stands in it. */
async function faultOf(failure: unknown): Promise<ApiFault> {
  const body: unknown = failure instanceof HttpErrorResponse ? failure.error : null;
  if (!(failure instanceof HttpErrorResponse && body instanceof Blob)) return ApiFault.of(failure);
  const { headers, status, statusText } = failure;
  const error: unknown = await body
    .text()
    .then(JSON.parse)
    .catch(() => null);
  return ApiFault.of(new HttpErrorResponse({ error, headers, status, statusText }));
}

/** Adds the token, renews it once when it ran out, and turns failures into `ApiFault`. */
export const apiInterceptor: HttpInterceptorFn = (request, next) => {
  if (!request.url.startsWith('/api/')) return next(request);
  const auth = inject(AuthStore);
  const clock = inject(Clock);
  const router = inject(Router);
  const locale = inject(Texts).locale();
  const usesSession = !request.context.get(MAKES_SESSION);

  const send = (token: string | null) => {
    const headers = request.headers.set('X-Requested-With', 'koneksi').set('Accept-Language', locale);
    return next(request.clone({ headers: token ? headers.set('Authorization', `Bearer ${token}`) : headers })).pipe(
      tap((event) => {
        const date = event instanceof HttpResponse ? event.headers.get('Date') : null;
        if (date) clock.follow(Date.parse(date));
      }),
    );
  };

  const token = usesSession ? auth.token() : null;
  return send(token).pipe(
    catchError((failure: HttpErrorResponse) => {
      if (failure.status !== 401 || !usesSession) return throwError(() => failure);
      return from(auth.renew(token)).pipe(
        switchMap((renewal) => (renewal === 'renewed' ? send(auth.token()) : throwError(() => failure))),
      );
    }),
    catchError(async (failure: unknown) => {
      const fault = await faultOf(failure);
      // No one is offered what their role may not do: a refusal means the role was changed meanwhile.
      if (fault.code === 'FORBIDDEN' && usesSession) {
        void auth.renew(auth.token());
        void router.navigate(['/no-permission'], { skipLocationChange: true });
      }
      throw fault;
    }),
  );
};
