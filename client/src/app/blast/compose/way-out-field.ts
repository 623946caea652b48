import { Component, computed, inject } from '@angular/core';
import { SwitchField } from '../../ui/forms/switch-field';
import { TextField } from '../../ui/forms/text-field';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { withUnsureWords } from './unsure-words';

/** Whether recipients are told how to hear no more; whoever leaves it out says why. */
@Component({
  selector: 'app-way-out-field',
  imports: [SwitchField, TextField],
  template: `
    <app-switch-field name="way-out" [label]="b('wayOut.offer')" [hint]="hint()" [(on)]="draft.offersWayOut" />
    @if (!draft.offersWayOut()) {
      <app-text-field
        name="no-way-out"
        maxlength="200"
        [label]="b('wayOut.why')"
        [hint]="b('wayOut.whyHint')"
        [field]="draft.fields.noWayOut"
      />
    }
  `,
  styles: `
    :host {
      display: block;
      margin-block: 12px;
    }
  `,
})
export class WayOutField {
  protected readonly b = inject(BlastTexts).b;
  protected readonly draft = inject(BlastDraft);
  protected readonly hint = computed(() => {
    const wayOut = this.draft.wayOut();
    const { how, line } = wayOut;
    const told = how === 'OFF' ? this.b('wayOut.off') : this.b(`wayOut.${how}`, { line: line ?? '' });
    return withUnsureWords(told, wayOut, this.b);
  });
}
