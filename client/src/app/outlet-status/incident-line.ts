import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { causeOf } from '@koneksi/contracts/shared-cause';
import { Texts } from '../core/texts';
import { IncidentFeed } from '../incidents/incident-feed';
import { TakeCare } from '../incidents/take-care';

/** The incident behind the banner: who takes care of it, and the way to all of it. */
@Component({
  selector: 'app-incident-line',
  imports: [RouterLink, TakeCare],
  template: `
    @if (incident(); as incident) {
      <app-take-care [incident]="incident" />
      <a routerLink="/incidents" [queryParams]="{ id: incident.id }" data-testid="banner-incident">{{
        t('incidents.open')
      }}</a>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 16px;
      --mat-button-filled-container-color: var(--k-bad);
      --mat-button-filled-label-text-color: var(--k-bad-soft);
      --mat-button-text-label-text-color: var(--k-bad);
    }
    a {
      color: inherit;
      font-weight: 600;
    }
  `,
})
export class IncidentLine {
  readonly code = input.required<ReasonCode | null>();
  readonly #feed = inject(IncidentFeed);
  protected readonly t = inject(Texts).t;
  /** The largest that lasts and has the banner's cause. */
  protected readonly incident = computed(() => {
    const cause = causeOf(this.code());
    const same = (this.#feed.items() ?? []).filter(
      ({ endedAt, reason }) => endedAt === null && causeOf(reason?.code ?? null) === cause,
    );
    return same.toSorted((one, other) => other.down - one.down)[0];
  });

  constructor() {
    this.#feed.want();
  }
}
