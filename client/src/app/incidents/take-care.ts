import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Incident } from '@koneksi/contracts/incidents';
import { AuthStore } from '../core/auth-store';
import { Clock } from '../core/clock';
import { timeOrDay } from '../core/formats';
import { Texts } from '../core/texts';
import { Notifier } from '../ui/notifier';
import { IncidentFeed } from './incident-feed';

/** Who takes care of an incident, and the button to do so. */
@Component({
  selector: 'app-take-care',
  imports: [MatButton],
  template: `
    @if (who()) {
      <span data-testid="taken-by">{{ who() }}</span>
    }
    @if (mayTake()) {
      <button
        [matButton]="incident().acknowledged ? 'text' : 'filled'"
        [disabled]="taking()"
        (click)="take()"
        data-testid="take-care"
      >
        {{ t(incident().acknowledged ? 'incidents.takeOver' : 'incidents.take') }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
    }
  `,
})
export class TakeCare {
  readonly incident = input.required<Incident>();
  readonly #feed = inject(IncidentFeed);
  readonly #notifier = inject(Notifier);
  readonly #texts = inject(Texts);
  readonly #now = inject(Clock).now;
  protected readonly t = this.#texts.t;
  protected readonly taking = signal(false);
  readonly #reader = inject(AuthStore).user;
  protected readonly mayTake = computed(() => {
    const { mayAcknowledge, acknowledged } = this.incident();
    return mayAcknowledge && acknowledged?.by !== this.#reader()?.name;
  });
  protected readonly who = computed(() => {
    const { acknowledged, endedAt } = this.incident();
    if (!acknowledged) return endedAt ? '' : this.t('incidents.nobody');
    const time = timeOrDay(Date.parse(acknowledged.at), this.#now(), this.#texts.locale());
    return this.t('incidents.takenBy', { name: acknowledged.by, time });
  });

  protected async take(): Promise<void> {
    this.taking.set(true);
    try {
      await this.#feed.acknowledge(this.incident().id);
      this.#notifier.tell('incidents.taken');
    } catch (fault) {
      this.#notifier.tellFault(fault);
      void this.#feed.load();
    } finally {
      this.taking.set(false);
    }
  }
}
