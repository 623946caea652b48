import { Component, computed, inject, input, model, output } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenuTrigger, type MatMenuPanel } from '@angular/material/menu';
import { kindOf } from '@koneksi/contracts/outlet-kind';
import { Texts } from '../core/texts';
import { explain } from '../live-status/explanation';
import { StateBadge } from '../live-status/state-badge';
import type { StatusRow } from '../live-status/status-store';
import { Icon } from '../ui/icon';
import { phoneText } from '../ui/phone-text';

@Component({
  // A table row needs a real <tr>, which only an attribute can be.

  selector: 'tr[app-outlet-row]',
  imports: [Icon, MatButton, MatIconButton, MatMenuTrigger, StateBadge],
  host: {
    role: 'row',
    'data-testid': 'outlet-row',
    '[attr.data-outlet-id]': 'row().id',
    '[class.selectable]': 'selectable()',
    '[class.problem]': "kind() === 'problem'",
  },
  template: `
    @if (selectable()) {
      <td role="cell" class="select">
        <label>
          <input
            type="checkbox"
            [checked]="selected()"
            (change)="selected.set(!selected())"
            [attr.aria-label]="named('bulk.select')"
            data-testid="select-outlet"
          />
        </label>
      </td>
    }
    <td role="cell" class="outlet" [title]="title()">
      <span class="name">{{ outlet().name }}</span>
      @if (card()) {
        <span class="numbers muted">{{ place() }}</span>
        @if (outlet().tags.length) {
          <span class="tags">
            @for (tag of outlet().tags; track tag) {
              <span>{{ tag }}</span>
            }
          </span>
        }
      }
    </td>
    @if (!card()) {
      <td role="cell" class="numbers one-line">{{ phone() }}</td>
      <td role="cell" class="one-line" [title]="outlet().city ?? ''">{{ outlet().city ?? t('common.none') }}</td>
      <td role="cell" class="one-line where-tags" [title]="tags()">{{ tags() || t('common.none') }}</td>
    }
    <td role="cell" class="live" [attr.data-status]="status().liveStatus.status">
      <app-state-badge [status]="status()" />
    </td>
    <td role="cell" class="reason muted where-reason" [title]="explanation()">{{ explanation() }}</td>
    <td role="cell" class="actions">
      @if (outlet().isActive) {
        @if (paused()) {
          <button
            matButton="outlined"
            [attr.aria-label]="named('outlets.resumeNamed')"
            (click)="resumeOutlet.emit()"
            data-testid="resume"
          >
            {{ t('outlets.resume') }}
          </button>
        } @else {
          @if (!connected()) {
            <button
              [matButton]="kind() === 'problem' ? 'filled' : 'outlined'"
              [attr.aria-label]="named('outlets.connectNamed')"
              (click)="connectOutlet.emit()"
              data-testid="connect"
            >
              {{ t('outlets.connect') }}
            </button>
          }
          <button
            [matButton]="card() ? 'outlined' : 'text'"
            [attr.aria-label]="named('outlets.pauseNamed')"
            (click)="pauseOutlet.emit()"
            data-testid="pause"
          >
            {{ t('outlets.pause') }}
          </button>
        }
      }
      @if (menu(); as menu) {
        <button
          matIconButton
          class="more"
          [matMenuTriggerFor]="menu"
          [matMenuTriggerData]="{ id: row().id }"
          [attr.aria-label]="named('outlets.more')"
          data-testid="outlet-menu"
        >
          <app-icon name="more" />
        </button>
      }
    </td>
  `,
  styleUrl: './outlet-row.css',
})
export class OutletRow {
  readonly row = input.required<StatusRow>();
  /** Drawn as a card, which has no columns of its own for where the outlet is. */
  readonly card = input(false);
  /** Further actions, for those who may. */
  readonly menu = input.required<MatMenuPanel | null>();
  /** Many can be chosen, to do the same to them. */
  readonly selectable = input(false);
  readonly selected = model(false);
  readonly connectOutlet = output();
  readonly pauseOutlet = output();
  readonly resumeOutlet = output();

  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly status = computed(() => this.row().status);
  protected readonly outlet = computed(() => this.status().outlet);
  protected readonly phone = computed(() => phoneText(this.outlet().whatsappNumber));
  protected readonly tags = computed(() => this.outlet().tags.join(', '));
  protected readonly place = computed(() => [this.phone(), this.outlet().city].filter(Boolean).join(' · '));
  /** What a line that is too short for it leaves out. */
  protected readonly title = computed(() =>
    [this.outlet().name, this.place(), this.tags(), this.explanation()].filter(Boolean).join('\n'),
  );
  protected readonly kind = computed(() => kindOf(this.status(), false));
  protected readonly paused = computed(() => this.status().liveStatus.status === 'PAUSED');
  protected readonly connected = computed(() => this.status().liveStatus.status === 'CONNECTED');
  protected readonly explanation = computed(() => explain(this.status(), this.#texts).message);

  protected named(key: `outlets.${'connect' | 'pause' | 'resume'}Named` | 'outlets.more' | 'bulk.select'): string {
    return this.t(key, { name: this.outlet().name });
  }
}
