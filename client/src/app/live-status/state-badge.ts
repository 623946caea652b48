import { Component, computed, inject, input } from '@angular/core';
import { kindOf } from '@koneksi/contracts/outlet-kind';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { Texts } from '../core/texts';
import { stateWord } from './state-word';
import { StatusSign } from './status-sign';
import { TimelineStore } from './timeline-store';

/** The one state of an outlet, sign and word; the colour only repeats them. */
@Component({
  selector: 'app-state-badge',
  imports: [StatusSign],
  host: { '[attr.data-kind]': 'kind()', '[attr.data-status]': 'status().liveStatus.status' },
  template: `<app-status-sign [status]="sign()" /> {{ t(word()) }}`,
  styleUrls: ['./badge.css', './state-badge.css'],
})
export class StateBadge {
  readonly status = input.required<OutletStatus>();
  readonly #timelines = inject(TimelineStore);
  protected readonly t = inject(Texts).t;
  protected readonly kind = computed(() =>
    kindOf(this.status(), this.#timelines.reliability(this.status().outletId).isUnstable),
  );
  protected readonly sign = computed(() => {
    const live = this.status().liveStatus.status;
    if (this.kind() === 'paused') return 'PAUSED';
    // Connected, and still in need of somebody: a tick would say the opposite of the word.
    return live === 'CONNECTED' && this.kind() !== 'healthy' ? 'FAILED' : live;
  });
  protected readonly word = computed(() => stateWord(this.status(), this.kind()));
}
