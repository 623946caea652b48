import { inject, Service } from '@angular/core';
import type { Quota } from '@koneksi/contracts/quotas';
import { Texts } from '../core/texts';

/** From here on it is said before the end is reached. */
const NEAR = 0.8;
const MEGABYTE = 1024 * 1024;

export type Fullness = 'room' | 'near' | 'full';

export function fullness({ used, limit }: Quota): Fullness {
  if (used >= limit) return 'full';
  return used >= limit * NEAR ? 'near' : 'room';
}

/** Quotas in the reader's words. */
@Service()
export class QuotaWords {
  readonly #texts = inject(Texts);

  nameOf({ name }: Quota): string {
    return this.#texts.t(`quotas.name.${name}`);
  }

  usedOf({ name, used, limit }: Quota): string {
    const shown = (value: number): string =>
      name === 'files' ? `${this.#texts.number(Math.ceil(value / MEGABYTE))} MB` : this.#texts.number(value);
    return this.#texts.t('quotas.used', { used: shown(used), limit: shown(limit) });
  }

  /** What to do about it. */
  wayOutOf({ name }: Quota): string {
    return this.#texts.t(`quotas.wayOut.${name}`);
  }
}
