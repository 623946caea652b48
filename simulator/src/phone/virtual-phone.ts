import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import { Passkey } from '../accounts/passkey.js';
import type { KeyBundle } from '../accounts/phone-keys.js';
import { type Ciphertext, type Peer, PhoneSignal } from '../accounts/phone-signal.js';
import type { FaultRules } from '../faults/faults.js';
import type { Envelope, PhoneLine } from '../session/delivery.js';
import { STATUS_JID } from '../session/held-mail.js';
import type { KeyDesk } from '../session/key-desk.js';
import { senderAttributes } from '../session/messages.js';
import { normalizeCode } from '../session/pairing-code.js';
import type { NewChats } from '../session/new-chats.js';
import { appStateKeyShare } from '../session/peer-messages.js';
import type { PrivacyTokens } from '../session/privacy-tokens.js';
import type { Registrations } from '../session/registrations.js';
import { type ServiceContext, takeFault } from '../session/service-context.js';
import { SimulatorError } from '../simulator-error.js';
import { parseJid } from '../wire/jid.js';
import { seconds, stanza } from '../wire/stanza.js';
import { type Content, encodeCopy, encodeText, readContent, type FileReference } from './message-content.js';
import type {
  Addressing,
  HistoryFile,
  HistoryOptions,
  LinkedDevice,
  NewChatRules,
  Notifications,
  Phone,
  PresenceSeen,
  ReceiptMode,
  ReceivedFile,
  ReceivedMessage,
  SentCopy,
} from './phone.js';
import { Recent } from './recent.js';

/** What a phone needs of the service beyond its own account. */
export interface PhoneServices {
  context: ServiceContext;
  desk: KeyDesk;
  registrations: Registrations;
  newChats: NewChats;
  tokens: PrivacyTokens;
  /** Resolves when a pairing is on disk, if it is to be kept at all. */
  saved(): Promise<void>;
  isOnline(device: Device): boolean;
  unlink(account: Account, device: Device): void;
  moveToNewPhone(account: Account): void;
}

const KEPT_MESSAGES = 10_000;
/** A phone asks this often for one message, then gives up. */
const MAX_RETRIES = 5;

interface OwnMessage {
  to: string;
  text: string;
}

/** One person's phone, with real Signal sessions to every device it talks to. */
export class VirtualPhone implements Phone, PhoneLine {
  receipts: ReceiptMode = 'delivered';
  addressing: Addressing = 'pn';
  confirmsCopies = false;
  readonly faults: FaultRules;
  readonly notifications: Notifications = { rung: 0, silenced: 0 };
  private signalState: PhoneSignal | undefined;
  /** What waits for the phone to be switched on. */
  private readonly waiting: (() => void)[] = [];
  private readonly received = new Recent<ReceivedMessage>(KEPT_MESSAGES);
  private readonly copies = new Recent<SentCopy>(KEPT_MESSAGES);
  private readonly written = new Recent<OwnMessage>(KEPT_MESSAGES);
  private readonly retries = new Recent<number>(KEPT_MESSAGES);

  constructor(
    private readonly account: Account,
    private readonly services: PhoneServices,
    faults: FaultRules,
  ) {
    this.faults = faults;
  }

  get number(): string {
    return this.account.number;
  }

  get lid(): string {
    return this.account.lid;
  }

  get name(): string {
    return this.account.profile.name;
  }

  set name(name: string) {
    this.account.profile = { ...this.account.profile, name };
    this.services.context.changed(this.account);
  }

  get device(): string {
    return this.account.profile.device;
  }

  get platform(): 'android' | 'iphone' {
    return this.account.profile.platform;
  }

  get business(): boolean {
    return this.account.profile.business;
  }

  get newChats(): NewChatRules {
    return this.account.newChats;
  }

  set newChats(rules: NewChatRules) {
    this.account.newChats = rules;
  }

  pushNewChats(rules: Partial<NewChatRules>): void {
    this.account.newChats = { ...this.account.newChats, ...rules };
    this.services.newChats.push(this.account);
  }

  get demandsPasskey(): boolean {
    return this.account.passkey !== null;
  }

  set demandsPasskey(demands: boolean) {
    this.account.passkey = demands ? (this.account.passkey ?? new Passkey()) : null;
  }

  assertPasskey(options: string, origin?: string): string {
    const { passkey } = this.account;
    if (!passkey) throw new SimulatorError('PASSKEY_REFUSED', `The account ${this.number} has no passkey.`);
    return passkey.assert(options, origin);
  }

