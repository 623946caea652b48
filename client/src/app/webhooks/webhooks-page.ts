import { Component, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import type { Webhook, WebhookPause } from '@koneksi/contracts/webhooks';
import { exactTime } from '../core/formats';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { RelativeTime } from '../ui/relative-time';
import { WebhookDesk } from './webhook-desk';
import { webhookName } from './webhook-name';
import { WebhookTexts } from './webhook-texts';
import { WebhookVerbs } from './webhook-verbs';
import { QuotaWarning } from '../quotas/quota-warning';

/** Which services are told what, and whether they are. */
@Component({
  selector: 'app-webhooks-page',
  imports: [EmptyState, Icon, Loaded, MatButton, MatIconButton, MatMenuModule, QuotaWarning, RelativeTime],
  providers: [WebhookDesk, WebhookVerbs],
  templateUrl: './webhooks-page.html',
  styleUrls: ['../ui/lists/row-list.css', '../ui/badge.css', './webhooks-page.css'],
})
export class WebhooksPage {
  readonly #texts = inject(WebhookTexts);
  readonly #locale = inject(Texts).locale;
  protected readonly desk = inject(WebhookDesk);
  protected readonly verbs = inject(WebhookVerbs);
  protected readonly t = inject(Texts).t;
  protected readonly w = this.#texts.w;
  protected readonly nameOf = ({ url }: Webhook): string => webhookName(url);

  constructor() {
    void this.desk.load();
  }

  /** What it is told and of which outlets, in one line. */
  protected termsOf({ events, outletIds }: Webhook): string {
    const where = outletIds ? this.w('row.outlets', { count: outletIds.length }) : this.w('row.all');
    return [...events.map((type) => this.#texts.eventOf(type)), where].join(' · ');
  }

  protected pausedOf(code: WebhookPause): string {
    return this.w(`paused.${code}`);
  }

  protected hintOf(code: WebhookPause): string {
    return this.w(`pausedHint.${code}`);
  }

  protected time(instant: string): string {
    return exactTime(instant, this.#locale());
  }
}
