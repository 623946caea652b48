import { inject, Service } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { Texts, type TextKey, type TextParams } from '../core/texts';

/** Short news about what someone just did. */
@Service()
export class Notifier {
  readonly #bar = inject(MatSnackBar);
  readonly #texts = inject(Texts);
  readonly #sentence = inject(FaultSentence);

  tell(key: TextKey, params?: TextParams): void {
    this.#bar.open(this.#texts.t(key, params), undefined, { duration: 4_000 });
  }

  /** The same with a way back, for as long as a person needs to see what they did. */
  tellWithUndo(key: TextKey, params: TextParams, undo: () => void): void {
    const told = this.#bar.open(this.#texts.t(key, params), this.#texts.t('common.undo'), { duration: 30_000 });
    told.onAction().subscribe(undo);
  }

  tellFault(thrown: unknown): void {
    this.#bar.open(this.#sentence.of(ApiFault.of(thrown)), this.#texts.t('common.dismiss'), {
      duration: 10_000,
      politeness: 'assertive',
    });
  }
}
