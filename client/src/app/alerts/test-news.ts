import { inject, Service } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { AlertDelivery, AlertFault } from '@koneksi/contracts/alerts';
import { formatPhoneNumber } from '@koneksi/contracts/phone-number';
import { AlertTexts } from './alert-texts';

/** What it was sent to, as people write it. */
export const addressOf = ({ channel, to }: AlertDelivery): string =>
  channel === 'whatsapp' ? formatPhoneNumber(to) : to;

/** Says what came of tests, the worst first. */
@Service()
export class TestNews {
  readonly #bar = inject(MatSnackBar);
  readonly #a = inject(AlertTexts).a;

  /** @param nameOf what a recipient is called where it is no address */
  tell(items: readonly AlertDelivery[], nameOf = addressOf): void {
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
