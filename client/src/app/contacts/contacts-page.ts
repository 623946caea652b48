import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import type { Contact, TagCount } from '@koneksi/contracts/contacts';
import { AddressState, anyText } from '../core/address-state';
import { Texts } from '../core/texts';
import { ChoiceField } from '../ui/forms/choice-field';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { SearchField } from '../ui/forms/search-field';
import { OutletChoices } from '../live-status/outlet-choices';
import { chosenOutlet } from './chosen-outlet';
import { ContactActions } from './contact-actions';
import { ContactApi } from './contact-api';
import { ContactsTabs } from './contacts-tabs';
import { numberText } from '../ui/number-text';
import { PagedList } from '../core/paged-list';
import { settled } from '../core/settled';
import { WhichOutlet } from './which-outlet';
import { QuotaWarning } from '../quotas/quota-warning';

/** The customers of one outlet. */
@Component({
  selector: 'app-contacts-page',
  imports: [
    ChoiceField,
    ContactsTabs,
    EmptyState,
    Icon,
    Loaded,
    MatButton,
    MatIconButton,
    MatMenuModule,
    QuotaWarning,
    SearchField,
    WhichOutlet,
  ],
  providers: [AddressState],
  templateUrl: './contacts-page.html',
  styleUrls: ['../ui/lists/table.css', '../ui/lists/filters.css', './contacts-page.css'],
})
export class ContactsPage {
  readonly #api = inject(ContactApi);
  readonly #actions = inject(ContactActions);
  readonly #outlets = inject(OutletChoices);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly phone = numberText;

  readonly #address = inject(AddressState);
  readonly #chosen = chosenOutlet();
  protected readonly outlets = this.#chosen.choices;
  protected readonly outletId = this.#chosen.id;

  protected readonly search = this.#address.keep('q', '', anyText);
  protected readonly tag = this.#address.keep('tag', '', anyText);
  readonly #settledSearch = settled(this.search);
  readonly #matching = computed(() => ({ search: this.#settledSearch(), tag: this.tag() }));
  protected readonly isNarrowed = computed(() => this.search().trim() !== '' || this.tag() !== '');

  protected readonly list = new PagedList<Contact>(
    async (after) => {
      const { contacts, count, next } = await this.#api.page(this.outletId()!, this.#matching(), after);
      return { items: contacts, count, next };
    },
    ({ id }) => id,
  );
  protected readonly tags = signal<readonly TagCount[]>([]);
  protected readonly tagChoices = computed(() =>
    this.tags().map(({ tag, count }) => ({
      value: tag,
      label: this.t('contacts.tagCount', { tag, count: this.number(count) }),
    })),
  );

  constructor() {
    effect(() => {
      const outlet = this.outletId();
      if (!outlet) return;
      untracked(() => this.list.clear());
      void this.#loadTags(outlet);
    });
    effect(() => {
      this.#matching();
      if (this.outletId()) untracked(() => void this.list.load());
    });
  }

  protected nameOf(contact: Contact): string {
    return contact.name ?? numberText(contact.phone);
  }

  protected fieldsOf({ fields }: Contact): string {
    return Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}`)
      .join(' · ');
  }

  protected choose(outletId: string): void {
    if (outletId === this.outletId()) return;
    this.tag.set('');
    this.#chosen.choose(outletId);
  }

  protected showAll(): void {
    this.search.set('');
    this.tag.set('');
  }

  protected add(): Promise<void> {
    return this.#after(this.#actions.add(this.outletId()!, this.#knownTags()));
  }

  protected edit(contact: Contact): Promise<void> {
    return this.#after(this.#actions.edit(contact, this.#knownTags()));
  }

  protected remove(contact: Contact): Promise<void> {
    return this.#after(this.#actions.remove(contact, this.nameOf(contact), () => void this.#reload()));
  }

  protected removeAll(): Promise<void> {
    return this.#after(
      this.#actions.removeMatching(this.outletId()!, this.#matching(), this.list.count(), () => void this.#reload()),
    );
  }

  protected stop(contact: Contact): Promise<void> {
    return this.#after(this.#actions.recordOptOut(contact, this.nameOf(contact)));
  }

  protected history(contact: Contact): Promise<void> {
    return this.#after(this.#actions.history(contact.phone));
  }

  protected import(): Promise<void> {
    const id = this.outletId()!;
    return this.#after(this.#actions.import({ id, name: this.#outlets.nameOf(id) ?? '' }));
  }

  protected importForChain(): Promise<void> {
    return this.#after(this.#actions.importForChain());
  }

  protected async export(): Promise<void> {
    const outletId = this.outletId()!;
    await this.#actions.export(outletId, this.#matching(), this.#outlets.nameOf(outletId) ?? '');
  }

  async #after(action: Promise<boolean>): Promise<void> {
    if (await action) await this.#reload();
  }

  async #reload(): Promise<void> {
    const outlet = this.outletId();
    if (outlet) await Promise.all([this.list.again(), this.#loadTags(outlet)]);
  }

  async #loadTags(outletId: string): Promise<void> {
    // Without them the filter offers none; the list itself says what is wrong.
    const tags = await this.#api.tags(outletId).catch(() => []);
    if (outletId === this.outletId()) this.tags.set(tags);
  }

  #knownTags(): string[] {
    return this.tags().map(({ tag }) => tag);
  }
}
