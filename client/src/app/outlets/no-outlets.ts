import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { OutletAdder } from './outlet-adder';

/** That there is no outlet yet: for those who may, with the button that ends it; for others, with whom to ask. */
@Component({
  selector: 'app-no-outlets',
  imports: [EmptyState, Icon, MatButton],
  host: { 'data-testid': 'no-outlets' },
  template: `
    <app-empty-state
      icon="store"
      [heading]="t('status.noneTitle')"
      [body]="t(managesOutlets() ? 'status.noneAdmin' : 'status.noneUser')"
    >
      @if (managesOutlets()) {
        <button matButton="filled" (click)="adder.add()" data-testid="add-first-outlet">
          <app-icon name="plus" />{{ t('outlets.add') }}
        </button>
        <button matButton="outlined" (click)="adder.import()" data-testid="import-first-outlets">
          {{ t('outlets.import') }}
        </button>
      }
    </app-empty-state>
  `,
})
export class NoOutlets {
  protected readonly adder = inject(OutletAdder);
  protected readonly managesOutlets = inject(AuthStore).managesOutlets;
  protected readonly t = inject(Texts).t;
}
