import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { LinkAuditAnswer } from '@koneksi/contracts/link-audit';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { RelativeTime } from '../ui/relative-time';

const AT_MOST = 20;

/** Who was shown what links this outlet, newest first. For those who manage outlets. */
@Component({
  selector: 'app-link-viewers',
  imports: [MatButton, RelativeTime],
  host: { 'data-testid': 'link-viewers' },
  template: `
    <p class="muted">{{ t('sheet.viewersHint') }}</p>
    @if (fault(); as fault) {
      <p class="problem">
        {{ sentence.of(fault) }}
        <button matButton (click)="answer.reload()">{{ t('common.retry') }}</button>
      </p>
    }
    @if (answer.hasValue()) {
      <ol>
        @for (entry of answer.value().entries; track $index) {
          <li>
            <span>
              <strong>{{ entry.by.name }}</strong>
              <span class="muted">
                · {{ act(entry.code) }}
                @if (entry.by.kind === 'api-key') {
                  · {{ t('sheet.byApiKey') }}
                } @else if (entry.by.kind === 'reconnect-link') {
                  · {{ t('sheet.byReconnectLink') }}
                }
              </span>
            </span>
            <app-relative-time class="muted" [instant]="entry.at" />
          </li>
        } @empty {
          <li class="muted">{{ t('sheet.noViewers') }}</li>
        }
      </ol>
    }
  `,
  styles: `
    :host {
      display: block;
      font-size: 0.8125rem;
    }
    ol {
      margin: 4px 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      justify-content: space-between;
      gap: 10px;
      padding-block: 6px;
      overflow-wrap: anywhere;
    }
    .problem {
      color: var(--k-danger);
    }
  `,
})
export class LinkViewers {
  readonly outletId = input.required<string>();
  protected readonly t = inject(Texts).t;
  protected readonly act = (code: LinkAuditAnswer['entries'][number]['code']) => this.t(`sheet.viewed.${code}`);
  protected readonly sentence = inject(FaultSentence);
  protected readonly answer = httpResource<LinkAuditAnswer>(() => ({
    url: `/api/outlets/${this.outletId()}/link-audit`,
    params: { limit: AT_MOST },
  }));
  protected readonly fault = computed(() => {
    const thrown = this.answer.error();
    return thrown ? ApiFault.of(thrown) : null;
  });
}
