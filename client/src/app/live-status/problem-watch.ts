import { DOCUMENT, effect, inject, Service, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { Clock } from '../core/clock';
import { PageTitle } from '../core/page-title';
import { TabIcon } from '../core/tab-icon';
import { Texts } from '../core/texts';
import { soundAlarm } from './alarm-sound';
import { AlertChoices } from './alert-choices';
import { explain } from './explanation';
import { nextNotices, startingWith, type Notice, type NoticeState } from './notice-plan';
import { StatusStore } from './status-store';
import { Troubles } from './troubles';

/** Calls whoever looks elsewhere: the number in the tab always, a desktop notice and a sound where they were asked for. */
@Service()
export class ProblemWatch {
  readonly #store = inject(StatusStore);
  readonly #troubles = inject(Troubles);
  readonly #choices = inject(AlertChoices);
  readonly #texts = inject(Texts);
  readonly #router = inject(Router);
  readonly #window = inject(DOCUMENT).defaultView!;
  #state: NoticeState | null = null;

  constructor() {
    const [title, icon] = [inject(PageTitle), inject(TabIcon)];
    effect(() => {
      title.mark(this.#troubles.count());
      icon.mark(this.#troubles.count());
    });
    const { now } = inject(Clock);
    effect(() => {
      if (!this.#store.loaded()) this.#state = null;
      else this.#look(now());
    });
  }

  #look(now: number): void {
    const troubles = untracked(this.#troubles.all);
    if (this.#state === null) {
      this.#state = startingWith(troubles, now);
      return;
    }
    const { state, notices } = nextNotices(this.#state, troubles, now);
    this.#state = state;
    for (const notice of notices) untracked(() => this.#tell(notice));
  }

  #tell({ code, outletIds }: Notice): void {
    const first = this.#store.row(outletIds[0]!)?.status;
    if (!first) return;
    const chosen = this.#choices.chosen();
    if (chosen.has('sound')) void soundAlarm();
    if (!chosen.has('desktop')) return;
    const title = outletIds.length > 1 ? this.#texts.t('alerts.many', { count: outletIds.length }) : first.outlet.name;
    const notice = new this.#window.Notification(title, {
      body: explain(first, this.#texts).message,
      icon: 'icon-192.png',
      // The same cause again takes the place of what it said before.
      tag: `koneksi-${code}`,
    });
    notice.onclick = () => {
      this.#window.focus();
      const outlet = outletIds.length > 1 ? null : outletIds[0];
      void this.#router.navigate(['/outlet-status'], { queryParams: { outlet } });
    };
  }
}
