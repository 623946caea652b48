import { DestroyRef, Directive, inject, signal } from '@angular/core';

/** A mouse left lying on the table holds nothing for ever. */
const RESTING_MS = 15_000;
const AFTER_TOUCH_MS = 4_000;

/** True while someone points at, touches or tabs through the host: the moment not to move things under them. */
@Directive({
  selector: '[appPointedAt]',
  exportAs: 'pointedAt',
  host: {
    '(pointermove)': 'pointed($event)',
    '(pointerleave)': "$event.pointerType === 'mouse' && release()",
    '(touchstart)': 'holdFor(AFTER_TOUCH_MS)',
    '(touchend)': 'holdFor(AFTER_TOUCH_MS)',
    '(focusin)': 'focused($event)',
    '(focusout)': 'release()',
  },
})
export class PointedAt {
  protected readonly AFTER_TOUCH_MS = AFTER_TOUCH_MS;
  readonly #active = signal(false);
  readonly active = this.#active.asReadonly();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  protected pointed(event: PointerEvent): void {
    if (event.pointerType === 'mouse') this.holdFor(RESTING_MS);
  }

  protected focused({ target }: FocusEvent): void {
    // Moving the focused row would take the focus away from it: held until it leaves.
    if (!(target as HTMLElement).matches(':focus-visible')) return;
    clearTimeout(this.#timer);
    this.#active.set(true);
  }

  protected holdFor(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#active.set(true);
    this.#timer = setTimeout(() => this.release(), milliseconds);
  }

  protected release(): void {
    clearTimeout(this.#timer);
    this.#active.set(false);
  }
}
