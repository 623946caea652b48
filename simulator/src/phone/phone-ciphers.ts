import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { KeyBundle } from '../accounts/phone-keys.js';
import { type Ciphertext, type Peer, PhoneSignal } from '../accounts/phone-signal.js';
import type { PhoneServices } from './phone-services.js';

/** One phone's Signal sessions, made when they are first needed and given up with its keys. */
export class PhoneCiphers {
  private signal: PhoneSignal | undefined;

  constructor(
    private readonly account: Account,
    private readonly services: PhoneServices,
  ) {}

  decrypt(peer: Peer, ciphertext: Ciphertext): Promise<Buffer> {
    return this.opened.decrypt(peer, ciphertext);
  }

  /** For a companion of anybody's; `keys` are used where there is no session. */
  forDevice({ number }: Account, device: Device, plain: Uint8Array, bundle: () => KeyBundle): Promise<Ciphertext> {
    return this.opened.encrypt({ number, device: device.id }, plain, bundle);
  }

  forPhone(receiver: Account, plain: Uint8Array): Promise<Ciphertext> {
    const peer = { number: receiver.number, device: 0 };
    return this.opened.encrypt(peer, plain, () => this.services.desk.phoneBundle(receiver));
  }

  forget(peer: Peer): void {
    this.opened.forget(peer);
  }

  /** Somebody moved to a new phone, maybe this one's owner: what was agreed with the old keys is of no use. */
  moved(account: Account): void {
    if (account === this.account) this.signal = undefined;
    else this.signal?.forget({ number: account.number, device: 0 });
  }

  private get opened(): PhoneSignal {
    this.signal ??= new PhoneSignal(this.account.number, this.account.keys, () =>
      this.services.context.changed(this.account),
    );
    return this.signal;
  }
}
