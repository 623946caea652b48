import { ApplicationRef, DestroyRef, DOCUMENT, inject, Service, signal } from '@angular/core';

/** Paper has no scrolling: what is only drawn in sight is drawn whole while the browser prints. */
@Service({ autoProvided: false })
export class StatusPrinter {
  readonly #window = inject(DOCUMENT).defaultView;
  readonly #application = inject(ApplicationRef);
  readonly #printing = signal(false);
  readonly printing = this.#printing.asReadonly();

  constructor() {
    // The browser lays the paper out right after this event: what is to be on it must be there when it ends.
    const draw = (printing: boolean) => () => {
      this.#printing.set(printing);
      this.#application.tick();
    };
    const [begin, end] = [draw(true), draw(false)];
    this.#window?.addEventListener('beforeprint', begin);
    this.#window?.addEventListener('afterprint', end);
    inject(DestroyRef).onDestroy(() => {
      this.#window?.removeEventListener('beforeprint', begin);
      this.#window?.removeEventListener('afterprint', end);
    });
  }

  print(): void {
    this.#window?.print();
  }
}
