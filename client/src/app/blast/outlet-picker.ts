import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Texts } from '../core/texts';
import { ConnectOpener } from '../outlets/connect-opener';
import { explain } from '../outlet-status/explanation';
import { nextStep } from '../outlet-status/next-step';
import { StatusBadge } from '../outlet-status/status-badge';
import { EVERYTHING, matches } from '../outlet-status/status-order';
import { StatusStore } from '../outlet-status/status-store';
import { SearchField } from '../ui/search-field';
import { SkeletonRows } from '../ui/skeleton-rows';
import { BlastDraft } from './blast-draft';
import { BlastTexts } from './blast-texts';

/** From this many on people search rather than look. */
const SEARCHED_FROM = 8;

/** Which outlets send. Those that cannot say why, and how to mend it. */
@Component({
  selector: 'app-outlet-picker',
  imports: [MatButton, RouterLink, SearchField, SkeletonRows, StatusBadge],
  templateUrl: './outlet-picker.html',
  styleUrl: './outlet-picker.css',
})
export class OutletPicker {
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

  protected readonly rows = computed(() => {
    const filter = { ...EVERYTHING, search: this.search() };
    const chosen = this.draft.fields.outletIds.value();
    return this.draft
      .outlets()
      .filter(({ status }) => matches(status, filter))
      .map(({ id, status }) => ({
        id,
        name: status.outlet.name,
        city: status.outlet.city,
        status: status.liveStatus.status,
        healthy: status.healthy,
        checked: status.healthy && (this.draft.everyOutlet() || chosen.has(id)),
        why: status.healthy ? null : explain(status, this.#texts).message,
        step: nextStep(status),
      }));
  });

  protected toggleAll(): void {
    this.draft.everyOutlet.update((every) => !every);
    this.draft.fields.outletIds.value.set(new Set());
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
