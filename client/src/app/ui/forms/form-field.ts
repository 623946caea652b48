import { computed, linkedSignal, signal, type Signal, type WritableSignal } from '@angular/core';
import type { ApiFault } from '../../core/api-fault';

/** One value of a form, with what is wrong about it. Complaints wait until someone left the field or tried to save. */
export class FormField<Value> {
  readonly value: WritableSignal<Value>;
  readonly #visited = signal(false);
  /** What the server said about the value it was sent; a new value is a new question. */
  readonly #refusal: WritableSignal<string | null>;
  readonly fault: Signal<string | null>;
  readonly shownFault: Signal<string | null>;

  constructor(initial: Value, check: (value: Value) => string | null = () => null) {
    this.value = signal(initial);
    this.#refusal = linkedSignal<Value, string | null>({ source: this.value, computation: () => null });
    this.fault = computed(() => this.#refusal() ?? check(this.value()));
    this.shownFault = computed(() => (this.#visited() ? this.fault() : null));
  }

  visit(): void {
    this.#visited.set(true);
  }

  /** As if no one had been here yet. */
  leave(): void {
    this.#visited.set(false);
    this.#refusal.set(null);
  }

  refuse(message: string): void {
    this.#refusal.set(message);
    this.visit();
  }
}

/** Shows every complaint there is; true where there is none. */
export function complete(fields: Readonly<Record<string, Pick<FormField<unknown>, 'visit' | 'fault'>>>): boolean {
  for (const field of Object.values(fields)) field.visit();
  return Object.values(fields).every((field) => field.fault() === null);
}

/** Puts what the server said about fields beside them. @returns what it said about anything else. */
export function placeFault(
  { fields: faults }: Pick<ApiFault, 'fields'>,
  fields: Readonly<Record<string, Pick<FormField<unknown>, 'refuse'>>>,
): string[] {
  return faults.flatMap(({ field, message }) => {
    // `tags.2` is a fault of `tags`.
    const named = fields[field.split('.')[0] ?? ''];
    named?.refuse(message);
    return named ? [] : [message];
  });
}
