import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { KeyBundle } from '../accounts/phone-keys.js';
import type { Ciphertext } from '../accounts/phone-signal.js';
import { STATUS_JID } from '../session/held-mail.js';
import { senderAttributes } from '../session/messages.js';
import { seconds, type Stanza, stanza } from '../wire/stanza.js';
import { encodeCopy, encodeText, type Written } from './message-content.js';
import type { PhoneCiphers } from './phone-ciphers.js';
import type { UndecryptableKind } from './phone.js';
import { KEPT_MESSAGES, MAX_RETRIES, type PhoneServices, type PhoneSettings } from './phone-services.js';
import { Recent } from './recent.js';

/** Where such mail comes from, where not from the writer, and what it says it is encrypted as. */
const UNDECRYPTABLE: Record<UndecryptableKind, { from?: string; type: string }> = {
  person: { type: 'msg' },
  bot: { from: '718584497008509@bot', type: 'pkmsg' },
  'bot-answer': { type: 'msmsg' },
  group: { from: '120363041234567890@g.us', type: 'skmsg' },
  unknown: { type: 'hsmsg' },
};

interface OwnMessage extends Written {
  to: string;
}

/** What a companion asked for again: how often by now, and from the second time on with which keys. */
interface Retry {
  count: number;
  keys: KeyBundle | undefined;
}

/** Everything one phone writes. */
export class OutgoingMail {
  private readonly written = new Recent<OwnMessage>(KEPT_MESSAGES);

  constructor(
    private readonly account: Account,
    private readonly services: PhoneServices,
    private readonly ciphers: PhoneCiphers,
    private readonly settings: PhoneSettings,
  ) {}

  /** To everybody's devices: the receiver's, the receiver's phone, and the own companions as copies. */
  async send(receiver: Account, text: string, quotes: string | null): Promise<{ id: string }> {
    const { account } = this;
    const id = messageId();
    const written = { text, quotes };
    this.written.set(id, { to: receiver.number, ...written });
    const chat = this.chatWith(receiver);
    const copy = encodeCopy(chat, written);
    this.services.newChats.wrote(account, receiver);
    if (receiver === account) {
      await this.toDevices(account, id, copy, chat);
      return { id };
    }
    this.services.tokens.issueWeekly(account, receiver);
    const message = encodeText(written);
    await Promise.all([
      this.toDevices(receiver, id, message, chat),
      this.toPhone(receiver, id, message, chat),
      this.toDevices(account, id, copy, chat),
    ]);
    return { id };
  }

  /** Encrypted for a group of readers, whose key nobody here was sent. */
  postUnreadableStatus(receiver: Account): { id: string } {
    const { jid: participant, lidJid: participant_lid, profile } = this.account;
    const id = messageId();
    const attrs = { from: STATUS_JID, participant, participant_lid, notify: profile.name || undefined, type: 'media' };
    const content = stanza('enc', { v: '2', type: 'skmsg' }, randomBytes(180));
    for (const device of receiver.devices.values())
      this.deliver(receiver, device, stanza('message', { ...attrs, id, t: this.time }, [content]));
    return { id };
  }

  /** What rc14 answers without ever decrypting it, or cannot. */
  postUndecryptable(receiver: Account, kind: UndecryptableKind): { id: string } {
    const { account } = this;
    const id = messageId();
    const { from, type } = UNDECRYPTABLE[kind];
    const participant = kind === 'group' ? account.jid : undefined;
    const attrs = { from: from ?? account.jid, participant, id, t: this.time, type: 'text' };
    const content = stanza('enc', { v: '2', type }, randomBytes(180));
    for (const device of receiver.devices.values()) this.deliver(receiver, device, stanza('message', attrs, [content]));
    return { id };
  }

  /** Something between this phone and one of its own companions. */
  async sendPeer(device: Device, message: proto.IMessage): Promise<void> {
    const ciphertext = await this.encrypt(this.account, device, proto.Message.encode(message).finish());
    const attrs = { from: this.account.jid, id: messageId(), t: this.time, type: 'text', category: 'peer' };
    this.deliver(this.account, device, stanza('message', attrs, [enc(ciphertext)]));
  }

  /** A companion could not read a message of this phone's. */
  resend(id: string, asker: Account, device: Device, retry: Retry): void {
    const message = this.written.get(id);
    const isCopy = asker === this.account;
    if (!message || (!isCopy && message.to !== asker.number) || retry.count > MAX_RETRIES) return;
    const receiver = this.services.context.accounts.find(message.to);
    if (!receiver) return;
    const chat = this.chatWith(receiver);
    this.ciphers.forget({ number: asker.number, device: device.id });
    const content = isCopy ? encodeCopy(chat, message) : encodeText(message);
    void this.toDevice(asker, device, id, content, chat, retry).catch(() => undefined);
  }

  private async toDevices(account: Account, id: string, plain: Uint8Array, chat: string): Promise<void> {
    const devices = [...account.devices.values()];
    await Promise.all(devices.map((device) => this.toDevice(account, device, id, plain, chat)));
  }

  private async toDevice(
    account: Account,
    device: Device,
    id: string,
    plain: Uint8Array,
    chat: string,
    retry?: Retry,
  ): Promise<void> {
    const ciphertext = await this.encrypt(account, device, plain, retry?.keys);
    const server = this.settings.addressing === 'lid' ? 'lid' : 's.whatsapp.net';
    const recipient = account === this.account ? chat : undefined;
    const attrs = { ...senderAttributes(this.account, 0, server), id, t: this.time, type: 'text', recipient };
    this.deliver(account, device, stanza('message', attrs, [enc(ciphertext, retry?.count)]));
  }

  private async toPhone(receiver: Account, id: string, plain: Uint8Array, chat: string): Promise<void> {
    const ciphertext = await this.ciphers.forPhone(receiver, plain);
    const envelope = { id, from: this.account, fromDevice: 0, chat, peer: false, ciphertext };
    this.services.context.delivery.toPhone(receiver, envelope);
  }

  private encrypt(account: Account, device: Device, plain: Uint8Array, keys?: KeyBundle): Promise<Ciphertext> {
    const bundle = () => keys ?? this.services.desk.deviceBundle(account, device);
    return this.ciphers.forDevice(account, device, plain, bundle);
  }

  private deliver(account: Account, device: Device, message: Stanza): void {
    this.services.context.delivery.toDevice(account, device, message);
  }

  private chatWith({ jid, lidJid }: Account): string {
    return this.settings.addressing === 'lid' ? lidJid : jid;
  }

  private get time(): string {
    return seconds(this.services.context.clock.now());
  }
}

export function messageId(): string {
  return `3A${randomBytes(9).toString('hex').toUpperCase()}`;
}

export function enc({ type, bytes }: Ciphertext, count?: number): Stanza {
  return stanza('enc', { v: '2', type, count: count?.toString() }, bytes);
}
