import { Component, inject, input } from '@angular/core';
import type { ImportCounts as Counts } from '@koneksi/contracts/contact-import';
import { Texts } from '../core/texts';

/** What would become of the lines of a file. */
@Component({
  selector: 'app-import-counts',
  template: `
    <dl>
      <div>
        <dt>{{ t('import.added') }}</dt>
        <dd class="numbers" data-testid="import-added">{{ number(counts().added) }}</dd>
      </div>
      <div>
        <dt>{{ t('import.updated') }}</dt>
        <dd class="numbers" data-testid="import-updated">{{ number(counts().updated) }}</dd>
      </div>
      <div>
        <dt>{{ t('import.same') }}</dt>
        <dd class="numbers" data-testid="import-same">{{ number(counts().same) }}</dd>
      </div>
      <div [class.some]="counts().rejected > 0">
        <dt>{{ t('import.rejected') }}</dt>
        <dd class="numbers" data-testid="import-rejected">{{ number(counts().rejected) }}</dd>
      </div>
    </dl>
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: repeat(4, 1fr);
      gap: 8px;
      margin: 0;
    }
    dl > div {
      padding: 10px 12px;
      border-radius: 8px;
      background: var(--k-sunken);
    }
    dl > .some {
      background: var(--k-slow-soft);
      color: var(--k-slow);
    }
    dt {
      font-size: 0.8125rem;
    }
    dd {
      margin: 0;
      font-size: 1.25rem;
      font-weight: 600;
    }
    @media (max-width: 699px) {
      dl {
        grid-template-columns: repeat(2, 1fr);
      }
    }
  `,
})
export class ImportCounts {
  readonly counts = input.required<Counts>();
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
}
