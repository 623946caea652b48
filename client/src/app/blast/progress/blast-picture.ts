import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { BlastApi } from '../blast-api';
import { BlastWatch } from '../blast-watch';

/** The picture that the watched blast carries, once it is here. */
@Service({ autoProvided: false })
export class BlastPicture {
  readonly #api = inject(BlastApi);
  readonly #blast = inject(BlastWatch).blast;
  readonly #url = signal<string | null>(null);
  /** Of this page alone; `null` without a picture, and until it came. */
  readonly url = this.#url.asReadonly();
  readonly #blastId = computed(() => (this.#blast()?.media?.kind === 'image' ? this.#blast()!.id : null));

  constructor() {
    effect((onCleanup) => {
      const id = this.#blastId();
      if (id === null) return;
      let isOver = false;
      onCleanup(() => {
        isOver = true;
        const url = untracked(this.#url);
        if (url) URL.revokeObjectURL(url);
        this.#url.set(null);
      });
      // Without it its name stands there.
      this.#api.media(id).then(
        (picture) => {
          if (!isOver) this.#url.set(URL.createObjectURL(picture));
        },
        () => undefined,
      );
    });
  }
}
