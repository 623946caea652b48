import { DestroyRef, DOCUMENT, inject, Service } from '@angular/core';

/** Prints nothing of the page but the sheet with the QR of a link. */
@Service({ autoProvided: false })
export class LinkPrinter {
  readonly #document = inject(DOCUMENT);
  readonly #done = (): void => void delete this.#document.documentElement.dataset['prints'];

  constructor() {
    const window = this.#document.defaultView;
    window?.addEventListener('afterprint', this.#done);
    inject(DestroyRef).onDestroy(() => {
      window?.removeEventListener('afterprint', this.#done);
      this.#done();
    });
  }

  print(): void {
    this.#document.documentElement.dataset['prints'] = 'link';
    this.#document.defaultView?.print();
  }
}
