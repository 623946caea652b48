import { Component, inject } from '@angular/core';
import { Texts } from '../core/texts';
import { LanguageMenu } from '../ui/language-menu';
import { ThemeMenu } from '../ui/theme-menu';

/** What surrounds the pages of whoever is not signed in. */
@Component({
  selector: 'app-signed-out-frame',
  imports: [LanguageMenu, ThemeMenu],
  template: `
    <div class="tools">
      <app-language-menu />
      <app-theme-menu />
    </div>
    <main>
      <header>
        <img src="favicon.svg" alt="" width="40" height="40" />
        <h1>{{ t('app.name') }}</h1>
        <p class="muted">{{ t('app.tagline') }}</p>
      </header>
      <ng-content />
    </main>
  `,
  styles: `
    :host {
      display: grid;
      min-height: 100dvh;
      grid-template-rows: auto 1fr;
    }
    .tools {
      display: flex;
      justify-content: end;
      padding: 8px;
    }
    main {
      width: min(380px, 100vw - 32px);
      margin: clamp(8px, 8vh, 96px) auto 40px;
    }
    header {
      display: grid;
      justify-items: center;
      gap: 6px;
      margin-block-end: 24px;
      text-align: center;
    }
  `,
})
export class SignedOutFrame {
  protected readonly t = inject(Texts).t;
}
