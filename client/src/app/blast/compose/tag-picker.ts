import { Component, computed, inject, input } from '@angular/core';
import type { TagCount } from '@koneksi/contracts/contacts';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';

/** All contacts of the outlets, or those with any of these tags. */
@Component({
  selector: 'app-tag-picker',
  template: `
    @if (choices().length) {
      <fieldset>
        <legend>{{ b('compose.tags') }}</legend>
        <div class="tags">
          <button
            type="button"
            [attr.aria-pressed]="chosen().length === 0"
            (click)="everyone()"
            data-testid="tag-everyone"
          >
            {{ b('compose.everyone') }}
          </button>
          @for (choice of choices(); track choice.tag) {
            <button
              type="button"
              [attr.aria-pressed]="chosen().includes(choice.tag)"
              (click)="toggle(choice.tag)"
              [attr.data-testid]="'tag-' + choice.tag"
            >
              {{ choice.tag }} <span class="numbers">{{ choice.count }}</span>
            </button>
          }
        </div>
        <details [open]="excepted().length > 0">
          <summary>{{ b('compose.except') }}</summary>
          <div class="tags">
            @for (choice of choices(); track choice.tag) {
              <button
                type="button"
                [attr.aria-pressed]="excepted().includes(choice.tag)"
                (click)="except(choice.tag)"
                [attr.data-testid]="'except-' + choice.tag"
              >
                {{ choice.tag }}
              </button>
            }
          </div>
        </details>
      </fieldset>
    }
    <p class="fault" role="alert" [attr.data-testid]="fault() ? 'audience-error' : null">{{ fault() }}</p>
  `,
  styles: `
    fieldset {
      margin-block-start: 12px;
    }
    summary {
      min-height: 36px;
      padding-block: 8px;
      color: var(--k-muted);
      font-size: 0.8125rem;
      cursor: pointer;
    }
    legend {
      margin-block-end: 6px;
      font-size: 0.9375rem;
      font-weight: 600;
    }
    .tags {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      max-height: 150px;
      overflow-y: auto;
      padding: 2px;
    }
    button {
      min-height: 36px;
      padding: 0 12px;
      border: 1px solid var(--k-outline);
      border-radius: 18px;
      background: none;
      color: inherit;
      font-size: 0.8125rem;
      cursor: pointer;
    }
    button[aria-pressed='true'] {
      border-color: var(--k-accent);
      background: var(--k-accent-soft);
      color: var(--k-accent);
      font-weight: 600;
    }
    .fault {
      margin-block-start: 3px;
      color: var(--k-danger);
      font-size: 0.8125rem;
    }
    @media (max-width: 699px) {
      button {
        min-height: 44px;
        border-radius: 22px;
      }
    }
  `,
})
export class TagPicker {
  readonly tags = input.required<readonly TagCount[]>();
  protected readonly b = inject(BlastTexts).b;
  readonly #locale = inject(Texts).locale;
  readonly #draft = inject(BlastDraft);
  readonly #field = this.#draft.fields.audience;
  readonly #excepted = this.#draft.fields.exceptTags;
  protected readonly excepted = this.#excepted.value;
  protected readonly chosen = this.#field.value;
  protected readonly fault = this.#field.shownFault;
  /** With those that were chosen and that no contact has any more: what is asked for stays in sight. */
  protected readonly choices = computed(() => {
    const known = this.tags().map(({ tag, count }) => ({ tag, count: wholeNumber(count, this.#locale()) }));
    const gone = [...new Set([...this.chosen(), ...this.excepted()])].filter(
      (tag) => !known.some((choice) => choice.tag === tag),
    );
    return [...known, ...gone.map((tag) => ({ tag, count: '' }))];
  });

  protected except(tag: string): void {
    const excepted = this.excepted();
    this.excepted.set(excepted.includes(tag) ? excepted.filter((other) => other !== tag) : [...excepted, tag]);
  }

  protected toggle(tag: string): void {
    const chosen = this.chosen();
    this.chosen.set(chosen.includes(tag) ? chosen.filter((other) => other !== tag) : [...chosen, tag]);
  }

  protected everyone(): void {
    this.chosen.set([]);
  }
}
