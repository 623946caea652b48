import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { RepeatingBlast } from '@koneksi/contracts/repeating-blasts';
import { outlineOf } from '@koneksi/contracts/blast-template';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from '../../core/api-fault';
import { FaultSentence } from '../../core/fault-sentence';
import { PagedList } from '../../core/paged-list';
import { whenRecordsChange } from '../../core/records-changed';
import { Texts } from '../../core/texts';
import { ConfirmDialog, type Confirmation } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/lists/empty-state';
import { Icon, type IconName } from '../../ui/icon';
import { Loaded } from '../../ui/lists/loaded';
import { BlastTexts, type BlastTextKey } from '../blast-texts';
import { RepeatingApi, type RepeatingVerb } from './repeating-api';
import { audienceText, dayText, failureText, ruleText } from './repeating-texts';
import { QuotaWarning } from '../../quotas/quota-warning';

const ICONS = { active: 'play', paused: 'pause', stopped: 'close' } as const satisfies Record<
  RepeatingBlast['status'],
  IconName
>;

/** What these of the server's reasons mean; why one failed is told by the words of its code. */
const WHY: Partial<Record<string, BlastTextKey>> = {
  AWAITS_ADMIN: 'repeating.whileNobodyMay',
  PAUSED: 'repeating.whilePaused',
  TIME_PASSED: 'repeating.notEverywhere',
};

/** Blasts that come every month or on birthdays: when next, what became of the latest, and how to hold or end them. */
@Component({
  selector: 'app-repeating-page',
  imports: [EmptyState, Icon, Loaded, MatButton, QuotaWarning, RouterLink],
  templateUrl: './repeating-page.html',
  styleUrls: ['../../ui/lists/row-list.css', './repeating-page.css'],
})
export class RepeatingPage {
  readonly #api = inject(RepeatingApi);
  readonly #texts = inject(Texts);
  readonly #dialog = inject(MatDialog);
  protected readonly t = this.#texts.t;
  protected readonly b = inject(BlastTexts).b;
  protected readonly sentence = inject(FaultSentence);
  protected readonly icons = ICONS;

  protected readonly all = new PagedList<RepeatingBlast>(
    (after) => this.#api.page(after),
    ({ id }) => id,
  );
  protected readonly problem = signal<string | null>(null);
  protected readonly working = signal<string | null>(null);
  protected readonly list = {
    items: computed(() => this.all.items()?.map((blast) => this.#row(blast))),
    fault: this.all.fault,
    load: () => this.all.load(),
  };

  protected readonly moreProblem = computed(() => {
    const fault = this.all.moreFault();
    return fault && this.sentence.of(fault);
  });

  constructor() {
    void this.all.load();
    whenRecordsChange(['repeating-blast'], () => this.all.again());
  }

  protected async do(id: string, verb: RepeatingVerb, title: string): Promise<void> {
    if (this.working() || (verb === 'stop' && !(await this.#agreed(title)))) return;
    this.working.set(id);
    this.problem.set(null);
    try {
      this.all.put(await this.#api.do(id, verb));
    } catch (thrown) {
      this.problem.set(this.sentence.of(ApiFault.of(thrown)));
    } finally {
      this.working.set(null);
    }
  }

  async #agreed(title: string): Promise<boolean> {
    const data: Confirmation = {
      title: this.b('repeating.stopTitle', { title }),
      body: this.b('repeating.stopBody'),
      confirm: this.b('repeating.stop'),
      back: this.b('compose.back'),
    };
    const dialog = this.#dialog.open(ConfirmDialog, { data, panelClass: 'dialog', role: 'alertdialog' });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }

  #row(blast: RepeatingBlast) {
    const locale = this.#texts.locale();
    const { outletIds, nextOn, nextNotAt, status, repetitions } = blast;
    const outlets =
      outletIds === 'all' ? this.b('compose.everyOutlet') : this.b('list.outlets', { count: outletIds.length });
    const words = [...outlineOf(blast.message).replace(/\s+/g, ' ').trim()];
    return {
      ...blast,
      said: words.length > 140 ? `${words.slice(0, 139).join('')}…` : words.join(''),
      state: this.b(`repeating.state.${status}`),
      rule: ruleText(blast.rule, this.b),
      whom: `${audienceText(blast, this.b)} · ${outlets}`,
      comes: status === 'active' && nextOn ? this.b('repeating.next', { day: dayText(nextOn, locale) }) : null,
      notAt:
        status === 'active' && nextNotAt.length > 0 ? this.b('repeating.notAt', { count: nextNotAt.length }) : null,
      runs: repetitions.map((run) => {
        const why = WHY[run.reason ?? ''];
        return {
          ...run,
          day: dayText(run.on, locale),
          became: this.b(`repeating.outcome.${run.outcome}`),
          why: why ? this.b(why) : failureText(run.reason, locale),
          isFault: run.outcome === 'missed' || run.outcome === 'failed',
        };
      }),
    };
  }
}
