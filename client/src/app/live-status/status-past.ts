import { inject, Service } from '@angular/core';
import { sinceOf } from './since';
import type { Past } from './status-order';
import type { StatusRow } from './status-store';
import { TimelineStore } from './timeline-store';

/** What the last 24 hours tell of each outlet. */
@Service()
export class StatusPast implements Past {
  readonly #timelines = inject(TimelineStore);

  readonly isUnstable = (id: string): boolean => this.#timelines.reliability(id).isUnstable;
  readonly uptime = (id: string): number | null => this.#timelines.reliability(id).uptime;
  readonly since = ({ id, status }: StatusRow): number | null => sinceOf(status, this.#timelines.of(id));
}
