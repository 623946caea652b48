import { Component, computed, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { Preferences } from '../core/preferences';
import { Texts } from '../core/texts';
import { THEMES } from '../core/theme';
import { Icon, type IconName } from './icon';

const ICON_OF = { system: 'device', light: 'sun', dark: 'moon' } as const satisfies Record<string, IconName>;

@Component({
  selector: 'app-theme-menu',
  imports: [Icon, MatIconButton, MatMenuModule],
  template: `
    <button matIconButton [matMenuTriggerFor]="menu" [attr.aria-label]="t('theme.label')" data-testid="theme">
      <app-icon [name]="icon()" />
    </button>
    <mat-menu #menu="matMenu">
      @for (theme of themes; track theme) {
        <button
          mat-menu-item
          role="menuitemradio"
          [attr.aria-checked]="theme === choice()"
          (click)="use(theme)"
          [attr.data-testid]="'theme-' + theme"
        >
          <app-icon name="check" [style.visibility]="theme === choice() ? 'visible' : 'hidden'" />
          {{ t(label[theme]) }}
        </button>
      }
    </mat-menu>
  `,
  styles: ':host { display: inline-flex; }',
})
export class ThemeMenu {
  readonly #preferences = inject(Preferences);
  protected readonly t = inject(Texts).t;
  protected readonly themes = THEMES;
  protected readonly label = { system: 'theme.system', light: 'theme.light', dark: 'theme.dark' } as const;
  protected readonly choice = this.#preferences.theme;
  protected readonly icon = computed(() => ICON_OF[this.choice()]);
  protected readonly use = this.#preferences.useTheme.bind(this.#preferences);
}
