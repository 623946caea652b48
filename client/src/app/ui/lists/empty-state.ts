import { Component, input } from '@angular/core';
import { Icon, type IconName } from '../icon';

/** Why there is nothing here, and what to do about it (projected). */
@Component({
  selector: 'app-empty-state',
  imports: [Icon],
  template: `
    <app-icon [name]="icon()" />
    <h2>{{ heading() }}</h2>
    <p class="muted">{{ body() }}</p>
    <ng-content />
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 8px;
      padding: 56px 20px;
      text-align: center;
    }
    app-icon {
      --icon-size: 32px;
      color: var(--k-muted);
    }
    h2 {
      font-size: 1rem;
      font-weight: 600;
    }
    p {
      max-width: 46ch;
      margin-block-end: 8px;
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<IconName>();
  readonly heading = input.required<string>();
  readonly body = input.required<string>();
}
