import { Component, computed, inject, input } from '@angular/core';
import { Texts } from '../../core/texts';
import type { FormField } from './form-field';
import { Icon } from '../icon';
import { uniqueId } from '../unique-id';

/** Words to group by: each ends with Enter or a comma, and can be taken away again. */
@Component({
  selector: 'app-tags-field',
  imports: [Icon],
  template: `
    <label [for]="id">{{ label() }}</label>
    @if (field().value().length) {
      <ul>
        @for (tag of field().value(); track tag) {
          <li>
            {{ tag }}
            <button type="button" (click)="remove(tag)" [attr.aria-label]="t('common.removeTag', { tag })">
              <app-icon name="close" />
            </button>
          </li>
        }
      </ul>
    }
    <input
      #control
      [id]="id"
      type="text"
      autocomplete="off"
      maxlength="30"
      [attr.list]="id + '-known'"
      [attr.aria-invalid]="field().shownFault() !== null"
      [attr.aria-describedby]="id + '-note'"
      (keydown.enter)="$event.preventDefault(); add(control)"
      (keydown.backspace)="!control.value && removeLast()"
      (input)="control.value.includes(',') && add(control)"
      (blur)="add(control)"
      [attr.data-testid]="name()"
    />
    <datalist [id]="id + '-known'">
      @for (tag of offered(); track tag) {
        <option [value]="tag"></option>
      }
    </datalist>
    <p class="note" [class.fault]="field().shownFault() !== null" [id]="id + '-note'">
      {{ field().shownFault() ?? hint() }}
    </p>
  `,
  styles: `
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      margin: 0 0 6px;
      padding: 0;
      list-style: none;
    }
    li {
      display: inline-flex;
      align-items: center;
      gap: 2px;
      padding-inline-start: 10px;
      border-radius: 8px;
      background: var(--k-sunken);
      font-size: 0.8125rem;
      --icon-size: 14px;
    }
    button {
      display: grid;
      place-items: center;
      width: 28px;
      height: 28px;
      border: 0;
      border-radius: 8px;
      background: none;
      color: var(--k-muted);
      cursor: pointer;
    }
    button:hover {
      color: var(--k-text);
    }
  `,
  styleUrl: './field.css',
})
export class TagsField {
  readonly field = input.required<FormField<readonly string[]>>();
  readonly label = input.required<string>();
  readonly name = input.required<string>();
  readonly hint = input('');
  /** Words in use already, so that the same thing gets the same word. */
  readonly known = input<readonly string[]>([]);
  protected readonly t = inject(Texts).t;
  protected readonly id = uniqueId('tags');
  protected readonly offered = computed(() => {
    const chosen = new Set(this.field().value());
    return this.known().filter((tag) => !chosen.has(tag));
  });

  protected add(control: HTMLInputElement): void {
    const tags = [...this.field().value()];
    for (const typed of control.value.split(',')) {
      const tag = typed.trim();
      if (tag && !tags.some((known) => known.toLowerCase() === tag.toLowerCase())) tags.push(tag);
    }
    control.value = '';
    if (tags.length > this.field().value().length) this.field().value.set(tags);
  }

  protected remove(tag: string): void {
    this.field().value.update((tags) => tags.filter((other) => other !== tag));
  }

  protected removeLast(): void {
    this.field().value.update((tags) => tags.slice(0, -1));
  }
}
