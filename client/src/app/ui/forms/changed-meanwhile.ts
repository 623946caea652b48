import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Edited } from '../../core/edited';
import { Texts } from '../../core/texts';

/** The two ways on for whoever was refused because somebody else saved first. What they typed stays until they choose. */
@Component({
  selector: 'app-changed-meanwhile',
  imports: [MatButton],
  template: `
    @if (shown() && edited(); as edited) {
      <button matButton="outlined" type="button" (click)="newest.emit()" data-testid="take-newest">
        {{ t('editing.newest') }}
      </button>
      <button matButton="outlined" type="submit" (click)="edited.overwrite()" data-testid="overwrite">
        {{ t('editing.overwrite') }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    button {
      margin-block-start: 8px;
    }
  `,
})
export class ChangedMeanwhile {
  readonly shown = input.required<boolean>();
  /** What was read, to be sent without asking again; a new thing has none. */
  readonly edited = input.required<Edited<unknown> | null>();
  readonly newest = output();
  protected readonly t = inject(Texts).t;
}
