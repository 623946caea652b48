import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { FIELD_TEXTS } from '@koneksi/contracts/field-texts';
import type { SavedMessage } from '@koneksi/contracts/saved-messages';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from '../../core/api-fault';
import { AuthStore } from '../../core/auth-store';
import type { Edited } from '../../core/edited';
import { FaultSentence } from '../../core/fault-sentence';
import { whenRecordsChange } from '../../core/records-changed';
import { Texts } from '../../core/texts';
import { ConfirmDialog, type Confirmation } from '../../ui/confirm-dialog';
import { FormField } from '../../ui/forms/form-field';
import { SkeletonRows } from '../../ui/lists/skeleton-rows';
import { Submission } from '../../ui/forms/submission';
import { TextField } from '../../ui/forms/text-field';
import { BlastTexts } from '../blast-texts';
import { SavedApi } from './saved-api';
import { QuotaWarning } from '../../quotas/quota-warning';

/** What the draft says now: what would be kept. */
export interface ToKeep {
  message: string;
  mediaId: string | null;
}

/** Messages kept under a name. Closes with the one to be used. */
@Component({
  selector: 'app-saved-dialog',
  imports: [MatButton, MatDialogModule, QuotaWarning, SkeletonRows, TextField],
  template: `
    <h2 mat-dialog-title>{{ b('saved.title') }}</h2>
    <mat-dialog-content>
      <app-quota-warning [of]="['saved-messages']" [with]="saved()" />
      @if (mayKeep && !isEmpty) {
        <form (submit)="keep($event)" novalidate>
          <app-text-field
            name="saved-name"
            maxlength="60"
            [label]="b('saved.name')"
            [hint]="b('saved.nameHint')"
            [suggestions]="names()"
            [field]="form.name"
          />
          <button matButton="outlined" type="submit" [disabled]="submission.busy()" data-testid="keep-message">
            {{ b('saved.keep') }}
          </button>
        </form>
      }
      <p class="problem" role="alert" data-testid="saved-problem">
        {{ problem() ?? submission.problem() ?? renameSubmission.problem() }}
      </p>
      @if (saved(); as saved) {
        <ul>
          @for (one of saved; track one.id) {
            <li data-testid="saved-message" [attr.data-name]="one.name">
              @if (renaming()?.id === one.id) {
                <form class="rename" (submit)="rename($event)" novalidate>
                  <strong>{{ one.name }}</strong>
                  <app-text-field name="new-name" maxlength="60" [label]="b('saved.newName')" [field]="renamed.name" />
                  <button matButton="tonal" type="submit" [disabled]="renameSubmission.busy()" data-testid="keep-name">
                    {{ b('saved.keep') }}
                  </button>
                  <button matButton type="button" (click)="renaming.set(null)" data-testid="drop-name">
                    {{ b('compose.back') }}
                  </button>
                </form>
              } @else {
                <div class="what">
                  <strong>{{ one.name }}</strong>
                  <span class="muted">{{ one.message || one.media?.fileName || b('saved.unreadable') }}</span>
                  @if (one.media && one.message) {
                    <span class="muted">{{ one.media.fileName }}</span>
                  }
                </div>
                @if (one.message || one.media) {
                  <button matButton="tonal" type="button" (click)="use(one)" data-testid="use-saved">
                    {{ b('saved.use') }}<span class="sr-only"> {{ one.name }}</span>
                  </button>
                }
                @if (mayKeep) {
                  <button matButton type="button" (click)="startRenaming(one)" data-testid="rename-saved">
                    {{ b('saved.rename') }}<span class="sr-only"> {{ one.name }}</span>
                  </button>
                  <button matButton type="button" (click)="remove(one)" data-testid="remove-saved">
                    {{ b('saved.remove') }}<span class="sr-only"> {{ one.name }}</span>
                  </button>
                }
              }
            </li>
          } @empty {
            <li class="muted" data-testid="no-saved">{{ b(mayKeep ? 'saved.none' : 'saved.noneYet') }}</li>
          }
        </ul>
      } @else if (problem() === null) {
        <app-skeleton-rows />
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close data-testid="close-saved">{{ b('saved.close') }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
      min-height: 56px;
      padding: 8px 0;
      border-top: 1px solid var(--k-border);
    }
    .what {
      display: grid;
      flex: 1 1 200px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .what .muted {
      display: -webkit-box;
      overflow: hidden;
      font-size: 0.8125rem;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 3;
    }
    form {
      margin-block-end: 12px;
    }
    .rename {
      display: flex;
      flex: 1 1 100%;
      flex-wrap: wrap;
      gap: 8px;
      margin: 0;
    }
    .rename strong {
      overflow-wrap: anywhere;
    }
    .rename strong,
    .rename app-text-field {
      flex: 1 1 100%;
    }
  `,
  styleUrl: '../../ui/forms/form-dialog.css',
})
export class SavedDialog {
  readonly #toKeep = inject<ToKeep>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<SavedDialog, SavedMessage>>(MatDialogRef);
  readonly #dialogs = inject(MatDialog);
  readonly #api = inject(SavedApi);
  readonly #sentence = inject(FaultSentence);
  readonly #texts = inject(Texts);
  protected readonly b = inject(BlastTexts).b;
  protected readonly mayKeep = inject(AuthStore).managesOutlets();
  protected readonly isEmpty = this.#toKeep.message === '' && this.#toKeep.mediaId === null;
  protected readonly saved = signal<readonly SavedMessage[] | null>(null);
  protected readonly problem = signal<string | null>(null);
  protected readonly names = computed(() => this.saved()?.map(({ name }) => name) ?? []);
  protected readonly form = {
    name: new FormField('', (typed: string) => (typed.trim() ? null : FIELD_TEXTS.REQUIRED[this.#texts.locale()])),
  };
  protected readonly submission = new Submission(this.form);

  /** The one whose name is being written anew, as it was when that began: its field hides what others make of it. */
  protected readonly renaming = signal<SavedMessage | null>(null);
  protected readonly renamed = {
    name: new FormField<string>('', (typed: string) =>
      typed.trim() ? null : FIELD_TEXTS.REQUIRED[this.#texts.locale()],
    ),
  };
  protected readonly renameSubmission = new Submission(this.renamed);

  constructor() {
    void this.#load();
    whenRecordsChange(['saved-message'], () => this.#read());
  }

  protected use(one: SavedMessage): void {
    this.#dialog.close(one);
  }

  /** Under a name that is there already it takes the place of what that said, once a person has agreed. */
  protected async keep(event: Event): Promise<void> {
    await this.submission.run(event, async () => {
      const name = this.form.name.value().trim();
      // Whoever is quicker than the list waits for it.
      if (!this.saved()) await this.#load();
      const known = this.saved()?.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (!known) await this.#api.create({ name, ...this.#toKeep });
      else {
        const edited = await this.#asSeen(known);
        if (!edited || !(await this.#agreed('replace', known.name))) return;
        await this.#api.change(known.id, this.#toKeep, edited.ifMatch);
      }
      this.form.name.value.set('');
      this.form.name.leave();
      await this.#load();
    });
  }

  protected startRenaming(one: SavedMessage): void {
    this.renamed.name.value.set(one.name);
    this.renamed.name.leave();
    this.renaming.set(one);
  }

  protected async rename(event: Event): Promise<void> {
    await this.renameSubmission.run(event, async () => {
      const one = this.renaming();
      if (!one) return;
      const name = this.renamed.name.value().trim();
      const edited = await this.#asSeen(one);
      if (!edited) return this.renaming.set(this.saved()?.find(({ id }) => id === one.id) ?? null);
      if (name !== one.name) await this.#api.change(one.id, { name }, edited.ifMatch);
      this.renaming.set(null);
      await this.#load();
    });
  }

  protected async remove(one: SavedMessage): Promise<void> {
    try {
      const edited = await this.#asSeen(one);
      if (!edited || !(await this.#agreed('removal', one.name))) return;
      await this.#api.remove(one.id, edited.ifMatch);
      await this.#load();
    } catch (thrown) {
      this.problem.set(this.#sentence.of(ApiFault.of(thrown)));
    }
  }

  /** `null`, and shown as it is by now, where somebody else changed it since it was listed. */
  async #asSeen(one: SavedMessage): Promise<Edited<SavedMessage> | null> {
    const edited = await this.#api.read(one.id);
    if (JSON.stringify(edited.value) === JSON.stringify(one)) return edited;
    await this.#load();
    this.problem.set(this.b('saved.changed', { name: one.name }));
    return null;
  }

  async #load(): Promise<void> {
    this.problem.set(null);
    await this.#read().catch((thrown: unknown) => this.problem.set(this.#sentence.of(ApiFault.of(thrown))));
  }

  async #read(): Promise<void> {
    this.saved.set(await this.#api.all());
  }

  async #agreed(what: 'replace' | 'removal', name: string): Promise<boolean> {
    const data: Confirmation = {
      title: this.b(`saved.asked.${what}`, { name }),
      body: this.b(`saved.lost.${what}`),
      confirm: this.b(`saved.yes.${what}`),
      back: this.b('compose.back'),
    };
    const dialog = this.#dialogs.open(ConfirmDialog, { data, panelClass: 'dialog', role: 'alertdialog' });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }
}
