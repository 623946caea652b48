import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { OptOutHistory } from '@koneksi/contracts/opt-outs';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { FaultSentence } from '../core/fault-sentence';
import { exactTime } from '../core/formats';
import { Texts } from '../core/texts';
import { complete, FormField, placeFault } from '../ui/forms/form-field';
import { Notifier } from '../ui/notifier';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { TextField } from '../ui/forms/text-field';
import { numberText } from '../ui/number-text';
import { OptOutApi } from './opt-out-api';
import { OptOutReason } from './opt-out-reason';

/** How one number opted out, and for those who may, the way back in. Closes with `true` where that was taken. */
@Component({
  selector: 'app-ledger-dialog',
  imports: [MatButton, MatDialogModule, OptOutReason, SkeletonRows, TextField],
  template: `
    <h2 mat-dialog-title>{{ t('optOuts.ledgerTitle', { phone }) }}</h2>
    <form (submit)="revoke($event)" novalidate>
      <mat-dialog-content>
        @if (history(); as history) {
          <ol data-testid="ledger">
            @for (entry of history.ledger; track entry.id) {
              <li>
                <strong>{{ t(entry.action === 'OPT_OUT' ? 'optOuts.out' : 'optOuts.in') }}</strong>
                <time class="muted" [attr.datetime]="entry.at">{{ exact(entry.at) }}</time>
                <app-opt-out-reason [entry]="entry" />
                @if (entry.note; as note) {
                  <p>{{ t('optOuts.note', { note }) }}</p>
                }
              </li>
            } @empty {
              <li>{{ t('optOuts.ledgerEmpty') }}</li>
            }
          </ol>
          @if (mayRevoke() && history.optedOut) {
            <p class="lead">{{ t('optOuts.revokeLead') }}</p>
            <app-text-field
              name="revoke-note"
              maxlength="500"
              [label]="t('optOuts.revokeNote')"
              [field]="fields.note"
            />
          }
        } @else if (!problem()) {
          <app-skeleton-rows />
        }
        <div role="alert" class="problem">{{ problem() }}</div>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ t('common.close') }}</button>
        @if (mayRevoke() && history()?.optedOut) {
          <button matButton="filled" type="submit" [disabled]="saving()" disabledInteractive data-testid="revoke">
            {{ t('optOuts.revoke') }}
          </button>
        }
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    ol {
      display: grid;
      gap: 14px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      gap: 2px;
      padding-inline-start: 12px;
      border-inline-start: 3px solid var(--k-border);
    }
    time {
      font-size: 0.8125rem;
    }
    .lead {
      margin-block: 20px 10px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class LedgerDialog {
  readonly #phone = inject<string>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<LedgerDialog, boolean>>(MatDialogRef);
  readonly #api = inject(OptOutApi);
  readonly #notifier = inject(Notifier);
  readonly #sentence = inject(FaultSentence);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly phone = numberText(this.#phone);
  protected readonly mayRevoke = inject(AuthStore).managesOutlets;
  protected readonly history = signal<OptOutHistory | null>(null);
  protected readonly fields = {
    note: new FormField('', (note) => (note.trim() ? null : this.t('optOuts.noteMissing'))),
  };
  protected readonly saving = signal(false);
  protected readonly problem = signal<string | null>(null);

  constructor() {
    this.#api.history(this.#phone).then(
      (history) => this.history.set(history),
      (thrown: unknown) => this.problem.set(this.#sentence.of(ApiFault.of(thrown))),
    );
  }

  protected exact(instant: string): string {
    return exactTime(instant, this.#texts.locale());
  }

  protected async revoke(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.history()?.optedOut || !complete(this.fields) || this.saving()) return;
    this.saving.set(true);
    try {
      await this.#api.revoke(this.#phone, this.fields.note.value().trim());
      this.#notifier.tell('optOuts.revoked', { phone: this.phone });
      this.#dialog.close(true);
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      const unplaced = placeFault(fault, this.fields);
      if (unplaced.length || !fault.fields.length) this.problem.set(this.#sentence.of(fault));
    } finally {
      this.saving.set(false);
    }
  }
}
