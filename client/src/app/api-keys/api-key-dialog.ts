import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { CreateApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import { SCOPES, type Scope } from '@koneksi/contracts/scopes';
import { Clock } from '../core/clock';
import { CheckList } from '../ui/forms/check-list';
import { ChoiceField } from '../ui/forms/choice-field';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { OutletChoices } from '../live-status/outlet-choices';
import type { ApiKeyDesk } from './api-key-desk';
import { ApiKeyTexts } from './api-key-texts';

/** How long a key lives, in days; `0` does not end by itself. */
const LIFETIMES = ['30', '90', '365', '0'] as const;
const DAY_MS = 24 * 3_600_000;
/** What only those do who see every outlet. */
const OF_ADMINS: readonly Scope[] = ['outlets:write', 'webhooks:write'];

/** Makes a key. Closes with it. */
@Component({
  selector: 'app-api-key-dialog',
  imports: [CheckList, ChoiceField, FormFoot, MatDialogModule, TextField],
  templateUrl: './api-key-dialog.html',
  styles: `
    .spaced {
      display: block;
      margin-block-start: 12px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class ApiKeyDialog {
  readonly #desk = inject<ApiKeyDesk>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<ApiKeyDialog, CreatedApiKey>>(MatDialogRef);
  readonly #texts = inject(ApiKeyTexts);
  readonly #clock = inject(Clock);
  protected readonly k = this.#texts.k;
  protected readonly outlets = inject(OutletChoices);

  protected readonly reach = signal<string>('some');
  protected readonly reaches = computed(() => [
    { value: 'some', label: this.k('form.some') },
    { value: 'all', label: this.k('form.all') },
  ]);
  protected readonly extent = signal<string>('scopes');
  protected readonly extents = computed(() => [
    { value: 'scopes', label: this.k('form.onlyThese') },
    { value: 'role', label: this.k(this.reach() === 'all' ? 'row.asAdmin' : 'row.asStaff') },
  ]);
  protected readonly lifetime = signal<string>('90');
  protected readonly lifetimes = computed(() =>
    LIFETIMES.map((value) => ({ value, label: this.k(`form.lifetimes.${value}`) })),
  );
  readonly #offered = computed(() => SCOPES.filter((scope) => this.reach() === 'all' || !OF_ADMINS.includes(scope)));
  protected readonly scopes = computed(() =>
    this.#offered().map((scope) => ({ id: scope, label: this.#texts.scopeOf(scope), detail: scope })),
  );
  protected readonly fields = {
    name: new FormField('', (name) => (name.trim() ? null : this.k('form.nameMissing'))),
    outletIds: new FormField<ReadonlySet<string>>(new Set(), (chosen) =>
      this.reach() === 'all' || chosen.size > 0 ? null : this.k('form.outletsMissing'),
    ),
    scopes: new FormField<ReadonlySet<string>>(new Set(['status:read']), () =>
      this.extent() === 'role' || this.#chosenScopes().length > 0 ? null : this.k('form.scopesMissing'),
    ),
  };
  protected readonly form = new Submission(this.fields);

  protected save(event: Event): Promise<void> {
    return this.form.run(event, async () => this.#dialog.close(await this.#desk.create(this.#request())));
  }

  #chosenScopes(): Scope[] {
    return this.#offered().filter((scope) => this.fields.scopes.value().has(scope));
  }

  #request(): Partial<CreateApiKey> {
    const days = Number(this.lifetime());
    return {
      name: this.fields.name.value().trim(),
      role: this.reach() === 'all' ? 'ADMIN' : 'USER',
      outletIds: this.reach() === 'all' ? [] : [...this.fields.outletIds.value()],
      ...(this.extent() === 'scopes' && { scopes: this.#chosenScopes() }),
      expiresAt: days === 0 ? null : new Date(this.#clock.instant() + days * DAY_MS).toISOString(),
    };
  }
}
