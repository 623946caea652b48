import { inject, signal } from '@angular/core';
import { ApiFault } from '../../core/api-fault';
import { FaultSentence } from '../../core/fault-sentence';
import { complete, placeFault, type FormField } from './form-field';

type Fields = Readonly<Record<string, Pick<FormField<unknown>, 'visit' | 'fault' | 'refuse'>>>;

/** Sends a form, once at a time. What the server refuses stands beside the field it is about, or else in `problem`. */
export class Submission {
  readonly #sentence = inject(FaultSentence);
  readonly #busy = signal(false);
  readonly #problem = signal<string | null>(null);
  readonly #changed = signal(false);
  readonly busy = this.#busy.asReadonly();
  /** What was refused without naming a field of this form. */
  readonly problem = this.#problem.asReadonly();
  /** Somebody else saved first. */
  readonly changed = this.#changed.asReadonly();

  /** @param about the field that a refusal with this code is about, though it names none. */
  constructor(
    private readonly fields: Fields,
    private readonly about: Readonly<Partial<Record<ApiFault['code'], Pick<FormField<unknown>, 'refuse'>>>> = {},
  ) {}

  async run(event: Event, send: () => Promise<void>): Promise<void> {
    event.preventDefault();
    if (!complete(this.fields) || this.#busy()) return;
    this.#busy.set(true);
    this.#problem.set(null);
    this.#changed.set(false);
    try {
      await send();
    } catch (thrown) {
      this.#place(ApiFault.of(thrown));
    } finally {
      this.#busy.set(false);
    }
  }

  #place(fault: ApiFault): void {
    const sentence = this.#sentence.of(fault);
    this.#changed.set(fault.code === 'CHANGED_MEANWHILE');
    const field = this.about[fault.code];
    if (field) return field.refuse(sentence);
    const unplaced = placeFault(fault, this.fields);
    if (unplaced.length || !fault.fields.length) this.#problem.set([sentence, ...unplaced].join(' '));
  }
}
