import type { Account } from '../accounts/account.js';
import type { Peer } from '../accounts/phone-signal.js';
import type { Envelope } from '../session/delivery.js';
import { appStateKeyShare } from '../session/peer-messages.js';
import { takeFault } from '../session/service-context.js';
import { parseJid } from '../wire/jid.js';
import { seconds, type Stanza, stanza } from '../wire/stanza.js';
import { type Content, type FileReference, readContent } from './message-content.js';
import type { OutgoingMail } from './outgoing-mail.js';
import type { Notifications, ReceivedFile, ReceivedMessage, SentCopy } from './phone.js';
import type { PhoneCiphers } from './phone-ciphers.js';
import { KEPT_MESSAGES, MAX_RETRIES, type PhoneServices, type PhoneSettings } from './phone-services.js';
import { Recent } from './recent.js';

/** Everything one phone is sent: it decrypts, keeps, rings, and says what became of it. */
export class IncomingMail {
  readonly notifications: Notifications = { rung: 0, silenced: 0 };
  private readonly received = new Recent<ReceivedMessage>(KEPT_MESSAGES);
  private readonly copies = new Recent<SentCopy>(KEPT_MESSAGES);
  private readonly retries = new Recent<number>(KEPT_MESSAGES);

  constructor(
    private readonly account: Account,
    private readonly services: PhoneServices,
    private readonly ciphers: PhoneCiphers,
    private readonly settings: PhoneSettings,
    private readonly outgoing: OutgoingMail,
  ) {}

  get inbox(): ReceivedMessage[] {
    return this.received.values();
  }

  get sent(): SentCopy[] {
    return this.copies.values();
  }

  async read(envelope: Envelope): Promise<void> {
    const { counters } = this.services.context;
    try {
      const content = readContent(await this.decrypt(envelope));
      counters.add('decrypted');
      if (content.kind === 'message') await this.keep(envelope, content);
      else this.takeOwn(envelope, content);
    } catch {
      counters.add('undecryptable');
      this.askAgain(envelope);
    }
  }

  private async decrypt({ from, fromDevice, ciphertext }: Envelope): Promise<Buffer> {
    const peer: Peer = { number: from.number, device: fromDevice };
    if (from !== this.account && this.losesSession()) {
      this.ciphers.forget(peer);
      throw new Error('the session is lost');
    }
    return this.ciphers.decrypt(peer, ciphertext);
  }

  private async keep(envelope: Envelope, content: Content & { kind: 'message' }): Promise<void> {
    const { id, from } = envelope;
    const { text, preview } = content;
    const key = `${from.number} ${id}`;
    const file = content.file && (await this.download(content.file));
    // A message sent again to everybody reaches those a second time who could read the first.
    if (!this.received.get(key)) {
      const retries = this.retries.get(key) ?? 0;
      this.received.set(key, { id, from: from.number, text, at: Date.now(), retries, preview, file });
      this.services.context.events.emit('received', { number: this.account.number, from: from.number, id, text });
      if (from !== this.account) this.ring(from.number, id);
    }
    if (this.settings.receipts !== 'none') this.sendReceipt(envelope, {});
    if (this.settings.receipts === 'read') this.sendReceipt(envelope, { type: 'read' });
  }

  /** From an own companion: a copy of what it sent, or a request, which is confirmed and answered. */
  private takeOwn(envelope: Envelope, content: Content): void {
    const { id, peer, chat, from, fromDevice } = envelope;
    if (content.kind === 'copy')
      this.copies.set(id, { id, to: this.numberIn(content.chat), text: content.text, at: Date.now() });
    if (peer) this.sendReceipt(envelope, { type: 'peer_msg' });
    else if (this.settings.confirmsCopies) this.sendReceipt(envelope, { type: 'sender', recipient: chat });
    const device = from.devices.get(fromDevice);
    if (content.kind === 'protocol' && content.asksForKey && device)
      void this.outgoing.sendPeer(device, appStateKeyShare(this.account, device)).catch(() => undefined);
  }

  private ring(from: string, id: string): void {
    const silenced = this.account.hasAvailableCompanion;
    this.notifications[silenced ? 'silenced' : 'rung']++;
    this.services.context.events.emit('notified', { number: this.account.number, from, id, silenced });
  }

  /** A phone shows a message whose file it cannot get all the same. */
  private async download(reference: FileReference): Promise<ReceivedFile | null> {
    const { kind, mimeType, fileName, film } = reference;
    try {
      return { kind, mimeType, fileName, film, content: await this.services.context.media.open(reference) };
    } catch {
      return null;
    }
  }

  private losesSession(): boolean {
    const rules = this.services.context.faultsFor(this.account);
    return takeFault(rules, ({ lostSessions }) => lostSessions) === true;
  }

  /** As a real phone does: at once, and from the second time on with fresh keys. Its own companion is told which conversation is meant. */
  private askAgain(envelope: Envelope): void {
    const { id, from } = envelope;
    if (envelope.peer) return;
    const key = `${from.number} ${id}`;
    const count = (this.retries.get(key) ?? 0) + 1;
    if (count > MAX_RETRIES) return;
    this.retries.set(key, count);
    this.services.context.counters.add('retriesOut');
    const registration = Buffer.alloc(4);
    registration.writeUInt32BE(this.account.keys.registrationId);
    const content = [
      stanza('retry', { count: count.toString(), id, t: this.time, v: '1' }),
      stanza('registration', {}, registration),
    ];
    if (count > 1) content.push(stanza('keys', {}, this.services.desk.retryKeys(this.account)));
    const recipient = from === this.account ? envelope.chat : undefined;
    this.sendReceipt(envelope, { type: 'retry', recipient }, content);
  }

  private sendReceipt(
    { id, from, fromDevice, chat }: Envelope,
    extra: Record<string, string | undefined>,
    content?: Stanza[],
  ): void {
    const sender = from.devices.get(fromDevice);
    // Phones need no receipts from each other: nobody looks at them.
    if (!sender) return;
    const isLid = parseJid(chat)?.server === 'lid' || (this.account.hidesNumber && from !== this.account);
    const jid = isLid ? this.account.lidJid : this.account.jid;
    const receipt = stanza('receipt', { id, from: jid, t: this.time, ...extra }, content);
    this.services.context.delivery.toDevice(from, sender, receipt);
  }

  private numberIn(jid: string): string {
    return this.services.context.accounts.findByJid(jid)?.number ?? jid;
  }

  private get time(): string {
    return seconds(this.services.context.clock.now());
  }
}
