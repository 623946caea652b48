import { Component, computed, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { Clock } from '../core/clock';
import { duration, timeOrDay, timeSpan } from '../core/formats';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';
import { explain } from '../live-status/explanation';
import { FleetEvents } from './fleet-events';
import { StatusStore } from '../live-status/status-store';
import { IncidentLine } from './incident-line';

/** One cause, told once, however many outlets it struck; and that it is over. */
@Component({
  selector: 'app-fleet-banner',
  imports: [Icon, IncidentLine, MatIconButton],
  template: `
    @if (event(); as event) {
      <section
        role="alert"
        [class.over]="event.until !== null"
        [attr.data-over]="event.until !== null"
        data-testid="fleet-banner"
      >
        <app-icon [name]="event.until === null ? 'warning' : 'check'" />
        <p>
          <strong>{{ headline() }}</strong>
          <span class="numbers">{{ extent() }}</span>
          @if (event.until === null) {
            <span class="action">{{ action() }}</span>
          }
        </p>
        @if (event.until === null) {
          <app-incident-line [code]="event.code" />
        }
        @if (event.until !== null) {
          <button matIconButton [attr.aria-label]="t('common.dismiss')" (click)="dismiss()" data-testid="banner-close">
            <app-icon name="close" />
          </button>
        }
      </section>
    }
  `,
  styles: `
    section {
      display: flex;
      align-items: center;
      gap: 12px;
      margin-block-end: 8px;
      padding: 8px 14px;
      border-radius: var(--k-radius);
      background: var(--k-bad-soft);
      color: var(--k-bad);
      --icon-size: 28px;
    }
    section.over {
      background: var(--k-ok-soft);
      color: var(--k-ok);
    }
    p {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px 14px;
      min-width: 0;
    }
    strong {
      font-size: 1.125rem;
      font-weight: 700;
    }
    button {
      --icon-size: 20px;
      color: inherit;
    }
    @media (max-width: 699px) {
      section:not(.over) {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
      }
      app-incident-line {
        grid-column: 2;
      }
    }
  `,
})
export class FleetBanner {
  readonly #events = inject(FleetEvents);
  readonly #store = inject(StatusStore);
  readonly #texts = inject(Texts);
  readonly #now = inject(Clock).now;
  protected readonly t = this.#texts.t;
  protected readonly event = this.#events.current;

  readonly #explanation = computed(() => {
    const event = this.event();
    const status = event && this.#store.row(event.example)?.status;
    return status ? explain(status, this.#texts) : null;
  });
  protected readonly action = computed(() => this.#explanation()?.action ?? '');
  protected readonly headline = computed(() => {
    const event = this.event();
    if (event?.until) return this.t('fleet.over', { count: this.#texts.number(event.struck.size - event.count) });
    return this.#explanation()?.message ?? this.t('fleet.unknown');
  });
  protected readonly extent = computed(() => {
    const event = this.event();
    if (!event) return '';
    const { since, until, count, fleet } = event;
    const [now, locale] = [this.#now(), this.#texts.locale()];
    const length = duration((until ?? now) - since, locale);
    if (until) return since ? this.t('fleet.lasted', { span: timeSpan(since, until, now, locale), length }) : '';
    const of = { count: this.#texts.number(count), fleet: this.#texts.number(fleet) };
    const struck = this.t('fleet.struck', of);
    return since
      ? `${struck} · ${this.t('status.sinceTime', { time: timeOrDay(since, now, locale), length })}`
      : struck;
  });

  protected dismiss(): void {
    this.#events.dismiss();
  }
}
