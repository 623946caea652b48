import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { AlertRule, AlertScope, CreateAlertRule, MaintenanceWindow } from '@koneksi/contracts/alerts';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { Edited } from '../core/edited';
import { Texts } from '../core/texts';
import { OutletGroups } from '../live-status/outlet-groups';
import { ChangedMeanwhile } from '../ui/forms/changed-meanwhile';
import { CheckList } from '../ui/forms/check-list';
import { ChoiceField } from '../ui/forms/choice-field';
import { NEWEST, type Newest } from '../ui/forms/editing';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Submission } from '../ui/forms/submission';
import { SwitchField } from '../ui/forms/switch-field';
import { TextField } from '../ui/forms/text-field';
import { OutletChoices } from '../live-status/outlet-choices';
import type { AlertDesk } from './alert-desk';
import { AlertTexts } from './alert-texts';
import { MaintenanceField } from './maintenance-field';
import { RecipientFields } from './recipient-fields';
import { RecipientsField } from './recipients-field';

export interface AlertRuleData {
  desk: AlertDesk;
  /** Which to edit; `null` for a new one. */
  edited: Edited<AlertRule> | null;
}

/** Adds a rule, or edits one. Closes with the saved rule. */
@Component({
  selector: 'app-alert-rule-dialog',
  imports: [
    ChangedMeanwhile,
    CheckList,
    ChoiceField,
    FormFoot,
    MaintenanceField,
    MatDialogModule,
    RecipientsField,
    SwitchField,
    TextField,
  ],
  templateUrl: './alert-rule-dialog.html',
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(190px, 1fr));
      gap: 0 14px;
    }
    .spaced {
      display: block;
      margin-block-start: 12px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class AlertRuleDialog {
  readonly #data = inject<AlertRuleData>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<AlertRuleDialog, AlertRule | Newest>>(MatDialogRef);
  readonly #locale = inject(Texts).locale;
  protected readonly a = inject(AlertTexts).a;
  protected readonly outlets = inject(OutletChoices);
  protected readonly groups = inject(OutletGroups);
  protected readonly edited = this.#data.edited;
  protected readonly rule = this.edited?.value ?? null;
  protected readonly webhooks = this.#data.desk.webhooks;
  protected readonly people = this.#data.desk.people;

  protected readonly kind = signal<string>(this.rule?.scope.kind ?? 'all');
  protected readonly quiet = signal(Boolean(this.rule?.quietHours));
  protected readonly escalates = signal(Boolean(this.rule?.escalation));
  protected readonly tellRecovery = signal(this.rule?.tellRecovery ?? true);
  protected readonly reconnectLink = signal(this.rule?.reconnectLink ?? false);
  protected readonly maintenance = signal<readonly MaintenanceWindow[]>(this.rule?.maintenance ?? []);
  protected readonly zone = signal<OutletZone>(this.rule?.zone ?? 'Asia/Jakarta');
  protected readonly zones = (Object.keys(OUTLET_ZONES) as OutletZone[]).map((value) => ({
    value,
    label: OUTLET_ZONES[value].abbreviation,
  }));
  protected readonly scopes = computed(() => [
    { value: 'all', label: this.a('form.all') },
    { value: 'city', label: this.a('form.city') },
    { value: 'outlets', label: this.a('form.some') },
  ]);

  readonly #whole =
    (least: number, most: number, isAsked: () => boolean = () => true) =>
    (typed: string): string | null => {
      const value = Number(typed.trim());
      const isRight = /^\d{1,4}$/.test(typed.trim()) && value >= least && value <= most;
      return isRight || !isAsked() ? null : this.a('form.range', { least, most });
    };
  readonly #time = (typed: string): string | null =>
    !this.quiet() || /^([01]\d|2[0-3]):[0-5]\d$/.test(typed.trim()) ? null : this.a('form.timeShape');

  protected readonly fields = {
    name: new FormField(this.rule?.name ?? '', (name) => (name.trim() ? null : this.a('form.nameMissing'))),
    city: new FormField(this.rule?.scope.kind === 'city' ? this.rule.scope.city : '', (city) =>
      this.kind() !== 'city' || city.trim() ? null : this.a('form.cityMissing'),
    ),
    outletIds: new FormField<ReadonlySet<string>>(
      new Set(this.rule?.scope.kind === 'outlets' ? this.rule.scope.outletIds : []),
      (chosen) => (this.kind() !== 'outlets' || chosen.size > 0 ? null : this.a('form.outletsMissing')),
    ),
    graceMinutes: new FormField(String(this.rule?.graceMinutes ?? 5), this.#whole(0, 1_440)),
    minOutlets: new FormField(String(this.rule?.minOutlets ?? 1), this.#whole(1, 1_000)),
    afterMinutes: new FormField(
      String(this.rule?.escalation?.afterMinutes ?? 15),
      this.#whole(1, 1_440, () => this.escalates()),
    ),
    quietFrom: new FormField(this.rule?.quietHours?.from ?? '22:00', this.#time),
    quietTo: new FormField(this.rule?.quietHours?.to ?? '06:00', this.#time),
  };

  readonly #isThere = (id: string): boolean => this.webhooks().some((webhook) => webhook.id === id);
  readonly #isPerson = (id: string): boolean => this.people().some((person) => person.id === id);
  protected readonly recipients = new RecipientFields({
    before: this.rule?.recipients ?? [],
    a: this.a,
    isThere: this.#isThere,
    isPerson: this.#isPerson,
  });
  protected readonly further = new RecipientFields({
    before: this.rule?.escalation?.recipients ?? [],
    a: this.a,
    isThere: this.#isThere,
    isPerson: this.#isPerson,
    isAsked: this.escalates,
  });
  protected readonly form = new Submission({
    ...this.fields,
    recipients: this.recipients,
    escalation: this.further,
    quietHours: this.fields.quietFrom,
    scope: {
      visit: () => undefined,
      fault: signal(null),
      refuse: (message) => (this.kind() === 'city' ? this.fields.city : this.fields.outletIds).refuse(message),
    },
  });

  protected save(event: Event): Promise<void> {
    return this.form.run(event, async () => this.#dialog.close(await this.#send()));
  }

  protected newest(): void {
    this.#dialog.close(NEWEST);
  }

  #send(): Promise<AlertRule> {
    const { desk } = this.#data;
    return this.rule ? desk.update(this.rule.id, this.#request(), this.edited?.ifMatch) : desk.create(this.#request());
  }

  #request(): CreateAlertRule {
    const { name, graceMinutes, minOutlets, afterMinutes } = this.fields;
    return {
      name: name.value().trim(),
      scope: this.#scope(),
      graceMinutes: Number(graceMinutes.value()),
      minOutlets: Number(minOutlets.value()),
      recipients: this.recipients.value(this.#locale()),
      zone: this.zone(),
      quietHours: this.quiet()
        ? { from: this.fields.quietFrom.value().trim(), to: this.fields.quietTo.value().trim() }
        : null,
      maintenance: [...this.maintenance()],
      escalation: this.escalates()
        ? { afterMinutes: Number(afterMinutes.value()), recipients: this.further.value(this.#locale()) }
        : null,
      tellRecovery: this.tellRecovery(),
      reconnectLink: this.reconnectLink(),
    };
  }

  #scope(): AlertScope {
    switch (this.kind()) {
      case 'city':
        return { kind: 'city', city: this.fields.city.value().trim() };
      case 'outlets':
        return { kind: 'outlets', outletIds: [...this.fields.outletIds.value()] };
      default:
        return { kind: 'all' };
    }
  }
}
