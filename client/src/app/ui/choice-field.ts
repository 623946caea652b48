import { booleanAttribute, Component, type ElementRef, input, model, effect, viewChild } from '@angular/core';
import { uniqueId } from './unique-id';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One of a few, by the device's own picker. `compact` hides the label from sight and fits a row of controls. */
@Component({
  selector: 'app-choice-field',
  host: { '[class.compact]': 'compact()' },
  template: `
    <label [for]="id" [class.sr-only]="compact()">{{ label() }}</label>
    <select #control [id]="id" (change)="value.set(control.value)" [attr.data-testid]="name()">
      @for (choice of choices(); track choice.value) {
        <option [value]="choice.value">{{ choice.label }}</option>
      }
    </select>
  `,
  styles: `
    select {
      cursor: pointer;
    }
    :host(.compact) select {
      height: 36px;
      padding: 0 8px;
      font-size: 0.8125rem;
    }
    @media (max-width: 699px) {
      :host(.compact) select {
        height: 44px;
        font-size: 1rem;
      }
    }
  `,
  styleUrl: './field.css',
})
export class ChoiceField {
  readonly value = model.required<string>();
  readonly choices = input.required<readonly Choice[]>();
  readonly label = input.required<string>();
  readonly name = input.required<string>();
  readonly compact = input(false, { transform: booleanAttribute });
  protected readonly id = uniqueId('choice');
  private readonly control = viewChild.required<ElementRef<HTMLSelectElement>>('control');

  constructor() {
    // The value can only be chosen once its option is there, and options may come later than it.
    effect(() => {
      this.choices();
      const value = this.value();
      queueMicrotask(() => (this.control().nativeElement.value = value));
    });
  }
}
