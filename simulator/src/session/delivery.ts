import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { KeyBundle } from '../accounts/phone-keys.js';
import type { Ciphertext } from '../accounts/phone-signal.js';
import type { Counters } from '../counters.js';
import type { Stanza } from '../wire/stanza.js';
import type { Connection } from './connection.js';
import { HeldMail, STATUS_JID } from './held-mail.js';

/** A ciphertext on its way to a phone. */
export interface Envelope {
  id: string;
  from: Account;
  /** 0 when a phone sent it. */
  fromDevice: number;
  /** The conversation as the sender addressed it: a pn or lid jid. */
  chat: string;
  /** From the sender's own companion about itself (`category="peer"`), not part of a conversation. */
  peer: boolean;
  ciphertext: Ciphertext;
}

/** What an ack or a receipt names: `to` is where the stanza came from. */
export interface Acknowledgement {
  id?: string;
  type?: string;
  to?: string;
  error?: string;
}

/** The phone's side of the service. */
export interface PhoneLine {
  receive(envelope: Envelope): void;
  /** A companion could not read message `id`; `keys` come with its second request. */
  resend(id: string, asker: Account, device: Device, count: number, keys: KeyBundle | undefined): void;
}

/** Carries stanzas to companions and ciphertexts to phones; keeps what a companion has not acknowledged. */
export class Delivery {
  private readonly lines = new Map<Device, Connection>();
  private readonly held = new HeldMail();

  constructor(
    private readonly phoneOf: (account: Account) => PhoneLine,
    private readonly counters: Counters,
    private readonly changed: (account: Account) => void,
  ) {}

  /** Sends what is waiting, marked `offline`; from then on the device's mail goes out at once. */
  connect(device: Device, connection: Connection, caughtUp: () => void): void {
    this.lines.set(device, connection);
    const backlog = device.mailbox.list().map((mail) => ({ ...mail, attrs: { ...mail.attrs, offline: '0' } }));
    this.held.stream(device, backlog, (mail) => connection.send(mail), caughtUp);
  }

  /** Only the connection in use can be taken away, not the newer one that replaced it. */
  disconnect(device: Device, connection: Connection): void {
    if (this.lines.get(device) !== connection) return;
    this.lines.delete(device);
    this.held.forget(device);
  }

  /**
   * A companion answered for something it was sent. A status answered with an error stays, and holds up the rest;
   * anything else is done with. Whether it was waiting for that.
   */
  acknowledged(device: Device, tag: string, attrs: Acknowledgement): boolean {
    const { id = '', error, to } = attrs;
    if (tag === 'message' && to === STATUS_JID && error !== undefined) {
      this.held.refused(device, id);
      this.counters.add('statusesRefused');
      return false;
    }
    const wasWaiting = device.mailbox.acknowledge(tag, attrs);
    if (tag === 'message') this.held.acknowledged(device, id, (mail) => this.lines.get(device)?.send(mail));
    return wasWaiting;
  }

  toDevice(account: Account, device: Device, stanza: Stanza): void {
    device.mailbox.put(stanza);
    if (stanza.tag === 'message') this.counters.add('messagesOut');
    else if (stanza.tag === 'receipt') this.counters.add('receiptsOut');
    this.changed(account);
    if (!this.held.takes(device, stanza)) this.lines.get(device)?.send(stanza);
  }

  toPhone(account: Account, envelope: Envelope): void {
    this.phoneOf(account).receive(envelope);
  }

  resendFromPhone(
    account: Account,
    id: string,
    asker: Account,
    device: Device,
    count: number,
    keys: KeyBundle | undefined,
  ): void {
    this.phoneOf(account).resend(id, asker, device, count, keys);
  }
}
