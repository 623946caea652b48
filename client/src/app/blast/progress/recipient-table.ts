import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RECIPIENT_REASONS, RECIPIENT_STATUSES, type RecipientStatus } from '@koneksi/contracts/blast-states';
import type { BlastRecipient, KeptReply } from '@koneksi/contracts/blast-recipients';
import type { BlastOutlet } from '@koneksi/contracts/blasts';
import { FaultSentence } from '../../core/fault-sentence';
import { Texts } from '../../core/texts';
import type { Choice } from '../../ui/forms/choice';
import { ChoiceField } from '../../ui/forms/choice-field';
import { EmptyState } from '../../ui/lists/empty-state';
import { phoneText } from '../../ui/phone-text';
import { SkeletonRows } from '../../ui/lists/skeleton-rows';
import { BlastActions } from '../blast-actions';
import { BlastTexts } from '../blast-texts';
import { RecipientBadge } from './recipient-badge';
import { RecipientList } from './recipient-list';
import type { UncertainAnswer } from './uncertain-answers';
import { clockIn, commonZone } from '../../core/zoned-time';

/** Each recipient and where they stand; the uncertain ones can be decided here. */
@Component({
  selector: 'app-recipient-table',
  imports: [ChoiceField, EmptyState, MatButton, RecipientBadge, SkeletonRows],
  templateUrl: './recipient-table.html',
  styleUrl: './recipient-table.css',
})
export class RecipientTable {
  readonly outlets = input.required<readonly BlastOutlet[]>();
  readonly mayChange = input.required<boolean>();
  readonly answers = input.required<readonly UncertainAnswer[]>();
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly b = inject(BlastTexts).b;
  protected readonly list = inject(RecipientList);
  protected readonly actions = inject(BlastActions);
  protected readonly sentence = inject(FaultSentence);

  protected readonly statuses = computed((): Choice<RecipientStatus | 'replied'>[] => [
    ...RECIPIENT_STATUSES.map((value) => ({ value, label: this.b(`recipient.${value}`) })),
    { value: 'replied', label: this.b('recipients.replied') },
  ]);
  protected readonly outletChoices = computed(() =>
    this.outlets().map(({ outletId, outletName }) => ({ value: outletId, label: outletName })),
  );
  readonly #zone = computed(() => commonZone(this.outlets().map(({ zone }) => zone)));
  protected readonly rows = computed(() => {
    const names = new Map(this.outlets().map(({ outletId, outletName }) => [outletId, outletName]));
    return this.list.items()?.map((row) => ({
      ...row,
      name: row.name ?? (row.phone === '' ? this.b('recipients.erased') : phoneText(row.phone)),
      number: row.name ? phoneText(row.phone) : '',
      outlet: names.get(row.outletId) ?? '',
      why: this.#why(row),
      when: this.#when(row),
      said: row.replies.map((reply) => this.#said(reply)),
    }));
  });

  #why({ reason, code }: BlastRecipient): string {
    const sentence = reason ? (RECIPIENT_REASONS[reason]?.[this.#texts.locale()] ?? reason) : '';
    return code && sentence ? `${sentence} (${code})` : sentence;
  }

  #said({ at, text }: KeptReply): { text: string; time: string } {
    return { text, time: clockIn(this.#zone(), Date.parse(at), this.#texts.locale()) };
  }

  #when({ sentAt, deliveredAt, readAt }: BlastRecipient): string {
    const at = readAt ?? deliveredAt ?? sentAt;
    return at ? clockIn(this.#zone(), Date.parse(at), this.#texts.locale()) : '';
  }
}
