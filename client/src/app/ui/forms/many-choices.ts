import {
  booleanAttribute,
  Component,
  computed,
  inject,
  input,
  model,
  signal,
  type ElementRef,
  viewChild,
} from '@angular/core';
import { MatAutocomplete, MatAutocompleteTrigger, MatOption } from '@angular/material/autocomplete';
import { Texts } from '../../core/texts';
import type { Choice } from './choice';
import { Icon } from '../icon';

/** As many as anybody reads through; more letters lead to the rest. */
const MOST_SHOWN = 50;

/** One of hundreds, by a few of its letters. Until one is taken the one before stays. */
@Component({
  selector: 'app-many-choices',
  imports: [Icon, MatAutocomplete, MatAutocompleteTrigger, MatOption],
  host: { '[class.compact]': 'compact()' },
  template: `
    <app-icon name="search" />
    <input
      #control
      type="text"
      autocomplete="off"
      [id]="fieldId()"
      [matAutocomplete]="list"
      [value]="chosen()"
      [placeholder]="chosen() || placeholder()"
      (focus)="control.select()"
      (input)="typed.set(control.value)"
      (blur)="leave()"
      [attr.data-testid]="name()"
    />
    <mat-autocomplete
      #list
      autoActiveFirstOption
      [displayWith]="labelOf"
      (optionSelected)="take($event.option.value)"
      (closed)="typed.set('')"
    >
      @for (choice of found(); track choice.value) {
        <mat-option [value]="choice.value" [attr.data-testid]="name() + '-option'">{{ choice.label }}</mat-option>
      } @empty {
        <mat-option disabled>{{ t('status.noMatchTitle') }}</mat-option>
      }
    </mat-autocomplete>
  `,
  styles: `
    :host {
      position: relative;
    }
    app-icon {
      position: absolute;
      inset-block: 0;
      inset-inline-end: 9px;
      margin-block: auto;
      color: var(--k-muted);
      pointer-events: none;
    }
    input {
      padding-inline-end: 34px;
      text-overflow: ellipsis;
    }
    :host(.compact) input {
      padding-inline-end: 30px;
    }
  `,
  styleUrl: './field.css',
})
export class ManyChoices {
  readonly value = model.required<string>();
  readonly choices = input.required<readonly Choice[]>();
  readonly name = input.required<string>();
  readonly fieldId = input.required<string>();
  readonly placeholder = input('');
  readonly compact = input(false, { transform: booleanAttribute });
  protected readonly t = inject(Texts).t;
  protected readonly typed = signal('');
  private readonly control = viewChild.required<ElementRef<HTMLInputElement>>('control');
  protected readonly labelOf = (value: string): string =>
    this.choices().find((choice) => choice.value === value)?.label ?? '';
  protected readonly chosen = computed(() => this.labelOf(this.value()));
  protected readonly found = computed(() => {
    const wanted = this.typed().trim().toLowerCase();
    return this.choices()
      .filter(({ label }) => label.toLowerCase().includes(wanted))
      .slice(0, MOST_SHOWN);
  });

  protected take(value: string): void {
    this.value.set(value);
    this.typed.set('');
  }

  protected leave(): void {
    this.control().nativeElement.value = this.chosen();
  }
}
