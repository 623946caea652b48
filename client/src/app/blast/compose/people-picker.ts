import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import type { Contact } from '@koneksi/contracts/contacts';
import { ContactApi } from '../../contacts/contact-api';
import { settled } from '../../core/settled';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { Icon } from '../../ui/icon';
import { phoneText } from '../../ui/phone-text';
import { SearchField } from '../../ui/forms/search-field';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';

/** Of so many outlets at once contacts are looked for. */
const MOST_OUTLETS = 5;
const MOST_SHOWN = 8;

/** Numbers that are pasted, and contacts that are picked one by one. */
@Component({
  selector: 'app-people-picker',
  imports: [Icon, SearchField],
  templateUrl: './people-picker.html',
  styleUrl: './people-picker.css',
})
export class PeoplePicker {
  readonly #contacts = inject(ContactApi);
  readonly #locale = inject(Texts).locale;
  protected readonly b = inject(BlastTexts).b;
  protected readonly draft = inject(BlastDraft);
  protected readonly field = this.draft.fields.phones;
  protected readonly search = signal('');
  protected readonly found = signal<readonly (Contact & { shown: string })[]>([]);
  protected readonly pasted = computed(() =>
    this.b('people.pasted', { count: wholeNumber(this.draft.numbers().length, this.#locale()) }),
  );

  constructor() {
    const resting = settled(this.search);
    effect((onCleanup) => {
      const search = resting().trim();
      const outletIds = this.draft
        .sending()
        .slice(0, MOST_OUTLETS)
        .map(({ id }) => id);
      if (search === '' || outletIds.length === 0) return this.found.set([]);
      let isOver = false;
      onCleanup(() => (isOver = true));
      const asked = outletIds.map((id) => this.#contacts.page(id, { search, tag: '' }, null));
      // Whom nobody could be asked about is simply not there to be picked.
      void Promise.allSettled(asked).then((pages) => {
        if (isOver) return;
        const all = pages.flatMap((page) => (page.status === 'fulfilled' ? page.value.contacts : []));
        untracked(() =>
          this.found.set(all.slice(0, MOST_SHOWN).map((contact) => ({ ...contact, shown: nameOf(contact) }))),
        );
      });
    });
  }

  protected isPicked(id: string): boolean {
    return this.draft.picked().some((one) => one.id === id);
  }

  protected pick({ id, name, phone }: Contact): void {
    if (!this.isPicked(id)) this.draft.picked.update((picked) => [...picked, { id, name, phone }]);
  }

  protected drop(id: string): void {
    this.draft.picked.update((picked) => picked.filter((one) => one.id !== id));
  }

  protected nameOf(contact: { name: string | null; phone: string }): string {
    return nameOf(contact);
  }
}

const nameOf = ({ name, phone }: { name: string | null; phone: string }): string => name ?? phoneText(phone);