  get history(): HistoryOptions | null {
    return this.account.history;
  }

  set history(options: HistoryOptions | null) {
    const counts = options ? [options.conversations, options.messages] : [];
    if (counts.some((count) => !Number.isInteger(count) || count < 1))
      throw new SimulatorError(
        'HISTORY_INVALID',
        'A history has a whole number of conversations and messages, at least one.',
      );
    this.account.history = options;
  }

  get historyFiles(): (HistoryFile & { downloads: number })[] {
    const { media } = this.services.context;
    return this.account.historyFiles.map((file) => ({
      ...file,
      downloads: file.directPath === null ? 0 : media.downloads(file.directPath),
    }));
  }

  get demandsTokens(): boolean {
    return this.account.demandsTokens;
  }

  set demandsTokens(demands: boolean) {
    this.account.demandsTokens = demands;
  }

  get nctSalt(): Uint8Array {
    return this.account.nctSalt;
  }

  get hidesNumber(): boolean {
    return this.account.hidesNumber;
  }

  set hidesNumber(hides: boolean) {
    this.account.hidesNumber = hides;
  }

  get online(): boolean {
    return this.account.awaySince === null;
  }

  get lastSeenAt(): number {
    return this.account.awaySince ?? this.services.context.clock.now();
  }

  get devices(): LinkedDevice[] {
    return [...this.account.devices.values()].map((device) => this.linked(device));
  }

  get inbox(): ReceivedMessage[] {
    return this.received.values();
  }

  get sent(): SentCopy[] {
    return this.copies.values();
  }

  get presences(): readonly PresenceSeen[] {
    return this.account.presences;
  }

  async scan(qr: string): Promise<LinkedDevice> {
    this.mustBeOnline('scan a QR code');
    return this.kept(this.services.registrations.scan(this.account, qr));
  }

  async enterCode(code: string): Promise<LinkedDevice> {
    this.mustBeOnline('take a pairing code');
    return this.kept(this.services.registrations.enterCode(this.account, normalizeCode(code)));
  }

  unlink(deviceId?: number): void {
    const devices = [...this.account.devices.values()].filter(({ id }) => deviceId === undefined || id === deviceId);
    if (deviceId !== undefined && devices.length === 0)
      throw new SimulatorError('DEVICE_UNKNOWN', `The phone ${this.number} has no linked device ${deviceId}.`);
    for (const device of devices) this.services.unlink(this.account, device);
  }

  moveToNewPhone(): void {
    this.services.moveToNewPhone(this.account);
  }

  /** Somebody moved to a new phone, maybe this one's owner: what was agreed with the old keys is of no use. */
  forget(account: Account): void {
    if (account === this.account) this.signalState = undefined;
    else this.signalState?.forget({ number: account.number, device: 0 });
  }

  setOnline(online: boolean): void {
    this.account.awaySince = online ? null : this.lastSeenAt;
    if (online) for (const task of this.waiting.splice(0)) task();
  }

  async send(companion: string, text: string): Promise<{ id: string }> {
    this.mustBeOnline('send');
    const receiver = this.registered(companion);
    const id = `3A${randomBytes(9).toString('hex').toUpperCase()}`;
    this.written.set(id, { to: receiver.number, text });
    const chat = this.addressing === 'lid' ? receiver.lidJid : receiver.jid;
    this.services.newChats.wrote(this.account, receiver);
    if (receiver !== this.account) this.services.tokens.issueWeekly(this.account, receiver);
    const copy = encodeCopy(chat, text);
    const message = receiver === this.account ? copy : encodeText(text);
    await Promise.all([
      ...[...receiver.devices.values()].map((device) => this.sendToDevice(receiver, device, id, message, chat)),
      ...(receiver === this.account ? [] : [this.sendToPhone(receiver, id, message, chat)]),
      ...(receiver === this.account
        ? []
        : [...this.account.devices.values()].map((device) => this.sendToDevice(this.account, device, id, copy, chat))),
    ]);
    return { id };
  }

  postUnreadableStatus(companion: string): { id: string } {
    this.mustBeOnline('post a status');
    const receiver = this.registered(companion);
    const id = `3A${randomBytes(9).toString('hex').toUpperCase()}`;
    const { context } = this.services;
    const { jid: participant, lidJid: participant_lid, profile } = this.account;
    const attrs = {
      from: STATUS_JID,
      participant,
      participant_lid,
      notify: profile.name || undefined,
      id,
      type: 'media',
    };
    // Encrypted for a group of readers, whose key nobody here was sent.
    const content = stanza('enc', { v: '2', type: 'skmsg' }, randomBytes(180));
    for (const device of receiver.devices.values())
      context.delivery.toDevice(
        receiver,
        device,
        stanza('message', { ...attrs, t: seconds(context.clock.now()) }, [content]),
      );
    return { id };
  }

