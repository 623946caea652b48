import { Component, computed, inject, input } from '@angular/core';
import type { OptOutLedgerEntry } from '@koneksi/contracts/opt-outs';
import { Texts } from '../core/texts';

/** By whose word a number opted out or in. */
@Component({ selector: 'app-opt-out-reason', template: `{{ sentence() }}` })
export class OptOutReason {
  readonly entry = input.required<OptOutLedgerEntry>();
  readonly #t = inject(Texts).t;
  protected readonly sentence = computed(() => {
    const { means, keyword, outletName, by } = this.entry();
    if (means === 'STAFF') return this.#t('optOuts.byStaff', { by: by ?? this.#t('optOuts.someone') });
    if (means === 'IMPORT') return this.#t('optOuts.byFile', { by: by ?? this.#t('optOuts.someone') });
    const outlet = outletName ?? this.#t('optOuts.anotherOutlet');
    return this.#t('optOuts.byKeyword', { keyword: keyword ?? '', outlet });
  });
}
