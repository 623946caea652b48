import { Component, computed, DOCUMENT, effect, inject, linkedSignal, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import type { PhoneVerb } from '@koneksi/contracts/demo';
import { AuthStore } from '../../app/core/auth-store';
import { NameOrder } from '../../app/live-status/name-order';
import { StatusBadge } from '../../app/live-status/status-badge';
import { StatusStore } from '../../app/live-status/status-store';
import { ChoiceField } from '../../app/ui/forms/choice-field';
import { FormField } from '../../app/ui/forms/form-field';
import { Icon } from '../../app/ui/icon';
import { TextField } from '../../app/ui/forms/text-field';
import { DemoTexts } from '../demo-texts';
import { LabStore } from './lab-store';
import { Tour, type TourStep } from './tour';

/** What a person may do to the phone, and what may happen to its account and its connection. */
const VERB_GROUPS = [
  { name: 'byHand', verbs: ['unlink', 'offline', 'online'] },
  { name: 'account', verbs: ['replaced', 'ban', 'restrict', 'outdated'] },
  { name: 'connection', verbs: ['half-open', 'slow', 'junk'] },
] as const satisfies readonly { name: string; verbs: readonly PhoneVerb[] }[];

/** The side panel of the demo: break things on purpose, and watch the page tell the truth about them. */
@Component({
  selector: 'app-lab',
  imports: [ChoiceField, Icon, MatButton, MatIconButton, StatusBadge, TextField],
  host: { '(keydown.escape)': 'open.set(false)' },
  templateUrl: './lab.html',
  styleUrl: './lab.css',
})
export class Lab {
  readonly #statuses = inject(StatusStore);
  readonly #names = inject(NameOrder);
  protected readonly lab = inject(LabStore);
  protected readonly tour = inject(Tour);
  protected readonly t = inject(DemoTexts).t;
  protected readonly mayBreakAll = inject(AuthStore).managesOutlets;
  protected readonly groups = VERB_GROUPS;

  protected readonly open = signal(false);
  protected readonly outlets = computed(() =>
    this.#names.rows().map(({ id, status }) => ({ value: id, label: status.outlet.name })),
  );
  protected readonly outletId = linkedSignal<string[], string>({
    source: () => this.#names.rows().map(({ id }) => id),
    computation: (ids, before) => (before && ids.includes(before.value) ? before.value : (ids[0] ?? '')),
  });
  protected readonly status = computed(() => this.#statuses.row(this.outletId())?.status);
  protected readonly phone = computed(() => this.lab.phone(this.outletId()));
  protected readonly pairing = computed(() => this.status()?.reason?.code === 'PAIRING');
  protected readonly code = new FormField('');

  protected readonly verbName = (verb: PhoneVerb) => this.t(`lab.verbs.${verb}`);
  protected readonly groupName = (name: (typeof VERB_GROUPS)[number]['name']) => this.t(`lab.groups.${name}`);
  protected readonly whatsAppState = () => this.t(`lab.whatsAppStates.${this.lab.whatsApp()}`);
  protected readonly tourText = (step: TourStep) => this.t(`tour.${step}`, { name: this.tour.outletName() });

  constructor() {
    const root = inject(DOCUMENT).documentElement;
    effect(() => {
      // The page makes room instead of lying under the panel.
      if (this.open()) root.dataset['side'] = 'open';
      else delete root.dataset['side'];
    });
    effect(() => {
      // Phones say themselves what became of them only when asked; what happens to an outlet is when to ask.
      if (this.open() && this.status()) void this.lab.load();
    });
  }

  protected startTour(): void {
    void this.tour.start();
  }

  protected enterCode(event: Event): void {
    event.preventDefault();
    if (this.code.value().trim()) void this.lab.enterCode(this.outletId(), this.code.value().trim());
  }
}
