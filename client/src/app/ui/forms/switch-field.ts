import { Component, input, model } from '@angular/core';
import { uniqueId } from '../unique-id';

/** On or off, with what that means. */
@Component({
  selector: 'app-switch-field',
  template: `
    <input
      #control
      type="checkbox"
      role="switch"
      [id]="id"
      [checked]="on()"
      (change)="on.set(control.checked)"
      [attr.aria-describedby]="hint() ? id + '-hint' : null"
      [attr.data-testid]="name()"
    />
    <label [for]="id">{{ label() }}</label>
    @if (hint()) {
      <p class="muted" [id]="id + '-hint'">{{ hint() }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 2px 12px;
      align-items: center;
    }
    input {
      appearance: none;
      position: relative;
      width: 44px;
      height: 26px;
      margin: 5px 0;
      border: 2px solid var(--k-outline);
      border-radius: 13px;
      background: var(--k-sunken);
      cursor: pointer;
    }
    input::before {
      content: '';
      position: absolute;
      inset: 4px auto auto 4px;
      width: 14px;
      height: 14px;
      border-radius: 50%;
      background: var(--k-outline);
      transition: transform 0.15s;
    }
    input:checked {
      border-color: var(--k-accent);
      background: var(--k-accent);
    }
    input:checked::before {
      background: var(--k-on-accent);
      transform: translateX(18px);
    }
    label {
      font-weight: 550;
      cursor: pointer;
      padding-block: 8px;
    }
    p {
      grid-column: 2;
      margin-block-start: -8px;
      font-size: 0.8125rem;
    }
  `,
})
export class SwitchField {
  readonly on = model.required<boolean>();
  readonly label = input.required<string>();
  readonly name = input.required<string>();
  readonly hint = input('');
  protected readonly id = uniqueId('switch');
}
