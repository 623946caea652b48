import { Component, computed, inject, input, resource } from '@angular/core';
import type { QuotaName } from '@koneksi/contracts/quotas';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';
import { QuotaApi } from './quota-api';
import { fullness, QuotaWords } from './quota-words';

/** Says that an end is near, where people come to it; nothing while there is room. */
@Component({
  selector: 'app-quota-warning',
  imports: [Icon],
  template: `
    @for (line of lines(); track line.name) {
      <p role="status" [class]="line.fullness" data-testid="quota-warning" [attr.data-name]="line.name">
        <app-icon name="warning" /> <span>{{ line.said }}</span>
      </p>
    }
  `,
  styles: `
    p {
      display: flex;
      gap: 8px;
      align-items: start;
      margin-block: 0 12px;
      padding: 8px 12px;
      border-radius: 8px;
      background: var(--k-slow-soft);
      color: var(--k-slow);
      font-size: 0.875rem;
    }
    p.full {
      background: var(--k-bad-soft);
      color: var(--k-bad);
    }
  `,
})
export class QuotaWarning {
  readonly of = input.required<readonly QuotaName[]>();
  readonly outletId = input<string | null>(null);
  /** Whatever changes with what was made or removed here: they are asked for again then. */
  readonly with = input<unknown>(null);
  readonly #api = inject(QuotaApi);
  readonly #words = inject(QuotaWords);
  readonly #t = inject(Texts).t;
  readonly #quotas = resource({
    params: () => ({ outletId: this.outletId(), with: this.with() }),
    // Where they cannot be told, whoever comes to an end is told then.
    loader: ({ params }) => this.#api.list(params.outletId).catch(() => []),
  });
  protected readonly lines = computed(() =>
    (this.#quotas.value() ?? [])
      .filter((quota) => this.of().includes(quota.name))
      .flatMap((quota) => {
        const how = fullness(quota);
        if (how === 'room') return [];
        const [what, used] = [this.#words.nameOf(quota), this.#words.usedOf(quota)];
        const said = `${this.#t(`quotas.${how}`, { what, used })} ${this.#words.wayOutOf(quota)}`;
        return { name: quota.name, fullness: how, said };
      }),
  );
}
