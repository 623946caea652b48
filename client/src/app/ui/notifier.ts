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

  tellFault(thrown: unknown): void {
    this.#bar.open(this.#sentence.of(ApiFault.of(thrown)), this.#texts.t('common.dismiss'), {
      duration: 10_000,
      politeness: 'assertive',
    });
  }
}
