import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { AppUpdate } from '../core/app-update';
import { Texts } from '../core/texts';

/** Says that newer pages are there, and takes them when pressed: nobody loses what they are typing. */
@Component({
  selector: 'app-update-bar',
  imports: [MatButton],
  host: { role: 'status' },
  template: `
    @if (update.ready()) {
      <div data-testid="update">
        <span>{{ t('app.updateReady') }}</span>
        <button matButton (click)="update.take()" data-testid="take-update">{{ t('app.takeUpdate') }}</button>
      </div>
    }
  `,
  styles: `
    div {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      padding: 4px 24px;
      background: var(--k-accent-soft);
      border-bottom: 1px solid var(--k-border);
    }
    @media (max-width: 699px) {
      div {
        padding-inline: 14px;
      }
    }
  `,
})
export class UpdateBar {
  protected readonly update = inject(AppUpdate);
  protected readonly t = inject(Texts).t;
}
