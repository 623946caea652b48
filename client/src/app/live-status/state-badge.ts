import { Component, computed, inject, input } from '@angular/core';
import { kindOf } from '@koneksi/contracts/outlet-kind';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { Texts, type TextKey } from '../core/texts';
import { StatusSign } from './status-sign';

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
  readonly unstable = input(false);
  protected readonly t = inject(Texts).t;
  protected readonly kind = computed(() => kindOf(this.status(), this.unstable()));
  protected readonly sign = computed(() => {
    const live = this.status().liveStatus.status;
    if (this.kind() === 'paused') return 'PAUSED';
    // Connected, and still in need of somebody: a tick would say the opposite of the word.
    return live === 'CONNECTED' && this.kind() !== 'healthy' ? 'FAILED' : live;
  });
  protected readonly word = computed(() => wordOf(this.status(), this.kind()));
}

function wordOf({ outlet, liveStatus }: OutletStatus, kind: ReturnType<typeof kindOf>): TextKey {
  if (kind === 'healthy' || kind === 'unstable') return `kinds.${kind}`;
  if (kind === 'paused' && !outlet.isActive) return 'status.inactive';
  if (kind === 'paused' && liveStatus.status !== 'PAUSED') return 'state.autoOff';
  if (kind === 'setup') return liveStatus.status === 'CONNECTING' ? 'state.pairing' : 'state.notLinked';
  return liveStatus.status === 'CONNECTED' ? 'kinds.problem' : `statusName.${liveStatus.status}`;
}
