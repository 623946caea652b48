import { Component, input, model } from '@angular/core';
import { Icon } from '../icon';

@Component({
  selector: 'app-search-field',
  imports: [Icon],
  host: { '[style.--letters]': 'label().length' },
  template: `
    <app-icon name="search" />
    <input
      #field
      type="search"
      autocomplete="off"
      [value]="text()"
      (input)="text.set(field.value)"
      [placeholder]="label()"
      [attr.aria-label]="label()"
      data-testid="search"
    />
  `,
  styles: `
    :host {
      position: relative;
      display: block;
      flex: 0 1 240px;
      /* The hint is whole: a letter is narrower than a digit, and the icon stands before it. */
      min-width: calc(var(--letters) * 1ch + 48px);
    }
    app-icon {
      position: absolute;
      inset-block: 0;
      inset-inline-start: 10px;
      margin-block: auto;
      color: var(--k-muted);
    }
    input {
      width: 100%;
      height: 36px;
      padding: 0 10px 0 36px;
      border: 1px solid var(--k-outline);
      border-radius: 8px;
      background: var(--k-surface);
      color: inherit;
    }
    input::placeholder {
      color: var(--k-muted);
      opacity: 1;
    }
    input:focus-visible {
      outline-offset: -1px;
    }
    @media (max-width: 699px) {
      :host {
        min-width: min(100%, calc(var(--letters) * 1ch + 48px));
        /* Below this size iOS zooms the page in on focus. */
        font-size: 1rem;
      }
      input {
        height: 44px;
        font-size: inherit;
      }
    }
  `,
})
export class SearchField {
  readonly text = model.required<string>();
  readonly label = input.required<string>();
}