  issueToken(companion: string): void {
    this.services.tokens.issue(this.account, this.registered(companion));
  }

  /** Something between this phone and one of its own companions. */
  async sendPeer(device: Device, message: proto.IMessage): Promise<void> {
    if (!this.online) await new Promise<void>((resume) => this.waiting.push(resume));
    const ciphertext = await this.encryptFor(this.account, device, proto.Message.encode(message).finish());
    const attrs = {
      from: this.account.jid,
      id: `3A${randomBytes(9).toString('hex').toUpperCase()}`,
      t: seconds(this.services.context.clock.now()),
      type: 'text',
      category: 'peer',
    };
    this.services.context.delivery.toDevice(this.account, device, stanza('message', attrs, [enc(ciphertext)]));
  }

  receive(envelope: Envelope): void {
    if (this.online) void this.read(envelope);
    else this.waiting.push(() => void this.read(envelope));
  }

  resend(id: string, asker: Account, device: Device, count: number, keys: KeyBundle | undefined): void {
    const message = this.written.get(id);
    const isCopy = asker === this.account;
    if (!message || (!isCopy && message.to !== asker.number) || count > MAX_RETRIES) return;
    const receiver = this.services.context.accounts.find(message.to);
    if (!receiver) return;
    const chat = this.addressing === 'lid' ? receiver.lidJid : receiver.jid;
    this.signal.forget({ number: asker.number, device: device.id });
    void this.sendToDevice(
      asker,
      device,
      id,
      isCopy ? encodeCopy(chat, message.text) : encodeText(message.text),
      chat,
      { count, keys },
    ).catch(() => undefined);
  }

  private async sendToDevice(
    account: Account,
    device: Device,
    id: string,
    plain: Uint8Array,
    chat: string,
    retry?: { count: number; keys: KeyBundle | undefined },
  ): Promise<void> {
    const ciphertext = await this.encryptFor(account, device, plain, retry?.keys);
    const server = this.addressing === 'lid' ? 'lid' : 's.whatsapp.net';
    const recipient = account === this.account ? chat : undefined;
    const attrs = {
      ...senderAttributes(this.account, 0, server),
      id,
      t: seconds(this.services.context.clock.now()),
      type: 'text',
      recipient,
    };
    this.services.context.delivery.toDevice(account, device, stanza('message', attrs, [enc(ciphertext, retry?.count)]));
  }

  private async sendToPhone(receiver: Account, id: string, plain: Uint8Array, chat: string): Promise<void> {
    const peer = { number: receiver.number, device: 0 };
    const ciphertext = await this.signal.encrypt(peer, plain, () => this.services.desk.phoneBundle(receiver));
    this.services.context.delivery.toPhone(receiver, {
      id,
      from: this.account,
      fromDevice: 0,
      chat,
      peer: false,
      ciphertext,
    });
  }

  private encryptFor(account: Account, device: Device, plain: Uint8Array, keys?: KeyBundle): Promise<Ciphertext> {
    return this.signal.encrypt(
      { number: account.number, device: device.id },
      plain,
      () => keys ?? this.services.desk.deviceBundle(account, device),
    );
  }

  private async read(envelope: Envelope): Promise<void> {
    const { counters, events } = this.services.context;
    const { id, from } = envelope;
    const peer: Peer = { number: from.number, device: envelope.fromDevice };
    try {
      if (from !== this.account && this.losesSession()) {
        this.signal.forget(peer);
        throw new Error('the session is lost');
      }
      const content = readContent(await this.signal.decrypt(peer, envelope.ciphertext));
      counters.add('decrypted');
      if (content.kind === 'copy')
        this.copies.set(id, { id, to: this.numberIn(content.chat), text: content.text, at: Date.now() });
      if (content.kind !== 'message') {
        this.confirmOwn(envelope, content);
        return;
      }
      const key = `${from.number} ${id}`;
      const file = content.file && (await this.download(content.file));
      // A message sent again to everybody reaches those a second time who could read the first.
      if (!this.received.get(key)) {
        this.received.set(key, {
          id,
          from: from.number,
          text: content.text,
          at: Date.now(),
          retries: this.retries.get(key) ?? 0,
          file,
        });
        events.emit('received', { number: this.number, from: from.number, id, text: content.text });
        if (from !== this.account) this.ring(from.number, id);
      }
      this.confirm(envelope);
    } catch {
      counters.add('undecryptable');
      this.askAgain(envelope);
    }
  }

