import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { CheckList } from '../ui/forms/check-list';
import { Notifier } from '../ui/notifier';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { UserList } from '../users/user-list';

export interface AssignedOutlet {
  id: string;
  name: string;
}

/** Which staff see an outlet. */
@Component({
  selector: 'app-assign-staff-dialog',
  imports: [CheckList, MatButton, MatDialogModule, SkeletonRows],
  providers: [UserList],
  template: `
    <h2 mat-dialog-title>{{ t('assign.title', { name: outlet.name }) }}</h2>
    <mat-dialog-content>
      @if (list.fault(); as fault) {
        <p class="problem">{{ sentence.of(fault) }}</p>
      } @else if (list.users() === null) {
        <app-skeleton-rows />
      } @else {
        <app-check-list
          [label]="t('assign.staff')"
          [searchLabel]="t('users.search')"
          [none]="t('assign.none')"
          [items]="staff()"
          [(chosen)]="chosen"
        />
        <p class="muted">{{ t('assign.hint') }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton mat-dialog-close>{{ t('common.cancel') }}</button>
      <button matButton="filled" [disabled]="saving()" disabledInteractive (click)="save()" data-testid="assign-save">
        {{ t('common.save') }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    .muted {
      margin-block-start: 8px;
      font-size: 0.8125rem;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class AssignStaffDialog {
  protected readonly outlet = inject<AssignedOutlet>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<AssignStaffDialog, boolean>>(MatDialogRef);
  readonly #notifier = inject(Notifier);
  protected readonly list = inject(UserList);
  protected readonly sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;

  readonly #users = computed(() => (this.list.users() ?? []).filter(({ role }) => role === 'USER'));
  protected readonly staff = computed(() =>
    this.#users().map(({ id, name, email }) => ({ id, label: name, detail: email })),
  );
  protected readonly chosen = signal<ReadonlySet<string>>(new Set());
  protected readonly saving = signal(false);

  constructor() {
    void this.list.load();
    effect(() => {
      const assigned = this.#users().filter(({ outletIds }) => outletIds.includes(this.outlet.id));
      untracked(() => this.chosen.set(new Set(assigned.map(({ id }) => id))));
    });
  }

  protected async save(): Promise<void> {
    if (this.saving()) return;
    this.saving.set(true);
    const chosen = this.chosen();
    const { id: outletId } = this.outlet;
    const changed = this.#users().filter(({ id, outletIds }) => outletIds.includes(outletId) !== chosen.has(id));
    try {
      for (const { id, outletIds } of changed) {
        const others = outletIds.filter((other) => other !== outletId);
        await this.list.update(id, { outletIds: chosen.has(id) ? [...others, outletId] : others });
      }
      this.#dialog.close(true);
    } catch (fault) {
      this.#notifier.tellFault(fault);
    } finally {
      this.saving.set(false);
    }
  }
}
