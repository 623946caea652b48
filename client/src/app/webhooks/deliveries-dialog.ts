import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  type Webhook,
  type WebhookDelivery,
} from '@koneksi/contracts/webhooks';
import { ApiFault } from '../core/api-fault';
import { Clock } from '../core/clock';
import { FaultSentence } from '../core/fault-sentence';
import { exactTime, relativeTime } from '../core/formats';
import { Texts } from '../core/texts';
import { ChoiceField } from '../ui/forms/choice-field';
import { Icon } from '../ui/icon';
import { RelativeTime } from '../ui/relative-time';
import { OutletChoices } from '../live-status/outlet-choices';
import { WebhookApi } from './webhook-api';
import { webhookName } from './webhook-name';
import { WebhookTexts } from './webhook-texts';

/** What one webhook was told and what came of it; each can be sent again. */
@Component({
  selector: 'app-deliveries-dialog',
  imports: [ChoiceField, Icon, MatButton, MatDialogModule, MatIconButton, RelativeTime],
  templateUrl: './deliveries-dialog.html',
  styleUrls: ['../ui/forms/form-dialog.css', '../ui/lists/row-list.css', './deliveries-dialog.css'],
})
export class DeliveriesDialog {
  readonly #webhook = inject<Webhook>(MAT_DIALOG_DATA);
  readonly #api = inject(WebhookApi);
  readonly #texts = inject(WebhookTexts);
  readonly #locale = inject(Texts).locale;
  readonly #now = inject(Clock).now;
  readonly #outlets = inject(OutletChoices);
  readonly #next = signal<string | null>(null);
  protected readonly sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;
  protected readonly w = this.#texts.w;
  protected readonly name = webhookName(this.#webhook.url);
  protected readonly status = signal<DeliveryStatus | ''>('');
  protected readonly statuses = computed(() =>
    DELIVERY_STATUSES.map((value) => ({ value, label: this.w(`status.${value}`) })),
  );
  /** `null` until the server has answered. */
  protected readonly deliveries = signal<readonly WebhookDelivery[] | null>(null);
  protected readonly fault = signal<ApiFault | null>(null);
  protected readonly news = signal('');
  protected readonly hasMore = computed(() => this.#next() !== null);

  constructor() {
    effect(() => {
      this.status();
      untracked(() => void this.reload());
    });
  }

  protected reload(): Promise<void> {
    return this.#run(() => this.#read(null));
  }

  protected more(): Promise<void> {
    return this.#run(() => this.#read(this.#next()));
  }

  protected redrive({ id }: WebhookDelivery): Promise<void> {
    return this.#run(async () => {
      const again = await this.#api.redrive(id);
      this.deliveries.update((all) => all?.map((known) => (known.id === id ? again : known)) ?? null);
      this.news.set(this.w('told.redriven'));
    });
  }

  protected headingOf({ type, outletId }: WebhookDelivery): string {
    const outlet = outletId && this.#outlets.nameOf(outletId);
    return [this.#texts.eventOf(type), outlet].filter(Boolean).join(': ');
  }

  protected statusOf({ status }: WebhookDelivery): string {
    return this.w(`status.${status}`);
  }

  /** What was answered last, how often it was tried and when it is again. */
  protected noteOf({ status, tries, lastTries, nextTryAt }: WebhookDelivery): string {
    const [last] = lastTries;
    const took = status === 'delivered' && last;
    const answer = took
      ? this.w('log.took', { status: last.status ?? '', ms: last.durationMs })
      : last && this.#texts.answerOf(last);
    const waits = nextTryAt !== null && Date.parse(nextTryAt) > this.#now();
    const when = waits && relativeTime(nextTryAt, this.#now(), this.#locale());
    return [
      answer,
      tries > 1 && this.w('log.tries', { count: tries }),
      when ? this.w('log.retry', { when }) : status === 'pending' && this.w('log.turn'),
    ]
      .filter(Boolean)
      .join(' ');
  }

  protected verbOf({ status }: WebhookDelivery): string {
    return this.w(status === 'pending' ? 'log.now' : 'log.redrive');
  }

  protected labelOf(delivery: WebhookDelivery): string {
    return `${this.verbOf(delivery)}: ${this.headingOf(delivery)}, ${exactTime(delivery.at, this.#locale())}`;
  }

  async #read(after: string | null): Promise<void> {
    const status = this.status();
    const page = await this.#api.deliveries(this.#webhook.id, status || null, after);
    // Somebody chose otherwise meanwhile.
    if (status !== this.status()) return;
    const known = after === null ? [] : (this.deliveries() ?? []);
    const ids = new Set(known.map(({ id }) => id));
    this.deliveries.set([...known, ...page.deliveries.filter(({ id }) => !ids.has(id))]);
    this.#next.set(page.next);
  }

  async #run(command: () => Promise<void>): Promise<void> {
    this.fault.set(null);
    this.news.set('');
    try {
      await command();
    } catch (thrown) {
      this.fault.set(ApiFault.of(thrown));
    }
  }
}
