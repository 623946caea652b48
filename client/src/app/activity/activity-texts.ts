import { inject, Service } from '@angular/core';
import type { ActChange, Activity, ActKind, ActName } from '@koneksi/contracts/activity';
import { ACTIVITY_TEXTS, subjectName } from '@koneksi/contracts/activity-texts';
import { exactTime } from '../core/formats';
import { sentenceIn } from '../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../core/texts';
import { OutletChoices } from '../live-status/outlet-choices';
import { ACTIVITY_EN } from './i18n/en';
import { ACTIVITY_ID, type ActivityCatalogue } from './i18n/id';

type ActivityTextKey = KeysOf<ActivityCatalogue>;

const CATALOGUES = { id: ACTIVITY_ID, en: ACTIVITY_EN };
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const FIELDS: Readonly<Record<string, unknown>> = ACTIVITY_ID.field;
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = ACTIVITY_ID.value;
const VALUE_KEYS: Record<keyof ActivityCatalogue['value'], (value: string) => string> = {
  as: (value) => `value.as.${value}`,
  kind: (value) => `value.kind.${value}`,
  every: (value) => `value.every.${value}`,
  onHoliday: (value) => `value.onHoliday.${value}`,
  method: (value) => `value.method.${value}`,
  channel: (value) => `value.channel.${value}`,
  language: (value) => `value.language.${value}`,
  theme: (value) => `value.theme.${value}`,
  role: (value) => `value.role.${value}`,
  zone: (value) => `value.zone.${value}`,
};

/** The sentences of the page of activity. They come with it, so that no other page waits for them. */
@Service()
export class ActivityTexts {
  readonly #locale = inject(Texts).locale;
  readonly #outlets = inject(OutletChoices);

  readonly a = (key: ActivityTextKey, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);

  kindOf(kind: ActKind): string {
    return ACTIVITY_TEXTS[this.#locale()].kinds[kind];
  }

  /** A newer server may know acts that this page does not. */
  actOf(action: ActName): string {
    return ACTIVITY_TEXTS[this.#locale()].acts[action] ?? action;
  }

  nameOf({ subject }: Activity): string | null {
    return subjectName(subject, this.#locale());
  }

  whoOf({ actor }: Activity): string {
    if (!actor) return this.a('nobody');
    if (actor.kind === 'user') return actor.name;
    return this.a(actor.kind === 'api-key' ? 'apiKey' : 'link', { name: actor.name });
  }

  changeOf({ field: name, before, after, hidden }: ActChange): string {
    const field = this.#fieldOf(name);
    if (hidden) return this.a('hidden', { field });
    if (before === null) return this.a('set', { field, after: this.#valueOf(name, after) });
    return this.a('changed', { field, before: this.#valueOf(name, before), after: this.#valueOf(name, after) });
  }

  #fieldOf(name: string): string {
    return name in FIELDS ? this.a(`field.${name as keyof ActivityCatalogue['field']}`) : name;
  }

  #valueOf(field: string, value: unknown): string {
    if (value === null || value === undefined || value === '') return this.a('empty');
    if (typeof value === 'boolean') return this.a(value ? 'yes' : 'no');
    if (Array.isArray(value))
      return value.length === 0 ? this.a('empty') : value.map((one) => this.#nameOf(field, one)).join(', ');
    return this.#nameOf(field, value);
  }

  /** An outlet that is there has its name. */
  #nameOf(field: string, value: unknown): string {
    if (typeof value === 'object' && value !== null)
      return Object.entries(value)
        .map(([name, each]) => `${this.#fieldOf(name)} ${this.#valueOf(name, each)}`)
        .join(', ');
    const text = String(value);
    if (VALUES[field]?.[text]) return this.a(VALUE_KEYS[field as keyof typeof VALUE_KEYS](text) as ActivityTextKey);
    if (INSTANT.test(text)) return exactTime(text, this.#locale());
    return this.#outlets.nameOf(text) ?? text;
  }
}
