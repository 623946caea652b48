import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account, LeftBehind } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import { Passkey } from '../accounts/passkey.js';
import type { KeyBundle } from '../accounts/phone-keys.js';
import type { FaultRules } from '../faults/faults.js';
import type { Envelope, PhoneLine } from '../session/delivery.js';
import { normalizeCode } from '../session/pairing-code.js';
import { SimulatorError } from '../simulator-error.js';
import { GroupMail } from './group-mail.js';
import { IncomingMail } from './incoming-mail.js';
import { OutgoingMail } from './outgoing-mail.js';
import { PhoneCiphers } from './phone-ciphers.js';
import type { PhoneServices } from './phone-services.js';
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
  ReceivedMessage,
  SentCopy,
  UndecryptableKind,
} from './phone.js';

/** One person's phone, with real Signal sessions to every device it talks to. */
export class VirtualPhone implements Phone, PhoneLine {
  receipts: ReceiptMode = 'delivered';
  addressing: Addressing = 'pn';
  confirmsCopies = true;
  readonly faults: FaultRules;
  /** What waits for the phone to be switched on. */
  private readonly waiting: (() => void)[] = [];
  private readonly ciphers: PhoneCiphers;
  private readonly outgoing: OutgoingMail;
  private readonly incoming: IncomingMail;
  private readonly groups: GroupMail;

  constructor(
    private readonly account: Account,
    private readonly services: PhoneServices,
    faults: FaultRules,
  ) {
    this.faults = faults;
    this.ciphers = new PhoneCiphers(account, services);
    this.outgoing = new OutgoingMail(account, services, this.ciphers, this);
    this.groups = new GroupMail(account, services, this.ciphers);
    this.incoming = new IncomingMail(account, services, this.ciphers, this, this.outgoing);
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

  get heldAnswers(): number {
    return this.account.heldAnswers.length;
  }

  releaseAnswers(): void {
    for (const answer of this.account.heldAnswers.splice(0)) answer();
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

  renewNctSalt(): void {
    this.services.tokens.renewSalt(this.account);
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
    return this.incoming.inbox;
  }

  get sent(): SentCopy[] {
    return this.incoming.sent;
  }

  get notifications(): Notifications {
    return this.incoming.notifications;
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

  moveToNewPhone(refusal: LeftBehind = '403'): void {
    this.services.moveToNewPhone(this.account, refusal);
  }

  /** Somebody moved to a new phone, maybe this one's owner. */
  forget(account: Account): void {
    this.ciphers.moved(account);
  }

  setOnline(online: boolean): void {
    this.account.awaySince = online ? null : this.lastSeenAt;
    if (online) for (const task of this.waiting.splice(0)) task();
  }

  async send(companion: string, text: string, { quotes }: { quotes?: string } = {}): Promise<{ id: string }> {
    this.mustBeOnline('send');
    return this.outgoing.send(this.registered(companion), text, quotes ?? null);
  }

  postUnreadableStatus(companion: string): { id: string } {
    this.mustBeOnline('post a status');
    return this.outgoing.postUnreadableStatus(this.registered(companion));
  }

  async sendToGroup(group: string, companion: string, text: string): Promise<{ id: string }> {
    this.mustBeOnline('send');
    return this.groups.send(group, this.registered(companion), text);
  }

  postUndecryptable(companion: string, kind: UndecryptableKind): { id: string } {
    this.mustBeOnline('send');
    return this.outgoing.postUndecryptable(this.registered(companion), kind);
  }

  issueToken(companion: string): void {
    this.services.tokens.issue(this.account, this.registered(companion));
  }

  /** Something between this phone and one of its own companions, once the phone is on. */
  async sendPeer(device: Device, message: proto.IMessage): Promise<void> {
    if (!this.online) await new Promise<void>((resume) => this.waiting.push(resume));
    await this.outgoing.sendPeer(device, message);
  }

  receive(envelope: Envelope): void {
    if (this.online) void this.incoming.read(envelope);
    else this.waiting.push(() => void this.incoming.read(envelope));
  }

  resend(id: string, asker: Account, device: Device, count: number, keys: KeyBundle | undefined): void {
    this.outgoing.resend(id, asker, device, { count, keys });
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
      name: device.props.name,
      platform: device.props.platform,
      linkedAt: device.linkedAt,
      online: this.services.isOnline(device),
      available: device.isAvailable,
      lastAvailableAt: device.lastAvailableAt,
      unacknowledged: device.mailbox.size,
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
