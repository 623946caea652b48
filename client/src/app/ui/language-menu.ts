import { Component, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { LOCALES } from '@koneksi/contracts/reason-texts';
import { Preferences } from '../core/preferences';
import { Texts } from '../core/texts';
import { Icon } from './icon';

@Component({
  selector: 'app-language-menu',
  imports: [Icon, MatIconButton, MatMenuModule],
  template: `
    <button matIconButton [matMenuTriggerFor]="menu" [attr.aria-label]="t('language.label')" data-testid="language">
      <app-icon name="language" />
    </button>
    <mat-menu #menu="matMenu">
      @for (choice of locales; track choice) {
        <button
          mat-menu-item
          role="menuitemradio"
          [attr.aria-checked]="choice === locale()"
          [lang]="choice"
          (click)="use(choice)"
          [attr.data-testid]="'language-' + choice"
        >
          <app-icon name="check" [style.visibility]="choice === locale() ? 'visible' : 'hidden'" />
          {{ t(choice === 'id' ? 'language.id' : 'language.en') }}
        </button>
      }
    </mat-menu>
  `,
  styles: ':host { display: inline-flex; }',
})
export class LanguageMenu {
  readonly #preferences = inject(Preferences);
  protected readonly t = inject(Texts).t;
  protected readonly locale = this.#preferences.locale;
  protected readonly locales = LOCALES;

  protected use(locale: (typeof LOCALES)[number]): void {
    this.#preferences.useLocale(locale);
  }
}
