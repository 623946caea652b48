import { LiveAnnouncer } from '@angular/cdk/a11y';
import { DestroyRef, effect, inject, Service, untracked } from '@angular/core';
import { Texts } from '../core/texts';
import { stateWord } from '../live-status/state-word';
import { StatusStore, type StatusRow } from '../live-status/status-store';

/** Changes that come together are told together: a screen reader needs time to speak. */
const GATHER_MS = 1_500;

/** Tells screen readers what sighted people see highlighted. Lives as long as the page that provides it. */
@Service({ autoProvided: false })
export class ChangeAnnouncer {
  constructor() {
    const announcer = inject(LiveAnnouncer);
    const { t } = inject(Texts);
    const { latest } = inject(StatusStore);
    const gathered = new Map<string, StatusRow>();
    const before = untracked(latest);
    let timer: ReturnType<typeof setTimeout> | undefined;

    const announce = () => {
      timer = undefined;
      const [row] = gathered.values();
      if (!row) return;
      const words =
        gathered.size > 1
          ? t('status.changedMany', { count: gathered.size })
          : t('status.changed', {
              name: row.status.outlet.name,
              status: t(stateWord(row.status)),
            });
      gathered.clear();
      void announcer.announce(words, 'polite');
    };

    effect(() => {
      const row = latest();
      if (!row || row === before) return;
      gathered.set(row.id, row);
      timer ??= setTimeout(announce, GATHER_MS);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  }
}
