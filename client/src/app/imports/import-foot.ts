import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { Texts } from '../core/texts';
import type { FileLook } from './file-look';

/** What can be done with the file that is looked at. */
@Component({
  selector: 'app-import-foot',
  imports: [MatButton, MatDialogModule],
  template: `
    @if (look().result()) {
      <button matButton="filled" mat-dialog-close data-testid="import-close">{{ t('common.done') }}</button>
    } @else {
      <button matButton mat-dialog-close>{{ t('common.cancel') }}</button>
      @if (look().preview()) {
        <button matButton (click)="look().startOver()">{{ t('import.another') }}</button>
        <button
          matButton="filled"
          class="commit"
          [disabled]="look().busy() || !commit()"
          disabledInteractive
          (click)="commit() && pressed.emit()"
          data-testid="import-commit"
        >
          {{ look().busy() === 'committing' ? t('import.committing') : (commit() ?? t('import.nothing')) }}
        </button>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      justify-content: end;
      gap: 8px;
    }
    .commit {
      height: auto;
      min-height: 36px;
      padding-block: 6px;
      overflow-wrap: anywhere;
    }
  `,
})
export class ImportFoot {
  readonly look = input.required<Pick<FileLook<object, unknown>, 'busy' | 'preview' | 'result' | 'startOver'>>();
  /** What the button says; `null` while there is nothing to take in. */
  readonly commit = input.required<string | null>();
  readonly pressed = output();
  protected readonly t = inject(Texts).t;
}
