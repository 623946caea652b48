import { Component, inject, input, output } from '@angular/core';
import { Texts } from '../core/texts';
import { NoOutlets } from '../outlets/no-outlets';
import { StatusStore } from '../live-status/status-store';
import type { Choice } from '../ui/forms/choice';
import { ChoiceField } from '../ui/forms/choice-field';
import { EmptyState } from '../ui/lists/empty-state';
import { SkeletonRows } from '../ui/lists/skeleton-rows';

/** Where a page is about one outlet and none is chosen yet: asks which. */
@Component({
  selector: 'app-which-outlet',
  imports: [ChoiceField, EmptyState, NoOutlets, SkeletonRows],
  host: { class: 'panel' },
  template: `
    @if (!known()) {
      <app-skeleton-rows />
    } @else if (choices().length === 0) {
      <app-no-outlets />
    } @else {
      <app-empty-state
        icon="store"
        [heading]="t('contacts.whichTitle')"
        [body]="t('contacts.which')"
        data-testid="which-outlet"
      >
        <app-choice-field
          name="which-outlet-choice"
          compact
          [label]="t('contacts.outlet')"
          [placeholder]="t('contacts.choose')"
          [choices]="choices()"
          value=""
          (valueChange)="chosen.emit($event)"
        />
      </app-empty-state>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    app-choice-field {
      width: min(320px, 100%);
    }
  `,
})
export class WhichOutlet {
  readonly choices = input.required<readonly Choice[]>();
  readonly chosen = output<string>();
  protected readonly known = inject(StatusStore).loaded;
  protected readonly t = inject(Texts).t;
}
