import { Component, computed, effect, inject, linkedSignal, signal, untracked } from '@angular/core';
import { MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { BlastSettings, UpdateBlastSettings } from '@koneksi/contracts/blast-settings';
import { FIELD_TEXTS } from '@koneksi/contracts/field-texts';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from '../core/api-fault';
import { Clock } from '../core/clock';
import type { Edited } from '../core/edited';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { NameOrder } from '../live-status/name-order';
import { ChangedMeanwhile } from '../ui/forms/changed-meanwhile';
import { ChoiceField } from '../ui/forms/choice-field';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { complete, FormField, placeFault } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Notifier } from '../ui/notifier';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { SwitchField } from '../ui/forms/switch-field';
import { TextField } from '../ui/forms/text-field';
import { BlastApi } from './blast-api';
import { BlastTexts } from './blast-texts';
import { holdText } from './hold-text';

const MS = 1_000;

/** How carefully each outlet sends. Another outlet is another set of values. */
@Component({
  selector: 'app-settings-dialog',
  imports: [ChangedMeanwhile, ChoiceField, FormFoot, MatDialogModule, SkeletonRows, SwitchField, TextField],
  templateUrl: './settings-dialog.html',
  styleUrls: ['../ui/forms/form-dialog.css', './settings-dialog.css'],
})
export class SettingsDialog {
  readonly #dialog = inject<MatDialogRef<SettingsDialog>>(MatDialogRef);
  readonly #dialogs = inject(MatDialog);
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
  /** What the choice says; followed once nothing typed is lost by it. The first, where none is known before this opens. */
  protected readonly choice = linkedSignal<readonly { value: string }[], string>({
    source: this.outlets,
    computation: (outlets, before) => before?.value || (outlets[0]?.value ?? ''),
  });
  protected readonly outletId = signal(this.choice());
  protected readonly everywhere = signal(false);
  /** How many outlets of all have them by now; `null` unless they are given to all. */
  protected readonly given = signal<number | null>(null);
  protected readonly zones = (Object.keys(OUTLET_ZONES) as OutletZone[]).map((value) => ({
    value,
    label: OUTLET_ZONES[value].abbreviation,
  }));
  protected readonly edited = signal<Edited<BlastSettings> | null>(null);
  readonly #settings = computed(() => this.edited()?.value ?? null);
  protected readonly loaded = computed(() => this.#settings()?.outletId === this.outletId());
  protected readonly today = computed(() => this.#settings()?.today ?? null);
  protected readonly restricted = computed(() => {
    const settings = this.#settings();
    if (!settings?.restrictedUntil) return null;
    const hold = { code: 'RESTRICTED', until: settings.restrictedUntil } as const;
    return holdText(hold, settings.zone, this.#texts.locale(), this.#now());
  });

  readonly #number =
    (shape: RegExp, most: number) =>
    (typed: string): string | null =>
      shape.test(typed.trim()) && numberIn(typed) <= most
        ? null
        : this.b('settings.range', { most: this.#texts.number(most) });
  readonly #seconds = this.#number(/^\d{1,4}([.,]\d{1,3})?$/, 3_600);
  readonly #cap = this.#number(/^\d{1,6}$/, 100_000);
  readonly #time = (typed: string): string | null =>
    /^([01]\d|2[0-3]):[0-5]\d$/.test(typed.trim()) ? null : this.b('settings.timeShape');
  readonly #end = (typed: string): string | null => {
    const isAlike = typed.trim() === this.fields.from.value().trim();
    return this.#time(typed) ?? (isAlike ? FIELD_TEXTS.HOURS_ALIKE[this.#texts.locale()] : null);
  };
  protected readonly quiet = signal(true);
  protected readonly zone = new FormField<OutletZone>('Asia/Jakarta');
  /** `yes`, `no`, or nothing for what all outlets do. */
  protected readonly confirmStop = new FormField<string>('');
  protected readonly confirmations = computed(() =>
    (['', 'yes', 'no'] as const).map((value) => ({ value, label: this.b(`settings.confirms.${value || 'chain'}`) })),
  );
  protected readonly fields = {
    paceMinMs: new FormField<string>('', this.#seconds),
    paceMaxMs: new FormField<string>('', this.#seconds),
    newChatsPerDay: new FormField<string>('', this.#cap),
    knownChatsPerDay: new FormField<string>('', this.#cap),
    warmUpDays: new FormField<string>('', this.#number(/^\d{1,2}$/, 60)),
    from: new FormField<string>('', this.#time),
    to: new FormField<string>('', this.#end),
  };
  #asFilled = '';
  protected readonly saving = signal(false);
  protected readonly problem = signal<string | null>(null);
  /** Somebody else saved first. */
  protected readonly changed = signal(false);

  constructor() {
    effect(() => {
      const outletId = this.outletId();
      untracked(() => void this.load(outletId));
    });
    effect(() => {
      const choice = this.choice();
      untracked(() => void this.#follow(choice));
    });
  }

  async #follow(choice: string): Promise<void> {
    if (choice === this.outletId()) return;
    if (this.loaded() && JSON.stringify(this.#changes()) !== this.#asFilled && !(await this.#mayDiscard()))
      return this.choice.set(this.outletId());
    this.outletId.set(choice);
  }

  async #mayDiscard(): Promise<boolean> {
    const data: Confirmation = {
      title: this.b('settings.discardTitle'),
      body: this.b('settings.discardBody'),
      confirm: this.b('settings.discard'),
      back: this.b('compose.back'),
    };
    const dialog = this.#dialogs.open(ConfirmDialog, { data, panelClass: 'dialog' });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }

  protected async load(outletId = this.outletId()): Promise<void> {
    if (!outletId) return;
    this.problem.set(null);
    this.changed.set(false);
    this.edited.set(null);
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
    if (!this.loaded() || this.saving()) return;
    // The server is asked anew: what it refused before may hold no longer.
    for (const field of Object.values(this.fields)) field.leave();
    const { from: _from, to: _to, ...always } = this.fields;
    if (!complete(this.quiet() ? this.fields : always)) return;
    this.saving.set(true);
    this.problem.set(null);
    this.changed.set(false);
    try {
      const name = this.everywhere() ? await this.#saveEverywhere() : await this.#saveOne();
      this.#notifier.tell('outlets.saved', { name });
      this.#dialog.close();
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      this.changed.set(fault.code === 'CHANGED_MEANWHILE');
      const unplaced = placeFault(fault, { ...this.fields, quietHours: this.fields.from, zone: this.zone });
      if (unplaced.length || !fault.fields.length) this.problem.set([this.#sentence.of(fault), ...unplaced].join(' '));
    } finally {
      this.saving.set(false);
      this.given.set(null);
    }
  }

  async #saveOne(): Promise<string> {
    const { outletId } = await this.#api.updateSettings(this.outletId(), this.#changes(), this.edited()?.ifMatch);
    return this.outlets().find(({ value }) => value === outletId)?.label ?? '';
  }

  /** One after the other, the one that is looked at first: what is wrong shows before any other has it. */
  async #saveEverywhere(): Promise<string> {
    const changes = this.#changes();
    const ids = this.outlets().map(({ value }) => value);
    for (const [index, id] of [this.outletId(), ...ids.filter((id) => id !== this.outletId())].entries()) {
      this.given.set(index);
      // Of the others nobody saw what they are.
      await this.#api.updateSettings(id, changes, index === 0 ? this.edited()?.ifMatch : undefined);
    }
    return this.b('list.outlets', { count: ids.length });
  }

  #fill(edited: Edited<BlastSettings>): void {
    const settings = edited.value;
    const seconds = (ms: number): string => String(ms / MS);
    this.zone.value.set(settings.zone);
    this.fields.paceMinMs.value.set(seconds(settings.paceMinMs));
    this.fields.paceMaxMs.value.set(seconds(settings.paceMaxMs));
    for (const key of ['newChatsPerDay', 'knownChatsPerDay', 'warmUpDays'] as const)
      this.fields[key].value.set(String(settings[key]));
    this.quiet.set(settings.quietHours !== null);
    this.fields.from.value.set(settings.quietHours?.from ?? '');
    this.fields.to.value.set(settings.quietHours?.to ?? '');
    this.confirmStop.value.set(settings.confirmStop === null ? '' : settings.confirmStop ? 'yes' : 'no');
    this.edited.set(edited);
    this.#asFilled = JSON.stringify(this.#changes());
  }

  #changes(): UpdateBlastSettings {
    const { paceMinMs, paceMaxMs, newChatsPerDay, knownChatsPerDay, warmUpDays, from, to } = this.fields;
    const ms = (field: FormField<string>): number => Math.round(numberIn(field.value()) * MS);
    return {
      zone: this.zone.value(),
      paceMinMs: ms(paceMinMs),
      paceMaxMs: ms(paceMaxMs),
      newChatsPerDay: Number(newChatsPerDay.value()),
      knownChatsPerDay: Number(knownChatsPerDay.value()),
      warmUpDays: Number(warmUpDays.value()),
      quietHours: this.quiet() ? { from: from.value().trim(), to: to.value().trim() } : null,
      confirmStop: this.confirmStop.value() === '' ? null : this.confirmStop.value() === 'yes',
    };
  }
}

function numberIn(typed: string): number {
  return Number(typed.trim().replace(',', '.'));
}
