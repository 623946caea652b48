import { computed, type Signal } from '@angular/core';
import type { AlertRecipient } from '@koneksi/contracts/alerts';
import { normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { FormField } from '../ui/forms/form-field';
import type { AlertTexts } from './alert-texts';
import {
  emailsIn,
  emailsOf,
  isEmail,
  mailRecipients,
  phoneRecipients,
  phonesIn,
  phonesOf,
  pushRecipients,
  userIdsOf,
  webhookIdsOf,
  webhookRecipients,
} from './recipients';

const MOST = 20;

interface Options {
  /** Whom it named before. */
  before: readonly AlertRecipient[];
  a: AlertTexts['a'];
  /** Webhooks there are. */
  isThere: (webhookId: string) => boolean;
  /** People there are. */
  isPerson: (userId: string) => boolean;
  /** Nobody need be named while it is not shown. */
  isAsked?: () => boolean;
}

/** Whom a rule tells, as people type and choose them: of a form it is one field. */
export class RecipientFields {
  readonly emails: Readonly<Record<Locale, FormField<string>>>;
  readonly phones: FormField<string>;
  readonly webhookIds: FormField<ReadonlySet<string>>;
  /** Who is called by push. */
  readonly userIds: FormField<ReadonlySet<string>>;
  readonly fault: Signal<string | null>;
  /** Webhooks it named before, of which some may have been removed. */
  readonly namedBefore: ReadonlySet<string>;
  /** The same of people. */
  readonly calledBefore: ReadonlySet<string>;

  constructor(private readonly options: Options) {
    const { before, a, isThere, isPerson, isAsked = () => true } = options;
    const asked =
      <Value>(check: (value: Value) => string | null) =>
      (value: Value): string | null =>
        isAsked() ? check(value) : null;
    this.phones = new FormField(
      phonesOf(before),
      asked((typed) => {
        const wrong = phonesIn(typed).find((phone) => !normalizePhoneNumber(phone));
        return wrong === undefined ? null : a('form.phonesWrong', { text: wrong });
      }),
    );
    this.namedBefore = webhookIdsOf(before);
    this.webhookIds = new FormField(
      this.namedBefore,
      asked((chosen) => ([...chosen].every(isThere) ? null : a('form.webhookGone'))),
    );
    this.calledBefore = userIdsOf(before);
    this.userIds = new FormField(
      this.calledBefore,
      asked((chosen) => ([...chosen].every(isPerson) ? null : a('form.personGone'))),
    );
    this.emails = {
      id: new FormField(
        emailsOf(before, 'id'),
        asked((typed) => this.#wrongEmail(typed) ?? this.#wrongCount(typed)),
      ),
      en: new FormField(
        emailsOf(before, 'en'),
        asked((typed) => this.#wrongEmail(typed)),
      ),
    };
    this.fault = computed(
      () =>
        Object.values(this.#all)
          .map(({ fault }) => fault())
          .find((fault) => fault !== null) ?? null,
    );
  }

  visit(): void {
    for (const field of this.#all) field.visit();
  }

  refuse(message: string): void {
    this.emails.id.refuse(message);
  }

  /** @param language of those who had none before */
  value(language: Locale): AlertRecipient[] {
    const { id, en } = this.emails;
    return [
      ...mailRecipients({ id: id.value(), en: en.value() }),
      ...phoneRecipients(this.phones.value(), this.options.before, language),
      ...pushRecipients(this.userIds.value(), this.options.before, language),
      ...webhookRecipients(this.webhookIds.value()),
    ];
  }

  get #all(): readonly Pick<FormField<unknown>, 'fault' | 'visit'>[] {
    return [this.emails.id, this.emails.en, this.phones, this.userIds, this.webhookIds];
  }

  #wrongEmail(typed: string): string | null {
    const wrong = emailsIn(typed).find((email) => !isEmail(email));
    return wrong === undefined ? null : this.options.a('form.emailsWrong', { text: wrong });
  }

  /** Whoever is named somewhere else counts as well. */
  #wrongCount(typed: string): string | null {
    const others = [
      ...emailsIn(this.emails.en.value()),
      ...phonesIn(this.phones.value()),
      ...this.userIds.value(),
      ...this.webhookIds.value(),
    ];
    const count = emailsIn(typed).length + others.length;
    if (count > MOST) return this.options.a('form.emailsMany');
    return count > 0 ? null : this.options.a('form.emailsMissing');
  }
}
