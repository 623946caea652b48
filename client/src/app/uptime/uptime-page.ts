import { Component, computed, effect, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { UPTIME_WINDOWS, type UptimeWindow } from '@koneksi/contracts/uptime';
import { saveFile } from '../core/save-file';
import { AddressState, anyText, oneOf } from '../core/address-state';
import { Clock } from '../core/clock';
import { finePercent } from '../core/formats';
import { Texts } from '../core/texts';
import { IncidentRow } from '../incidents/incident-row';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { Notifier } from '../ui/notifier';
import { monthName, monthsBefore } from './months';
import { twoUnits } from './two-units';
import { UptimeApi } from './uptime-api';
import { UptimeBars } from './uptime-bars';
import { UptimeDesk } from './uptime-desk';
import { UptimeTexts } from './uptime-texts';

const WINDOWS = Object.keys(UPTIME_WINDOWS) as UptimeWindow[];

/** How much of its time each outlet could send, and what stopped it. */
@Component({
  selector: 'app-uptime-page',
  imports: [EmptyState, Icon, IncidentRow, Loaded, MatButton, RouterLink, UptimeBars],
  providers: [AddressState, UptimeDesk],
  templateUrl: './uptime-page.html',
  styleUrls: ['../ui/lists/row-list.css', './uptime-page.css'],
})
export class UptimePage {
  readonly #texts = inject(Texts);
  readonly #api = inject(UptimeApi);
  readonly #notifier = inject(Notifier);
  readonly #address = inject(AddressState);
  protected readonly desk = inject(UptimeDesk);
  protected readonly t = this.#texts.t;
  protected readonly u = inject(UptimeTexts).u;

  protected readonly window = this.#address.keep<UptimeWindow>('window', '7d', oneOf(WINDOWS));
  protected readonly outletId = this.#address.keep<string | null>('outlet', null, anyText);
  protected readonly opened = this.#address.keep<string | null>('incident', null, anyText);
  protected readonly windows = WINDOWS.map((name) => ({ name, label: `windows.${name}` as const }));
  protected readonly windowLabel = computed(() => `windows.${this.window()}` as const);
  protected readonly months = monthsBefore(inject(Clock).instant(), 12);

  readonly #outlets = resource({ loader: () => this.#api.outlets() });
  protected readonly outlets = computed(() => (this.#outlets.hasValue() ? this.#outlets.value() : []));
  protected readonly name = computed(() => this.outlets().find(({ id }) => id === this.outletId())?.name ?? '');

  protected readonly figures = computed(() => {
    const uptime = this.desk.items()?.uptime;
    if (!uptime) return [];
    const { downSeconds, incidents, meanTimeToRepairSeconds: repair } = uptime;
    return [
      { label: 'figures.uptime', value: this.share(uptime.uptime), name: 'uptime' },
      { label: 'figures.down', value: this.length(downSeconds), name: 'down' },
      { label: 'figures.incidents', value: this.#texts.number(incidents), name: 'incidents' },
      { label: 'figures.repair', value: repair === null ? this.t('common.none') : this.length(repair), name: 'repair' },
    ] as const;
  });

  constructor() {
    effect(() => this.desk.want(this.window(), this.outletId()));
  }

  protected share(uptime: number | null): string {
    return uptime === null ? this.u('figures.nothing') : finePercent(uptime, this.#texts.locale());
  }

  protected length(seconds: number): string {
    return twoUnits(seconds, this.#texts.locale());
  }

  /** A name that is one of ours; what is none yet is still being typed. */
  protected choose(name: string): void {
    const found = this.outlets().find((outlet) => outlet.name === name);
    if (found) this.outletId.set(found.id);
    else if (name === '') this.outletId.set(null);
  }

  protected print(): void {
    window.print();
  }

  protected monthOf(month: string): string {
    return monthName(month, this.#texts.locale());
  }

  protected async save(month: string): Promise<void> {
    try {
      saveFile(await this.#api.sheet(month), `uptime-${month}.csv`);
    } catch (thrown) {
      this.#notifier.tellFault(thrown);
    }
  }
}
