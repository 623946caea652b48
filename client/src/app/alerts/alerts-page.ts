import { Component, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog, type MatDialogRef } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import type { AlertDelivery, AlertRule } from '@koneksi/contracts/alerts';
import { OUTLET_ZONES } from '@koneksi/contracts/blast-states';
import { firstValueFrom } from 'rxjs';
import type { Edited } from '../core/edited';
import { Texts } from '../core/texts';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { Editing, type Newest } from '../ui/forms/editing';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { Notifier } from '../ui/notifier';
import { AlertDesk } from './alert-desk';
import { AlertRuleDialog, type AlertRuleData } from './alert-rule-dialog';
import { AlertTexts } from './alert-texts';
import { ChannelCard } from './channel-card';
import { DeliveryLog } from './delivery-log';
import { addressText } from './recipients';
import { PersonNames } from './person-names';
import { PushPanel } from '../push/push-panel';
import { WebhookNames } from './webhook-names';
import { addressOf, TestNews } from './test-news';
import { QuotaWarning } from '../quotas/quota-warning';

/** Who is told when outlets are down, by which road, and what was said. */
@Component({
  selector: 'app-alerts-page',
  imports: [
    ChannelCard,
    DeliveryLog,
    EmptyState,
    Icon,
    Loaded,
    MatButton,
    MatIconButton,
    MatMenuModule,
    PushPanel,
    QuotaWarning,
  ],
  providers: [AlertDesk, PersonNames, WebhookNames],
  templateUrl: './alerts-page.html',
  styleUrls: ['../ui/lists/row-list.css', '../ui/badge.css', './alerts-page.css'],
})
export class AlertsPage {
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #editing = inject(Editing);
  readonly #news = inject(TestNews);
  protected readonly desk = inject(AlertDesk);
  readonly #webhooks = inject(WebhookNames);
  readonly #people = inject(PersonNames);
  protected readonly t = inject(Texts).t;
  protected readonly a = inject(AlertTexts).a;

  constructor() {
    void this.desk.load();
  }

  /** What it is about and when it speaks, in one line. */
  protected termsOf({ scope, graceMinutes, minOutlets, quietHours, zone, escalation }: AlertRule): string {
    const where = {
      all: () => this.a('row.all'),
      city: () => this.a('row.city', { city: scope.kind === 'city' ? scope.city : '' }),
      outlets: () => this.a('row.outlets', { count: scope.kind === 'outlets' ? scope.outletIds.length : 0 }),
    }[scope.kind]();
    const terms = [
      where,
      graceMinutes > 0 ? this.a('row.grace', { count: graceMinutes }) : this.a('row.atOnce'),
      minOutlets > 1 && this.a('row.atLeast', { count: minOutlets }),
      quietHours && this.a('row.quiet', { ...quietHours, zone: OUTLET_ZONES[zone].abbreviation }),
      escalation && this.a('row.escalates', { count: escalation.afterMinutes }),
    ];
    return terms.filter(Boolean).join(' · ');
  }

  protected peopleOf({ recipients, escalation }: AlertRule): string {
    const all = [...recipients, ...(escalation?.recipients ?? [])];
    return [...new Set(all.map((one) => addressText(one, this.#webhooks.of, this.#people.of)))].join(', ');
  }

  protected async add(): Promise<void> {
    const rule = (await firstValueFrom(this.#open(null).afterClosed())) as AlertRule | undefined;
    if (rule) this.#notifier.tell('users.added', { name: rule.name });
  }

  protected async edit({ id }: AlertRule): Promise<void> {
    const rule = await this.#editing.open<AlertRule, AlertRule>(`/api/alert-rules/${id}`, (edited) =>
      this.#open(edited),
    );
    if (rule) this.#notifier.tell('outlets.saved', { name: rule.name });
  }

  protected async test({ id }: AlertRule): Promise<void> {
    await this.#run(async () => this.#news.tell(await this.desk.test(id), this.#nameOf));
  }

  protected async setEnabled({ id }: AlertRule, enabled: boolean): Promise<void> {
    await this.#run(() => this.desk.update(id, { enabled }));
  }

  protected async remove({ id, name }: AlertRule): Promise<void> {
    const data: Confirmation = {
      title: this.a('verbs.removeTitle', { name }),
      body: this.a('verbs.removeBody'),
      confirm: this.a('verbs.remove'),
    };
    const options = { data, panelClass: 'dialog', role: 'alertdialog' as const };
    if ((await firstValueFrom(this.#dialog.open(ConfirmDialog, options).afterClosed())) !== true) return;
    await this.#run(() => this.desk.remove(id));
  }

  readonly #nameOf = (delivery: AlertDelivery): string => {
    const { channel, to } = delivery;
    if (channel === 'webhook') return this.#webhooks.of(to);
    return channel === 'push' ? this.#people.of(to) : addressOf(delivery);
  };

  async #run(command: () => Promise<unknown>): Promise<void> {
    try {
      await command();
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }

  #open(edited: Edited<AlertRule> | null): MatDialogRef<unknown, AlertRule | Newest> {
    const data: AlertRuleData = { desk: this.desk, edited };
    return this.#dialog.open(AlertRuleDialog, { data, panelClass: 'dialog' });
  }
}
