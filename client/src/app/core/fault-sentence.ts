import { inject, Service } from '@angular/core';
import { ERROR_TEXTS } from '@koneksi/contracts/error-texts';
import { ApiFault } from './api-fault';
import { Texts } from './texts';

/** What people read when a request failed. */
@Service()
export class FaultSentence {
  readonly #texts = inject(Texts);

  readonly of = ({ code, requestId, retryAfterSeconds }: ApiFault): string => {
    if (code === 'UNREACHABLE') return this.#texts.t('faults.unreachable');
    if (code === 'TOO_MANY_ATTEMPTS' && retryAfterSeconds) {
      return this.#texts.t('faults.tooManyAttempts', { minutes: Math.ceil(retryAfterSeconds / 60) });
    }
    // A newer server may know codes that this page does not.
    const known = ERROR_TEXTS[code] ?? ERROR_TEXTS.INTERNAL;
    const sentence = known[this.#texts.locale()];
    return code === 'INTERNAL' && requestId ? `${sentence} (${requestId})` : sentence;
  };

  /** What is wrong with each field, where the server says so. */
  readonly inFull = (thrown: unknown): string => {
    const fault = ApiFault.of(thrown);
    return fault.fields.map(({ message }) => message).join(' ') || this.of(fault);
  };
}
