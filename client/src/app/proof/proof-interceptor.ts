import type { HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import type { ProofKind } from '@koneksi/contracts/auth';
import { catchError, from, switchMap, throwError } from 'rxjs';
import { ApiFault } from '../core/api-fault';
import { ProofOpener } from './proof-opener';

/** Where the server wants to know whether it is still the person: asks them, and sends what they meant once more. */
export const proofInterceptor: HttpInterceptorFn = (request, next) => {
  const opener = inject(ProofOpener);
  return next(request).pipe(
    catchError((thrown: unknown) => {
      const fault = ApiFault.of(thrown);
      if (fault.code !== 'PROOF_NEEDED') return throwError(() => thrown);
      const by: ProofKind = fault.details['by'] === 'code' ? 'code' : 'password';
      return from(opener.ask(by)).pipe(switchMap((isThem) => (isThem ? next(request) : throwError(() => fault))));
    }),
  );
};
