import { Component, computed, effect, inject, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { ACT_KINDS, ACT_NAMES, actKindOf, type Activity } from '@koneksi/contracts/activity';
import { PagedList } from '../core/paged-list';
import { saveFile } from '../core/save-file';
import { settled } from '../core/settled';
import { AddressState, anyText, oneOf } from '../core/address-state';
import { AuthStore } from '../core/auth-store';
import { exactTime } from '../core/formats';
import { Texts } from '../core/texts';
import { ChoiceField } from '../ui/forms/choice-field';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { Notifier } from '../ui/notifier';
import { SearchField } from '../ui/forms/search-field';
import { OutletChoices } from '../live-status/outlet-choices';
import { ActivityApi, type ActivityFilters } from './activity-api';
import { ActivityTexts } from './activity-texts';

/** A day as the device's own field writes it. */
const aDay = (said: string): string | undefined => (/^\d{4}-\d\d-\d\d$/.test(said) ? said : undefined);
const SHOWN_CHANGES = 3;

/** Who changed what, newest first. */
@Component({
  selector: 'app-activity-page',
  imports: [ChoiceField, EmptyState, Icon, Loaded, MatButton, SearchField],
  providers: [AddressState],
  templateUrl: './activity-page.html',
  styleUrls: ['../ui/lists/row-list.css', '../ui/lists/filters.css', './activity-page.css'],
})
export class ActivityPage {
  readonly #api = inject(ActivityApi);
  readonly #texts = inject(Texts);
  readonly #words = inject(ActivityTexts);
  readonly #notifier = inject(Notifier);
  readonly #address = inject(AddressState);
  readonly #user = inject(AuthStore).user;
  protected readonly t = this.#texts.t;
  protected readonly a = this.#words.a;
  protected readonly words = this.#words;
  protected readonly outlets = inject(OutletChoices);

  protected readonly who = this.#address.keep('who', '', anyText);
  protected readonly what = this.#address.keep('what', '', anyText);
  protected readonly kind = this.#address.keep<string>('kind', '', oneOf(ACT_KINDS));
  protected readonly act = this.#address.keep<string>('act', '', oneOf(ACT_NAMES));
  protected readonly outletId = this.#address.keep<string | null>('outlet', null, anyText);
  protected readonly from = this.#address.keep('from', '', aDay);
  protected readonly to = this.#address.keep('to', '', aDay);
  readonly #settledWho = settled(this.who);
  readonly #settledWhat = settled(this.what);

  protected readonly seesAll = computed(() => this.#user()?.role === 'SUPERADMIN');
  protected readonly kinds = computed(() => ACT_KINDS.map((value) => ({ value, label: this.#words.kindOf(value) })));
  protected readonly acts = computed(() =>
    ACT_NAMES.filter((name) => this.kind() === '' || actKindOf(name) === this.kind()).map((value) => ({
      value,
      label: this.#words.actOf(value),
    })),
  );
  protected readonly outletName = computed(() => {
    const id = this.outletId();
    return id === null ? '' : (this.outlets.nameOf(id) ?? id);
  });
  protected readonly isNarrowed = computed(() =>
    [this.who(), this.what(), this.kind(), this.act(), this.outletId(), this.from(), this.to()].some(Boolean),
  );
  readonly #filters = computed<ActivityFilters>(() => ({
    actor: this.#settledWho().trim() || undefined,
    search: this.#settledWhat().trim() || undefined,
    kind: this.kind() || undefined,
    action: this.act() || undefined,
    outletId: this.outletId() ?? undefined,
    from: midnightOf(this.from(), 0),
    to: midnightOf(this.to(), 1),
  }));
  protected readonly list = new PagedList<Activity>(
    async (after) => {
      const { items, next } = await this.#api.page(this.#filters(), after);
      return { items, next };
    },
    ({ id }) => id,
  );

  constructor() {
    effect(() => {
      this.#filters();
      untracked(() => void this.list.load());
    });
    // An act of another kind than the chosen one would find nothing, and not say why.
    effect(() => {
      const [kind, act] = [this.kind(), untracked(this.act)];
      if (kind !== '' && act !== '' && !act.startsWith(`${kind}.`)) this.act.set('');
    });
  }

  protected time({ at }: Activity): string {
    return exactTime(at, this.#texts.locale());
  }

  protected whence({ address, agent }: Activity): string {
    return [address, agent].filter(Boolean).join(' · ');
  }

  protected times({ until, at }: Activity, times: number): string {
    return this.a('times', {
      times: times.toLocaleString(this.#texts.locale()),
      until: exactTime(until ?? at, this.#texts.locale()),
    });
  }

  protected shown({ changes }: Activity): string[] {
    return changes.slice(0, SHOWN_CHANGES).map((change) => this.#words.changeOf(change));
  }

  protected rest({ changes }: Activity): string[] {
    return changes.slice(SHOWN_CHANGES).map((change) => this.#words.changeOf(change));
  }

  /** A name that is one of ours; what is none yet is still being typed. */
  protected choose(name: string): void {
    const found = this.outlets.all().find(({ label }) => label === name);
    if (found) this.outletId.set(found.id);
    else if (name === '') this.outletId.set(null);
  }

  protected clear(): void {
    for (const text of [this.who, this.what, this.kind, this.act, this.from, this.to]) text.set('');
    this.outletId.set(null);
  }

  protected async save(): Promise<void> {
    try {
      saveFile(await this.#api.csv(this.#filters()), 'activity.csv');
    } catch (thrown) {
      this.#notifier.tellFault(thrown);
    }
  }
}

/** When the day begins where the reader is, or the one after it. */
function midnightOf(day: string, plusDays: 0 | 1): string | undefined {
  const [year, month, date] = day.split('-').map(Number);
  const at = year && month && date ? new Date(year, month - 1, date + plusDays) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}
