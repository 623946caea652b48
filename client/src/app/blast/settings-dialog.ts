import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { BlastSettings, UpdateBlastSettings } from '@koneksi/contracts/blasts';
import { FIELD_TEXTS } from '@koneksi/contracts/field-texts';
import { ApiFault } from '../core/api-fault';
import { Clock } from '../core/clock';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { NameOrder } from '../outlet-status/name-order';
import { ChoiceField } from '../ui/choice-field';
import { complete, FormField, placeFault } from '../ui/form-field';
import { Notifier } from '../ui/notifier';
import { SkeletonRows } from '../ui/skeleton-rows';
import { SwitchField } from '../ui/switch-field';
import { TextField } from '../ui/text-field';
import { BlastApi } from './blast-api';
import { BlastTexts } from './blast-texts';
import { holdText } from './hold-text';

const MS = 1_000;

/** How carefully each outlet sends. Another outlet is another set of values. */
@Component({
  selector: 'app-settings-dialog',
  imports: [ChoiceField, MatButton, MatDialogModule, SkeletonRows, SwitchField, TextField],
  templateUrl: './settings-dialog.html',
  styleUrls: ['../ui/form-dialog.css', './settings-dialog.css'],
})
export class SettingsDialog {
  readonly #dialog = inject<MatDialogRef<SettingsDialog>>(MatDialogRef);
  readonly #api = inject(BlastApi);
  readonly #texts = inject(Texts);
  readonly #sentence = inject(FaultSentence);
  readonly #notifier = inject(Notifier);
  readonly #rows = inject(NameOrder).rows;
  readonly #now = inject(Clock).minute;
  protected readonly t = this.#texts.t;
  protected readonly b = inject(BlastTexts).b;

  protected readonly outlets = computed(
    () => this.#rows().map(({ id, status }) => ({ value: id, label: status.outlet.name })),
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  protected readonly outletId = signal(this.outlets()[0]?.value ?? '');
  protected readonly zones = (Object.keys(OUTLET_ZONES) as OutletZone[]).map((value) => ({
    value,
    label: OUTLET_ZONES[value].abbreviation,
  }));
  readonly #settings = signal<BlastSettings | null>(null);
  protected readonly loaded = computed(() => this.#settings()?.outletId === this.outletId());
  protected readonly today = computed(() => this.#settings()?.today ?? null);
  protected readonly restricted = computed(() => {
    const settings = this.#settings();
    if (!settings?.restrictedUntil) return null;
    const hold = { code: 'RESTRICTED', until: settings.restrictedUntil } as const;
    return holdText(hold, settings.zone, this.#texts.locale(), this.#now());
  });

  readonly #count = (typed: string): string | null =>
    /^\d{1,6}$/.test(typed.trim()) ? null : FIELD_TEXTS.INVALID[this.#texts.locale()];
  readonly #seconds = (typed: string): string | null =>
    /^\d{1,4}([.,]\d{1,3})?$/.test(typed.trim()) ? null : FIELD_TEXTS.INVALID[this.#texts.locale()];
  readonly #time = (typed: string): string | null =>
    /^\d\d:\d\d$/.test(typed) || !this.quiet() ? null : FIELD_TEXTS.REQUIRED[this.#texts.locale()];
  protected readonly quiet = signal(true);
  protected readonly zone = new FormField<string>('Asia/Jakarta');
  protected readonly fields = {
    paceMinMs: new FormField<string>('', this.#seconds),
    paceMaxMs: new FormField<string>('', this.#seconds),
    newChatsPerDay: new FormField<string>('', this.#count),
    knownChatsPerDay: new FormField<string>('', this.#count),
    warmUpDays: new FormField<string>('', this.#count),
    from: new FormField<string>('', this.#time),
    to: new FormField<string>('', this.#time),
  };
  protected readonly saving = signal(false);
  protected readonly problem = signal<string | null>(null);

  constructor() {
    effect(() => {
      const outletId = this.outletId();
      untracked(() => void this.load(outletId));
    });
  }

  protected async load(outletId = this.outletId()): Promise<void> {
    if (!outletId) return;
    this.problem.set(null);
    this.#settings.set(null);
    try {
      const settings = await this.#api.settings(outletId);
      // Someone may have chosen another one meanwhile.
      if (outletId === this.outletId()) this.#fill(settings);
    } catch (thrown) {
      this.problem.set(this.#sentence.of(ApiFault.of(thrown)));
    }
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.loaded() || !complete(this.fields) || this.saving()) return;
    this.saving.set(true);
    this.problem.set(null);
    try {
      const settings = await this.#api.updateSettings(this.outletId(), this.#changes());
      const name = this.outlets().find(({ value }) => value === settings.outletId)?.label ?? '';
      this.#notifier.tell('outlets.saved', { name });
      this.#dialog.close();
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      const unplaced = placeFault(fault, { ...this.fields, quietHours: this.fields.from, zone: this.zone });
      if (unplaced.length || !fault.fields.length) this.problem.set([this.#sentence.of(fault), ...unplaced].join(' '));
    } finally {
      this.saving.set(false);
    }
  }

  #fill(settings: BlastSettings): void {
    const seconds = (ms: number): string => String(ms / MS);
    this.zone.value.set(settings.zone);
    this.fields.paceMinMs.value.set(seconds(settings.paceMinMs));
    this.fields.paceMaxMs.value.set(seconds(settings.paceMaxMs));
    for (const key of ['newChatsPerDay', 'knownChatsPerDay', 'warmUpDays'] as const)
      this.fields[key].value.set(String(settings[key]));
    this.quiet.set(settings.quietHours !== null);
    this.fields.from.value.set(settings.quietHours?.from ?? '');
    this.fields.to.value.set(settings.quietHours?.to ?? '');
    this.#settings.set(settings);
  }

  #changes(): UpdateBlastSettings {
    const { paceMinMs, paceMaxMs, newChatsPerDay, knownChatsPerDay, warmUpDays, from, to } = this.fields;
    const ms = (field: FormField<string>): number => Math.round(Number(field.value().replace(',', '.')) * MS);
    return {
      zone: this.zone.value() as OutletZone,
      paceMinMs: ms(paceMinMs),
      paceMaxMs: ms(paceMaxMs),
      newChatsPerDay: Number(newChatsPerDay.value()),
      knownChatsPerDay: Number(knownChatsPerDay.value()),
      warmUpDays: Number(warmUpDays.value()),
      quietHours: this.quiet() ? { from: from.value(), to: to.value() } : null,
    };
  }
}