  private ring(from: string, id: string): void {
    const silenced = this.account.hasAvailableCompanion;
    this.notifications[silenced ? 'silenced' : 'rung']++;
    this.services.context.events.emit('notified', { number: this.number, from, id, silenced });
  }

  /** A phone shows a message whose file it cannot get all the same. */
  private async download(reference: FileReference): Promise<ReceivedFile | null> {
    const { kind, mimeType, fileName } = reference;
    try {
      return { kind, mimeType, fileName, content: await this.services.context.media.open(reference) };
    } catch {
      return null;
    }
  }

  private losesSession(): boolean {
    const rules = this.services.context.faultsFor(this.account);
    return takeFault(rules, ({ lostSessions }) => lostSessions) === true;
  }

  private confirm(envelope: Envelope): void {
    if (this.receipts === 'none') return;
    this.sendReceipt(envelope, {});
    if (this.receipts === 'read') this.sendReceipt(envelope, { type: 'read' });
  }

  /** What own companions hear of their phone: that it got its copy or their request, and the key they asked for. */
  private confirmOwn(envelope: Envelope, content: Content): void {
    const { peer, chat, from, fromDevice } = envelope;
    if (peer) this.sendReceipt(envelope, { type: 'peer_msg' });
    else if (this.confirmsCopies) this.sendReceipt(envelope, { type: 'sender', recipient: chat });
    const device = from.devices.get(fromDevice);
    if (content.kind === 'protocol' && content.asksForKey && device)
      void this.sendPeer(device, appStateKeyShare(this.account, device)).catch(() => undefined);
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
    const t = seconds(this.services.context.clock.now());
    const registration = Buffer.alloc(4);
    registration.writeUInt32BE(this.account.keys.registrationId);
    const content = [
      stanza('retry', { count: count.toString(), id, t, v: '1' }),
      stanza('registration', {}, registration),
    ];
    if (count > 1) content.push(stanza('keys', {}, this.services.desk.retryKeys(this.account)));
    this.sendReceipt(
      envelope,
      { type: 'retry', recipient: from === this.account ? envelope.chat : undefined },
      content,
    );
  }

  private sendReceipt(
    { id, from, fromDevice, chat }: Envelope,
    extra: Record<string, string | undefined>,
    content?: ReturnType<typeof stanza>[],
  ): void {
    const sender = from.devices.get(fromDevice);
    // Phones need no receipts from each other: nobody looks at them.
    if (!sender) return;
    const server = parseJid(chat)?.server ?? 's.whatsapp.net';
    const isLid = server === 'lid' || (this.account.hidesNumber && from !== this.account);
    const jid = isLid ? this.account.lidJid : this.account.jid;
    this.services.context.delivery.toDevice(
      from,
      sender,
      stanza('receipt', { id, from: jid, t: seconds(this.services.context.clock.now()), ...extra }, content),
    );
  }

  private get signal(): PhoneSignal {
    this.signalState ??= new PhoneSignal(this.number, this.account.keys, () =>
      this.services.context.changed(this.account),
    );
    return this.signalState;
  }

  private numberIn(jid: string): string {
    return this.services.context.accounts.findByJid(jid)?.number ?? jid;
  }

  private async kept(pairing: Promise<Device>): Promise<LinkedDevice> {
    const device = await pairing;
    await this.services.saved();
    return this.linked(device);
  }

  private linked(device: Device): LinkedDevice {
    return {
      id: device.id,
      jid: this.account.deviceJid(device.id),
      linkedAt: device.linkedAt,
      online: this.services.isOnline(device),
      available: device.isAvailable,
      lastAvailableAt: device.lastAvailableAt,
    };
  }

  private registered(number: string): Account {
    const account = this.services.context.accounts.find(number.replace(/^\+/, ''));
    if (!account) throw new SimulatorError('NOT_REGISTERED', `${number} is not on WhatsApp.`);
    return account;
  }

  private mustBeOnline(doing: string): void {
    if (!this.online)
      throw new SimulatorError('PHONE_OFFLINE', `The phone ${this.number} is switched off and cannot ${doing}.`);
  }
}

function enc({ type, bytes }: Ciphertext, count?: number): ReturnType<typeof stanza> {
  return stanza('enc', { v: '2', type, count: count?.toString() }, bytes);
}
