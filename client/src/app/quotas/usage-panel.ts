import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { QuotaApi } from './quota-api';
import { fullness, QuotaWords } from './quota-words';

/** How much somebody may keep and make, and how much of it they do. */
@Component({
  selector: 'app-usage-panel',
  imports: [MatButton, SkeletonRows],
  template: `
    <section class="panel" data-testid="usage">
      <h2>{{ t('quotas.title') }}</h2>
      <p class="muted">{{ t('quotas.lead') }}</p>
      @if (rows(); as rows) {
        <dl>
          @for (row of rows; track row.name) {
            <div [class]="row.fullness" data-testid="quota" [attr.data-name]="row.name">
              <dt>{{ row.label }}</dt>
              <dd class="numbers">{{ row.used }}</dd>
              <dd class="bar" aria-hidden="true"><span [style.inline-size.%]="row.share"></span></dd>
              @if (row.wayOut) {
                <dd class="note">{{ row.wayOut }}</dd>
              }
            </div>
          }
        </dl>
      } @else if (problem(); as problem) {
        <p role="alert" class="problem">{{ problem }}</p>
        <button matButton="outlined" (click)="quotas.reload()">{{ t('common.retry') }}</button>
      } @else {
        <app-skeleton-rows />
      }
    </section>
  `,
  styles: `
    section {
      margin-block-end: 16px;
      padding: 16px;
    }
    h2 {
      font-size: 1rem;
      font-weight: 600;
    }
    dl {
      margin: 8px 0 0;
    }
    dl > div {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 2px 16px;
      padding-block: 8px;
      border-top: 1px solid var(--k-border);
    }
    dd {
      margin: 0;
    }
    .bar,
    .note {
      grid-column: 1 / -1;
    }
    .bar {
      overflow: hidden;
      block-size: 6px;
      border-radius: 3px;
      background: var(--k-sunken);
    }
    .bar span {
      display: block;
      block-size: 100%;
      background: var(--k-accent);
    }
    .note {
      font-size: 0.8125rem;
    }
    .near .note {
      color: var(--k-slow);
    }
    .near .bar span {
      background: var(--k-slow);
    }
    .full .note,
    .problem {
      color: var(--k-danger);
    }
    .full .bar span {
      background: var(--k-danger);
    }
  `,
})
export class UsagePanel {
  readonly #api = inject(QuotaApi);
  readonly #words = inject(QuotaWords);
  readonly #sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;
  protected readonly quotas = resource({ loader: () => this.#api.list() });
  protected readonly problem = computed(() => {
    const fault = this.quotas.error();
    return fault && this.#sentence.of(ApiFault.of(fault.cause ?? fault));
  });
  protected readonly rows = computed(() =>
    this.quotas.hasValue()
      ? this.quotas.value().map((quota) => ({
          name: quota.name,
          label: this.#words.nameOf(quota),
          used: this.#words.usedOf(quota),
          share: Math.min(100, (100 * quota.used) / quota.limit),
          fullness: fullness(quota),
          wayOut: fullness(quota) === 'room' ? null : this.#words.wayOutOf(quota),
        }))
      : null,
  );
}
