import { Component, computed, inject, input, linkedSignal, signal, untracked, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Texts } from '../../core/texts';
import { ConnectOpener } from '../../outlets/linking/connect-opener';
import { explain } from '../../live-status/explanation';
import { GroupFields } from '../../live-status/group-fields';
import { nextStep } from '../../live-status/next-step';
import { StateBadge } from '../../live-status/state-badge';
import { EVERYTHING, heldOrder, matches, type StatusFilter } from '../../live-status/status-order';
import { StatusStore } from '../../live-status/status-store';
import { PointedAt } from '../../ui/pointed-at';
import { SearchField } from '../../ui/forms/search-field';
import { SkeletonRows } from '../../ui/lists/skeleton-rows';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';

/** From this many on people search rather than look. */
const SEARCHED_FROM = 8;

/** Which outlets send. Those that cannot say why, and how to mend it. */
@Component({
  selector: 'app-outlet-picker',
  imports: [GroupFields, MatButton, PointedAt, RouterLink, SearchField, SkeletonRows, StateBadge],
  templateUrl: './outlet-picker.html',
  styleUrl: './outlet-picker.css',
})
export class OutletPicker {
  /** How many contacts each outlet has; `null` while nobody knows. */
  readonly contacts = input<readonly { outletId: string; count: number }[] | null>(null);
  readonly #texts = inject(Texts);
  readonly #connect = inject(ConnectOpener);
  protected readonly b = inject(BlastTexts).b;
  protected readonly t = this.#texts.t;
  protected readonly draft = inject(BlastDraft);
  protected readonly loaded = inject(StatusStore).loaded;
  protected readonly search = signal('');
  protected readonly searched = computed(() => this.draft.outlets().length >= SEARCHED_FROM);
  protected readonly healthy = computed(() => this.draft.outlets().filter(({ status }) => status.healthy).length);
  protected readonly fault = computed(() => this.draft.fields.outletIds.shownFault());

  protected readonly onlyReady = signal(false);
  protected readonly city = signal<string | null>(null);
  protected readonly tag = signal<string | null>(null);

  readonly #filter = computed((): StatusFilter => ({
    ...EVERYTHING,
    search: this.search(),
    city: this.city(),
    tag: this.tag(),
    health: this.onlyReady() ? 'healthy' : 'all',
  }));
  /** Those that can send come first. */
  readonly #wanted = computed(() => {
    const found = this.draft.outlets().filter(({ status }) => matches(status, this.#filter()));
    return [true, false].flatMap((ready) => found.filter(({ status }) => status.healthy === ready).map(({ id }) => id));
  });
  readonly #known = computed(() => new Set(this.draft.outlets().map(({ id }) => id)));
  private readonly pointedAt = viewChild(PointedAt);
  /** No outlet changes its place under a pointer. */
  readonly #order = linkedSignal<{ wanted: string[]; filter: StatusFilter; held: boolean }, string[]>({
    source: () => ({ wanted: this.#wanted(), filter: this.#filter(), held: this.pointedAt()?.active() ?? false }),
    computation: ({ wanted, filter, held }, before) =>
      held && before?.source.filter === filter
        ? heldOrder(before.value, wanted, (id) => untracked(this.#known).has(id))
        : wanted,
  });

  protected readonly rows = computed(() => {
    const chosen = this.draft.fields.outletIds.value();
    const byId = new Map(this.draft.outlets().map(({ id, status }) => [id, status]));
    return this.#order().flatMap((id) => {
      const status = byId.get(id);
      if (!status) return [];
      const { healthy } = status;
      return {
        id,
        name: status.outlet.name,
        city: status.outlet.city,
        status,
        healthy,
        // One that was chosen and cannot send for now is still meant.
        chosen: chosen.has(id),
        checked: (healthy && this.draft.everyOutlet()) || chosen.has(id),
        contacts: this.#contactsOf(id),
        why: healthy ? null : explain(status, this.#texts).message,
        step: nextStep(status),
      };
    });
  });
  readonly #counts = computed(() => {
    const contacts = this.contacts();
    return contacts && new Map(contacts.map(({ outletId, count }) => [outletId, count]));
  });

  #contactsOf(id: string): string | null {
    const counts = this.#counts();
    const count = this.#texts.number(counts?.get(id) ?? 0);
    return counts && !this.draft.byHand() ? this.b('compose.contactsOf', { count }) : null;
  }

  /** What a filter leaves may be chosen in one go. */
  protected readonly shown = computed(() => {
    const { search, city, tag } = this.#filter();
    const ready = this.rows().filter(({ healthy }) => healthy);
    return (search || city || tag) && ready.some(({ checked }) => !checked) ? ready.map(({ id }) => id) : [];
  });

  protected toggleAll(): void {
    this.draft.everyOutlet.update((every) => !every);
    this.draft.fields.outletIds.value.set(new Set());
  }

  protected addShown(): void {
    this.draft.fields.outletIds.value.update((chosen) => new Set([...chosen, ...this.shown()]));
  }

  protected toggle(id: string): void {
    // Whoever takes one away from all of them means all the others.
    const chosen = new Set(
      this.draft.everyOutlet() ? this.draft.sending().map((row) => row.id) : this.draft.fields.outletIds.value(),
    );
    if (!chosen.delete(id)) chosen.add(id);
    this.draft.everyOutlet.set(false);
    this.draft.fields.outletIds.value.set(chosen);
  }

  protected connect(id: string): void {
    void this.#connect.open(id);
  }
}
