import { Component, computed, type ElementRef, input, viewChild } from '@angular/core';
import type { FormField } from './form-field';
import { uniqueId } from '../unique-id';

/** A labelled line of text with its hint or complaint. What is projected sits at its end. */
@Component({
  selector: 'app-text-field',
  template: `
    <label [for]="id">{{ label() }}</label>
    <div class="box">
      <input
        #control
        [id]="id"
        [type]="type()"
        [attr.inputmode]="inputmode()"
        [attr.autocomplete]="autocomplete()"
        [attr.autocapitalize]="type() === 'email' ? 'none' : null"
        [attr.min]="min()"
        [attr.maxlength]="maxlength()"
        [attr.list]="suggestions().length ? id + '-known' : null"
        [attr.aria-invalid]="field().shownFault() !== null"
        [attr.aria-describedby]="note() ? id + '-note' : null"
        [value]="field().value()"
        (input)="typed(control)"
        (blur)="field().value() && field().visit()"
        [attr.data-testid]="name()"
      />
      <ng-content />
      @if (suggestions().length) {
        <datalist [id]="id + '-known'">
          @for (suggestion of suggestions(); track suggestion) {
            <option [value]="suggestion"></option>
          }
        </datalist>
      }
    </div>
    <p
      class="note"
      [class.fault]="field().shownFault() !== null"
      [id]="id + '-note'"
      [attr.data-testid]="field().shownFault() ? name() + '-error' : null"
    >
      {{ note() }}
    </p>
  `,
  styleUrl: './field.css',
})
export class TextField {
  readonly field = input.required<FormField<string>>();
  readonly label = input.required<string>();
  /** Names it for tests and, with `-error`, its complaint. */
  readonly name = input.required<string>();
  readonly hint = input('');
  readonly type = input<'text' | 'email' | 'password' | 'tel' | 'datetime-local'>('text');
  readonly inputmode = input<string | null>(null);
  readonly autocomplete = input('off');
  readonly maxlength = input<string | null>(null);
  /** The earliest, of a time. */
  readonly min = input<string | null>(null);
  readonly suggestions = input<readonly string[]>([]);
  /** Rewrites what is typed, such as into groups of digits; the caret keeps its place among what it keeps. */
  readonly format = input<((typed: string) => string) | null>(null);

  protected readonly id = uniqueId('field');
  protected readonly note = computed(() => this.field().shownFault() ?? this.hint());
  private readonly control = viewChild.required<ElementRef<HTMLInputElement>>('control');

  focus(): void {
    this.control().nativeElement.focus();
  }

  protected typed(control: HTMLInputElement): void {
    const format = this.format();
    if (format) formatInPlace(control, format);
    this.field().value.set(control.value);
  }
}

/** The caret stays behind the digit it was behind, wherever that one moved. */
function formatInPlace(control: HTMLInputElement, format: (typed: string) => string): void {
  const caret = control.selectionStart ?? control.value.length;
  const digitsBefore = countDigits(control.value.slice(0, caret));
  const atEnd = caret === control.value.length;
  const formatted = format(control.value);
  if (formatted === control.value) return;
  control.value = formatted;
  let position = atEnd ? formatted.length : 0;
  for (let seen = 0; !atEnd && position < formatted.length && seen < digitsBefore; position += 1) {
    if (/\d/.test(formatted[position]!)) seen += 1;
  }
  control.setSelectionRange(position, position);
}

function countDigits(text: string): number {
  return text.replace(/\D/g, '').length;
}
