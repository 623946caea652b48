import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RECIPIENT_REASONS, type RecipientReason } from '@koneksi/contracts/blast-states';
import { FIELD_TEXTS } from '@koneksi/contracts/field-texts';
import { formatWhileTyping, normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import { ApiFault } from '../../core/api-fault';
import { FaultSentence } from '../../core/fault-sentence';
import { Texts } from '../../core/texts';
import { ChoiceField } from '../../ui/forms/choice-field';
import { complete, FormField, placeFault } from '../../ui/forms/form-field';
import { phoneText } from '../../ui/phone-text';
import { TextField } from '../../ui/forms/text-field';
import { BlastApi } from '../blast-api';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';

const isReason = (reason: unknown): reason is RecipientReason =>
  typeof reason === 'string' && Object.hasOwn(RECIPIENT_REASONS, reason);

/** One message now, to a phone someone holds in their hand. */
@Component({
  selector: 'app-test-send',
  imports: [ChoiceField, MatButton, TextField],
  template: `
    <details>
      <summary>{{ b('test.title') }}</summary>
      <form (submit)="send($event)" novalidate>
        <app-text-field
          name="test-phone"
          type="tel"
          inputmode="tel"
          [label]="b('test.phone')"
          [field]="phone"
          [format]="format"
        />
        <app-choice-field name="test-outlet" [label]="b('test.outlet')" [choices]="outlets()" [(value)]="outletId" />
        <button
          matButton="outlined"
          type="submit"
          [disabled]="sending() || !outletId()"
          disabledInteractive
          data-testid="test-send"
        >
          {{ b(sending() ? 'test.sending' : 'test.send') }}
        </button>
      </form>
      <p role="status" [class.fault]="problem()" [attr.data-testid]="sentTo() ? 'test-sent' : null">
        {{ problem() ?? (sentTo() ? b('test.sent', { phone: sentTo() ?? '' }) : '') }}
      </p>
    </details>
  `,
  styleUrl: './test-send.css',
})
export class TestSend {
  readonly #api = inject(BlastApi);
  readonly #draft = inject(BlastDraft);
  readonly #sentence = inject(FaultSentence);
  readonly #locale = inject(Texts).locale;
  protected readonly b = inject(BlastTexts).b;
  protected readonly format = formatWhileTyping;
  protected readonly phone = new FormField('', (typed) =>
    normalizePhoneNumber(typed) ? null : FIELD_TEXTS.PHONE_NUMBER[this.#locale()],
  );
  protected readonly outlets = computed(() => {
    const sending = this.#draft.sending();
    const able = sending.length ? sending : this.#draft.outlets().filter(({ status }) => status.healthy);
    return able.map(({ id, status }) => ({ value: id, label: status.outlet.name }));
  });
  protected readonly outletId = linkedSignal<readonly { value: string }[], string>({
    source: this.outlets,
    computation: (outlets, previous) =>
      outlets.find(({ value }) => value === previous?.value)?.value ?? outlets[0]?.value ?? '',
  });
  protected readonly sending = signal(false);
  protected readonly problem = signal<string | null>(null);
  protected readonly sentTo = signal<string | null>(null);

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    const fields = { phone: this.phone, message: this.#draft.fields.message };
    if (!complete(fields) || this.sending() || !this.outletId()) return;
    this.sending.set(true);
    this.problem.set(null);
    this.sentTo.set(null);
    const { message, mediaId } = this.#draft.toPreview();
    const phone = normalizePhoneNumber(this.phone.value()) ?? '';
    try {
      await this.#api.test({ outletId: this.outletId(), phone, message, mediaId, ...this.#draft.wayOutChoice() });
      this.sentTo.set(phoneText(phone));
      this.#draft.noteTested();
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      if (fault.code === 'NUMBER_NOT_ON_WHATSAPP' || fault.code === 'NUMBER_OPTED_OUT')
        return this.phone.refuse(this.#sentence.of(fault));
      const unplaced = placeFault(fault, { ...fields, mediaId: this.#draft.fields.mediaId });
      if (unplaced.length || !fault.fields.length) this.problem.set([this.#why(fault), ...unplaced].join(' '));
    } finally {
      this.sending.set(false);
    }
  }

  /** Why WhatsApp refused it, with the code that it said, where the server tells. */
  #why(fault: ApiFault): string {
    const { reason, code } = fault.details;
    const known = fault.code === 'MESSAGE_REFUSED' && isReason(reason) ? RECIPIENT_REASONS[reason] : null;
    return known ? `${known[this.#locale()]} (${String(code)})` : this.#sentence.of(fault);
  }
}
