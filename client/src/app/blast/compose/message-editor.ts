import { Component, computed, type ElementRef, inject, input, viewChild } from '@angular/core';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { EmojiPicker } from './emoji-picker';

const STYLES = [
  { mark: '*', key: 'bold', sign: 'B' },
  { mark: '_', key: 'italic', sign: 'I' },
  { mark: '~', key: 'strike', sign: 'S' },
  { mark: '`', key: 'mono', sign: '<>' },
] as const;

/** What everyone reads, with places for what each reads of their own. */
@Component({
  selector: 'app-message-editor',
  imports: [EmojiPicker],
  template: `
    <label for="blast-message">{{ b(draft.media() ? 'editor.caption' : 'editor.message') }}</label>
    <div class="editor" [class.faulty]="field.shownFault() !== null">
      <div class="tools" role="group" [attr.aria-label]="b('editor.tools')">
        @for (style of styles; track style.key) {
          <button
            type="button"
            [class]="style.key"
            [attr.aria-label]="b(nameOf(style.key))"
            [title]="b(nameOf(style.key))"
            (click)="wrap(style.mark)"
            [attr.data-testid]="'format-' + style.key"
          >
            <span aria-hidden="true">{{ style.sign }}</span>
          </button>
        }
        <app-emoji-picker (picked)="insert($event)" />
      </div>
      <textarea
        #control
        id="blast-message"
        rows="8"
        [value]="field.value()"
        (input)="field.value.set(control.value)"
        [attr.placeholder]="b('editor.placeholder')"
        [attr.aria-invalid]="field.shownFault() !== null"
        aria-describedby="blast-message-note"
        data-testid="message"
      ></textarea>
      <div class="variables" role="group" [attr.aria-label]="b('editor.variables')">
        @for (variable of variables(); track variable) {
          <button type="button" (click)="insert(placeFor(variable))" [attr.data-testid]="'insert-' + variable">
            {{ placeFor(variable) }}
          </button>
        }
      </div>
    </div>
    <p class="hint">{{ b('editor.fallback', { example: fallback }) }}</p>
    <p class="note" id="blast-message-note">
      <span class="fault" [attr.data-testid]="field.shownFault() ? 'message-error' : null">{{
        field.shownFault() ?? ''
      }}</span>
      <span class="numbers">{{ length() }}</span>
    </p>
  `,
  styleUrl: './message-editor.css',
})
export class MessageEditor {
  /** The contacts' own fields. */
  readonly contactFields = input.required<readonly string[]>();
  protected readonly b = inject(BlastTexts).b;
  readonly #locale = inject(Texts).locale;
  protected readonly draft = inject(BlastDraft);
  protected readonly field = this.draft.fields.message;
  protected readonly styles = STYLES;
  protected readonly fallback = '{{nama|Kak}}';
  protected readonly variables = computed(() => ['nama', 'outlet', ...this.contactFields()]);
  protected readonly length = computed(
    () => `${wholeNumber(this.draft.length(), this.#locale())} / ${wholeNumber(this.draft.limit(), this.#locale())}`,
  );
  private readonly control = viewChild.required<ElementRef<HTMLTextAreaElement>>('control');

  focus(): void {
    this.control().nativeElement.focus();
  }

  protected nameOf(key: (typeof STYLES)[number]['key']): `editor.styles.${typeof key}` {
    return `editor.styles.${key}`;
  }

  protected placeFor(variable: string): string {
    return `{{${variable}}}`;
  }

  protected insert(text: string): void {
    const { nativeElement: control } = this.control();
    this.#replace(text, control.selectionStart + text.length);
  }

  /** Around what is selected; where nothing is, around the caret. Spaces at its ends stay outside, as the style needs. */
  protected wrap(mark: string): void {
    const { selectionStart, selectionEnd, value } = this.control().nativeElement;
    const selected = value.slice(selectionStart, selectionEnd);
    const text = selected.trim();
    const before = selected.slice(0, selected.length - selected.trimStart().length);
    const after = text ? selected.slice(selected.trimEnd().length) : '';
    const replaced = `${before}${mark}${text}${mark}${after}`;
    this.#replace(replaced, text ? selectionStart + replaced.length : selectionStart + before.length + 1);
  }

  #replace(text: string, caret: number): void {
    const { nativeElement: control } = this.control();
    control.focus();
    control.setRangeText(text, control.selectionStart, control.selectionEnd, 'end');
    control.setSelectionRange(caret, caret);
    this.field.value.set(control.value);
  }
}
