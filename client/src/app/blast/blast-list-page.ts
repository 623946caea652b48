import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { BlastSummary } from '@koneksi/contracts/blasts';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { RelativeTime } from '../ui/relative-time';
import { BlastList } from './blast-list';
import { BlastState } from './blast-state';
import { BlastTexts } from './blast-texts';
import { blastTitle } from './blast-title';
import { PolicyField } from './policy-field';
import { CountsBar } from './counts-bar';
import { QuotaWarning } from '../quotas/quota-warning';

/** Every blast that reaches an outlet of the reader's: who sent it, when, and how far it is. */
@Component({
  selector: 'app-blast-list-page',
  imports: [
    BlastState,
    CountsBar,
    EmptyState,
    Icon,
    Loaded,
    MatButton,
    PolicyField,
    QuotaWarning,
    RelativeTime,
    RouterLink,
  ],
  providers: [BlastList],
  templateUrl: './blast-list-page.html',
  styleUrls: ['../ui/lists/row-list.css', './blast-list-page.css'],
})
export class BlastListPage {
  readonly #texts = inject(Texts);
  readonly #dialog = inject(MatDialog);
  protected readonly t = this.#texts.t;
  protected readonly b = inject(BlastTexts).b;
  protected readonly list = inject(BlastList);
  protected readonly managesOutlets = inject(AuthStore).managesOutlets;
  protected readonly rows = computed(() => this.list.items()?.map((blast) => this.#row(blast)));

  protected async settings(): Promise<void> {
    const { SettingsDialog } = await import('./settings-dialog');
    this.#dialog.open(SettingsDialog, { panelClass: 'dialog' });
  }

  #row(blast: BlastSummary) {
    const { sent, delivered, read, failed, unknown } = blast.counts;
    const { number } = this.#texts;
    return {
      ...blast,
      name: blastTitle(blast, this.#texts.locale()),
      reached: this.b('list.reached', { sent: number(sent + delivered + read), all: number(blast.recipients) }),
      outlets: this.b('list.outlets', { count: blast.outletCount }),
      replied: blast.replied ? this.b('list.replied', { count: number(blast.replied) }) : null,
      failed: failed ? this.b('list.failed', { count: number(failed) }) : null,
      unknown: unknown ? this.b('list.unknown', { count: number(unknown) }) : null,
    };
  }
}
