import { inject, Service } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { AlertDelivery, AlertFault } from '@koneksi/contracts/alerts';
import { AlertTexts } from './alert-texts';

/** Says what came of tests, the worst first. */
@Service()
export class TestNews {
  readonly #bar = inject(MatSnackBar);
  readonly #a = inject(AlertTexts).a;

  /** @param nameOf what a recipient is called where it is no address */
  tell(items: readonly AlertDelivery[], nameOf = ({ to }: AlertDelivery): string => to): void {
    const failed = items.find(({ status }) => status === 'dead');
    const waiting = items.find(({ status }) => status === 'pending');
    const to = items.map(nameOf).join(', ');
    const text = failed
      ? this.#a('channel.notSent', { to: nameOf(failed), fault: this.faultOf(failed.lastTries[0]?.fault ?? 'CUT_OFF') })
      : this.#a(waiting ? 'channel.handedOver' : 'channel.sent', { to });
    this.#bar.open(text, undefined, { duration: 10_000 });
  }

  faultOf(fault: AlertFault): string {
    return this.#a(`fault.${fault}`);
  }
}
