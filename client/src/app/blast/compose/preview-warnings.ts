import { Component, computed, inject, input } from '@angular/core';
import type { BlastPreview, UnknownTag } from '@koneksi/contracts/blast-preview';
import { BlastTexts } from '../blast-texts';

/** What of a preview must be seen before anything leaves, wherever it is looked at. */
@Component({
  selector: 'app-preview-warnings',
  template: `
    @for (warning of warnings(); track warning.text) {
      <p class="alarm" role="alert" [attr.data-testid]="'alarm-' + warning.of">{{ warning.text }}</p>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .alarm {
      flex-basis: 100%;
      padding: 10px 12px;
      border-radius: 8px;
      background: var(--k-bad-soft);
      color: var(--k-bad);
      font-weight: 600;
    }
  `,
})
export class PreviewWarnings {
  readonly preview = input.required<Pick<BlastPreview, 'unknownTags'>>();
  readonly #b = inject(BlastTexts).b;
  protected readonly warnings = computed(() =>
    this.preview().unknownTags.map((unknown) => ({ of: 'unknown-tag', text: this.#tagText(unknown) })),
  );

  #tagText({ tag, use, meant }: UnknownTag): string {
    const told =
      use === 'except' ? this.#b('warnings.exceptsNobody', { tag }) : this.#b('warnings.reachesNobody', { tag });
    return meant === null ? told : `${told} ${this.#b('warnings.meant', { tag: meant })}`;
  }
}
