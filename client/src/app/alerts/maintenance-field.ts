import { Component, computed, inject, input, model, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { MaintenanceWindow } from '@koneksi/contracts/alerts';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import { dateTimeIn } from '../core/zoned-time';
import { Texts } from '../core/texts';
import { FormField } from '../ui/forms/form-field';
import { Icon } from '../ui/icon';
import { TextField } from '../ui/forms/text-field';
import { AlertTexts } from './alert-texts';

const MOST = 20;

/** Planned work, from one time to another, as clocks in the zone of the rule tell them. */
@Component({
  selector: 'app-maintenance-field',
  imports: [Icon, MatButton, TextField],
  template: `
    <fieldset>
      <legend>{{ a('form.planned') }}</legend>
      <p class="muted">{{ a('form.plannedHint') }}</p>
      @for (window of windows(); track window.from + window.to) {
        <p class="window">
          <span>{{ textOf(window) }}</span>
          <button
            matButton
            type="button"
            (click)="remove(window)"
            [attr.aria-label]="a('form.plannedRemove', { window: textOf(window) })"
          >
            <app-icon name="close" />
          </button>
        </p>
      }
      <div class="times">
        <app-text-field type="datetime-local" name="planned-from" [label]="a('form.from')" [field]="from" />
        <app-text-field type="datetime-local" name="planned-to" [label]="a('form.to')" [field]="to" />
      </div>
      <button
        matButton="outlined"
        type="button"
        [disabled]="!from.value() || !to.value()"
        disabledInteractive
        (click)="add()"
        data-testid="add-planned"
      >
        {{ a('form.plannedAdd') }}
      </button>
      <p role="alert" class="fault">{{ problem() }}</p>
    </fieldset>
  `,
  styles: `
    fieldset {
      margin-block: 12px;
    }
    legend {
      font-weight: 550;
    }
    p {
      font-size: 0.8125rem;
    }
    .window {
      display: flex;
      align-items: center;
      justify-content: space-between;
    }
    .times {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 0 14px;
      margin-block-start: 8px;
    }
    .fault {
      color: var(--k-danger);
    }
    /* Half of a phone cuts the time of day off. */
    @media (max-width: 599px) {
      .times {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class MaintenanceField {
  readonly windows = model.required<readonly MaintenanceWindow[]>();
  readonly zone = input.required<OutletZone>();
  readonly #locale = inject(Texts).locale;
  protected readonly a = inject(AlertTexts).a;
  protected readonly from = new FormField('');
  protected readonly to = new FormField('');
  readonly #wrong = signal(false);
  protected readonly problem = computed(() => {
    if (!this.#wrong()) return '';
    return this.windows().length >= MOST ? this.a('form.plannedMany') : this.a('form.plannedWrong');
  });

  protected textOf({ from, to }: MaintenanceWindow): string {
    return [from, to].map((at) => dateTimeIn(this.zone(), at, this.#locale())).join(' – ');
  }

  protected add(): void {
    if (!this.from.value() || !this.to.value()) return;
    const [from, to] = [this.#instant(this.from.value()), this.#instant(this.to.value())];
    this.#wrong.set(from >= to || this.windows().length >= MOST);
    if (this.#wrong()) return;
    this.windows.update((windows) => [...windows, { from, to }]);
    this.from.value.set('');
    this.to.value.set('');
  }

  protected remove(window: MaintenanceWindow): void {
    this.windows.update((windows) => windows.filter((one) => one !== window));
    this.#wrong.set(false);
  }

  /** What a clock of the zone tells, as an instant. */
  #instant(local: string): string {
    const ms = Date.parse(`${local.slice(0, 16)}Z`) - OUTLET_ZONES[this.zone()].offsetMinutes * 60_000;
    return new Date(ms).toISOString();
  }
}
