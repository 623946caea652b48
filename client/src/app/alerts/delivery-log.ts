import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import type { AlertDelivery } from '@koneksi/contracts/alerts';
import { Clock } from '../core/clock';
import { FaultSentence } from '../core/fault-sentence';
import { relativeTime } from '../core/formats';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';
import { Notifier } from '../ui/notifier';
import { RelativeTime } from '../ui/relative-time';
import { AlertDesk } from './alert-desk';
import { AlertTexts } from './alert-texts';
import { PersonNames } from './person-names';
import { addressOf, TestNews } from './test-news';
import { WebhookNames } from './webhook-names';

/** What was said to whom, and what came of it. */
@Component({
  selector: 'app-delivery-log',
  imports: [Icon, MatButton, MatIconButton, RelativeTime],
  template: `
    <div class="head">
      <h2>{{ a('log.title') }}</h2>
      <button matIconButton (click)="reload()" [attr.aria-label]="a('log.reload')" data-testid="reload-log">
        <app-icon name="refresh" />
      </button>
    </div>
    <ul class="panel" [attr.aria-label]="a('log.title')">
      @for (delivery of log.items(); track delivery.id) {
        <li data-testid="delivery" [attr.data-status]="delivery.status">
          <div class="who">
            <span class="name">{{ headingOf(delivery) }}</span>
            <span class="muted"
              >{{ toOf(delivery) }}{{ delivery.ruleName ? ' · ' + a('log.by', { rule: delivery.ruleName }) : '' }}</span
            >
          </div>
          <div>
            <span class="badge" [class]="delivery.status">{{ a(statusOf(delivery)) }}</span>
            <p class="muted note">{{ noteOf(delivery) }}</p>
          </div>
          <p class="muted when"><app-relative-time [instant]="delivery.at" /></p>
        </li>
      } @empty {
        <li class="none muted">{{ log.items() ? a('log.none') : '' }}</li>
      }
    </ul>
    <p role="alert" class="problem">{{ problem() }}</p>
    @if (log.more()) {
      <button matButton (click)="log.loadMore()" data-testid="more-log">{{ a('log.more') }}</button>
    }
  `,
  styles: `
    .head {
      display: flex;
      align-items: center;
      justify-content: space-between;
    }
    h2 {
      font-size: 1rem;
      font-weight: 600;
    }
    li {
      grid-template-columns: minmax(220px, 1.6fr) minmax(160px, 1fr) 120px;
    }
    li.none {
      display: block;
      padding: 20px 16px;
    }
    .problem {
      color: var(--k-danger);
    }
    .badge {
      padding: 1px 8px;
      border-radius: 6px;
      background: var(--k-sunken);
      font-size: 0.8125rem;
    }
    .badge.dead {
      color: var(--k-bad);
      background: var(--k-bad-soft);
    }
    .badge.pending {
      color: var(--k-slow);
      background: var(--k-slow-soft);
    }
    .note,
    .when {
      font-size: 0.8125rem;
    }
    @media (max-width: 899px) {
      li:not(.none) {
        grid-template-columns: 1fr auto;
        gap: 4px 8px;
        padding: 10px 16px;
      }
      .who {
        grid-column: 1 / -1;
      }
    }
  `,
  styleUrl: '../ui/lists/row-list.css',
})
export class DeliveryLog {
  readonly #notifier = inject(Notifier);
  readonly #news = inject(TestNews);
  readonly #texts = inject(Texts);
  readonly #webhooks = inject(WebhookNames);
  readonly #people = inject(PersonNames);
  readonly #now = inject(Clock).minute;
  readonly #desk = inject(AlertDesk);
  readonly #sentence = inject(FaultSentence);
  protected readonly log = this.#desk.log;
  protected readonly problem = computed(() => {
    const fault = this.log.fault() ?? this.log.moreFault();
    return fault && this.#sentence.of(fault);
  });
  protected readonly a = inject(AlertTexts).a;

  protected headingOf({ kind, names, outlets }: AlertDelivery): string {
    const more = outlets - names.length;
    const who = more > 0 ? this.a('log.others', { names: names.join(', '), count: more }) : names.join(', ');
    return [this.a(`kind.${kind}`), who].filter(Boolean).join(': ');
  }

  protected toOf(delivery: AlertDelivery): string {
    const { channel, to } = delivery;
    if (channel === 'webhook') return this.#webhooks.of(to);
    return channel === 'push' ? this.#people.of(to) : addressOf(delivery);
  }

  protected statusOf({ status }: AlertDelivery): `status.${AlertDelivery['status']}` {
    return `status.${status}`;
  }

  /** Why it did not get out, how often that was tried and when it is again. */
  protected noteOf({ status, tries, lastTries, nextTryAt }: AlertDelivery): string {
    const fault = status === 'sent' ? null : lastTries[0]?.fault;
    // An outlet has it; looking after it is no try.
    if (fault === 'WAITING_TURN') return this.#news.faultOf(fault);
    const when = nextTryAt && tries > 0 ? relativeTime(nextTryAt, this.#now(), this.#texts.locale()) : null;
    const tried = [tries > 1 && this.a('log.tries', { count: tries }), when && this.a('log.retry', { when })];
    return [fault && this.#news.faultOf(fault), tried.filter(Boolean).join(', ')].filter(Boolean).join(' ');
  }

  protected async reload(): Promise<void> {
    await this.#desk.reload().catch((fault: unknown) => this.#notifier.tellFault(fault));
  }
}
