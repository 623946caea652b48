import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  inject,
  isDevMode,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
  type ApplicationConfig,
} from '@angular/core';
import {
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withEnabledBlockingInitialNavigation,
} from '@angular/router';
import { provideServiceWorker } from '@angular/service-worker';
import { provideTransloco, provideTranslocoTranspiler } from '@jsverse/transloco';
import { LOCALES } from '@koneksi/contracts/reason-texts';
import { routes } from './app.routes';
import { apiInterceptor } from './core/api-interceptor';
import { AuthStore } from './core/auth-store';
import { CatalogueLoader } from './core/catalogue-loader';
import { PageTitle } from './core/page-title';
import { PluralTranspiler } from './core/plural-transpiler';
import { Texts } from './core/texts';
import { Theme } from './core/theme';
import { proofInterceptor } from './proof/proof-interceptor';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    // What the page came with stays in sight until there is a page to take its place.
    provideRouter(routes, withComponentInputBinding(), withEnabledBlockingInitialNavigation()),
    provideHttpClient(withInterceptors([proofInterceptor, apiInterceptor])),
    provideTransloco({
      config: { availableLangs: [...LOCALES], defaultLang: 'id', prodMode: !isDevMode() },
      loader: CatalogueLoader,
    }),
    provideTranslocoTranspiler(PluralTranspiler),
    provideAppInitializer(() => {
      inject(Theme);
      // Asked for beside the files of the page, which asks again.
      void inject(AuthStore).restore();
      return inject(Texts).start();
    }),
    { provide: TitleStrategy, useExisting: PageTitle },
    provideServiceWorker('service-worker.js', {
      enabled: !isDevMode(),
      registrationStrategy: 'registerWhenStable:30000',
    }),
  ],
};
