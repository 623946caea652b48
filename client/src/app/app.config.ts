import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  inject,
  isDevMode,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
  type ApplicationConfig,
} from '@angular/core';
import { provideRouter, TitleStrategy, withComponentInputBinding } from '@angular/router';
import { provideTransloco, provideTranslocoTranspiler } from '@jsverse/transloco';
import { LOCALES } from '@koneksi/contracts/reason-texts';
import { routes } from './app.routes';
import { apiInterceptor } from './core/api-interceptor';
import { CatalogueLoader } from './core/catalogue-loader';
import { PageTitle } from './core/page-title';
import { PluralTranspiler } from './core/plural-transpiler';
import { Texts } from './core/texts';
import { Theme } from './core/theme';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding()),
    provideHttpClient(withInterceptors([apiInterceptor])),
    provideTransloco({
      config: { availableLangs: [...LOCALES], defaultLang: 'id', prodMode: !isDevMode() },
      loader: CatalogueLoader,
    }),
    provideTranslocoTranspiler(PluralTranspiler),
    provideAppInitializer(() => {
      inject(Theme);
      return inject(Texts).start();
    }),
    { provide: TitleStrategy, useExisting: PageTitle },
  ],
};
