import { booleanAttribute, Component, computed, type ElementRef, input, model, effect, viewChild } from '@angular/core';
import type { Choice } from './choice';
import { ManyChoices } from './many-choices';
import { uniqueId } from '../unique-id';

/** As many as anybody looks through in the device's own picker: more than the days of a month. */
const FEW = 40;

/**
 * One of a few, by the device's own picker, or of many by their letters. `compact` hides the label from sight and fits
 * a row of controls.
 */
@Component({
  selector: 'app-choice-field',
  imports: [ManyChoices],
  host: { '[class.compact]': 'compact()' },
  template: `
    <label [for]="id" [class.sr-only]="compact()">{{ label() }}</label>
    @if (isMany()) {
      @defer (on immediate) {
        <app-many-choices
          [fieldId]="id"
          [name]="name()"
          [compact]="compact()"
          [placeholder]="placeholder()"
          [choices]="offered()"
          [value]="value()"
          (valueChange)="choose($event)"
        />
      }
    } @else {
      <select #control [id]="id" (change)="choose(control.value)" [attr.data-testid]="name()">
        @if (placeholder() && !value()) {
          <option value="" disabled>{{ placeholder() }}</option>
        }
        @for (choice of offered(); track choice.value) {
          <option [value]="choice.value">{{ choice.label }}</option>
        }
      </select>
    }
  `,
  styles: `
    :host(.compact) {
      max-width: var(--k-compact-choice, none);
    }
    select {
      cursor: pointer;
    }
  `,
  styleUrl: './field.css',
})
export class ChoiceField<Value extends string = string> {
  readonly value = model.required<Value>();
  readonly choices = input.required<readonly Choice<Value>[]>();
  /** Offered first where all may be meant, as ''. */
  readonly all = input('');
  readonly label = input.required<string>();
  readonly name = input.required<string>();
  /** What stands there while nothing is chosen. */
  readonly placeholder = input('');
  readonly compact = input(false, { transform: booleanAttribute });
  protected readonly offered = computed((): readonly Choice[] =>
    this.all() ? [{ value: '', label: this.all() }, ...this.choices()] : this.choices(),
  );
  protected readonly isMany = computed(() => this.offered().length > FEW);
  protected readonly id = uniqueId('choice');
  private readonly control = viewChild<ElementRef<HTMLSelectElement>>('control');

  constructor() {
    // The value can only be chosen once its option is there, and options may come later than it.
    effect(() => {
      this.offered();
      const value = this.value();
      const select = this.control()?.nativeElement;
      if (select) queueMicrotask(() => (select.value = value));
    });
  }

  /** One of those offered. */
  protected choose(value: string): void {
    this.value.set(value as Value);
  }
}
