import type { WebSocket } from 'ws';
import type { Account, LeftBehind } from '../accounts/account.js';
import { Accounts } from '../accounts/accounts.js';
import type { Device } from '../accounts/device.js';
import type { Credentials } from '../certificates.js';
import { Clock } from '../clock.js';
import { Counters } from '../counters.js';
import { Events, type UnlinkCause } from '../events.js';
import { MediaHost } from '../media/media-host.js';
import { type Door, FaultRules, type FaultTarget, GlobalFaultRules } from '../faults/faults.js';
import { VirtualPhone } from '../phone/virtual-phone.js';
import { child, type Stanza, stanza } from '../wire/stanza.js';
import { Activation } from './activation.js';
import { type ClientHello, Connection, type ConnectionHost } from './connection.js';
import { Delivery } from './delivery.js';
import { Histories } from './histories.js';
import { iqHandlers } from './iq/iq-answers.js';
import { errorChild, IqError, type IqHandler } from './iq/iq.js';
import { isAnswerHeld } from './iq/settings-iq.js';
import { KeyDesk } from './key-desk.js';
import { Lifetimes } from './lifetimes.js';
import { Logins } from './logins.js';
import { Messages } from './messages.js';
import { NewChats } from './new-chats.js';
import { Presences } from './presences.js';
import { PrivacyTokens } from './privacy-tokens.js';
import { Receipts } from './receipts.js';
import { type RegistrationOptions, Registrations } from './registrations.js';
import { type ServiceContext, takeFault } from './service-context.js';

/** Long enough for any client's handshake; who is not done by then has gone. */
const HANDSHAKE_MS = 60_000;

/** The WhatsApp service: who is connected, who is who, and which stanza goes to which handler. */
export class Service implements ConnectionHost, ServiceContext {
  readonly clock = new Clock();
  readonly counters = new Counters();
  readonly events = new Events();
  readonly accounts: Accounts;
  readonly faults: GlobalFaultRules;
  readonly delivery: Delivery;
  readonly media = new MediaHost(this.counters);
  private readonly desk: KeyDesk;
  private readonly registrations: Registrations;
  private readonly logins: Logins;
  private readonly activation: Activation;
  private readonly newChats: NewChats;
  private readonly tokens: PrivacyTokens;
  private readonly messages: Messages;
  private readonly lifetimes: Lifetimes;
  private readonly receipts: Receipts;
  private readonly presences: Presences;
  private readonly iqs: ReadonlyMap<string, IqHandler>;
  private readonly open = new Map<number, Connection>();
  private readonly phonesByAccount = new Map<Account, VirtualPhone>();
  private readonly sweep: NodeJS.Timeout;
  private connectionCount = 0;
  private stanzaCount = 0;

  constructor(
    readonly credentials: Credentials,
    options: RegistrationOptions,
    door: Door,
    /** An account's state is worth saving. */
    readonly changed: (account: Account) => void,
    /** A device was linked or unlinked: worth saving at once. */
    private readonly devicesChanged: () => Promise<void>,
  ) {
    this.accounts = new Accounts(() => this.clock.now(), changed);
    this.faults = new GlobalFaultRules(() => this.open.values(), door);
    this.delivery = new Delivery((account) => this.phone(account), this.counters, changed);
    this.desk = new KeyDesk(this);
    this.registrations = new Registrations(this, options, (account, device) => this.linked(account, device));
    this.logins = new Logins(this);
    this.activation = new Activation(
      this,
      (account, device, message) => this.phone(account).sendPeer(device, message),
      new Histories(this),
    );
    this.newChats = new NewChats(this);
    this.tokens = new PrivacyTokens(this);
    this.messages = new Messages(this, this.newChats, this.tokens);
    this.lifetimes = new Lifetimes(this, (account, device, cause) => this.unlink(account, device, cause));
    this.clock.watch(() => this.lifetimes.check());
    this.receipts = new Receipts(this);
    this.presences = new Presences(this);
    this.iqs = iqHandlers(this, this.desk, this.tokens);
    this.sweep = setInterval(() => {
      this.dropStalledHandshakes();
      this.lifetimes.check();
    }, HANDSHAKE_MS / 2);
    this.sweep.unref();
  }

  /** The HTTP status to turn a websocket away with, if it is to be. */
  refuseUpgrade(): number | undefined {
    this.counters.add('upgrades');
    const status = this.faults.upgradeRefusals.take();
    if (status !== undefined) this.counters.add('upgradesRefused');
    return status;
  }

  /** Takes a new websocket over. */
  accept(socket: WebSocket, address: string, query: string): void {
    const connection = new Connection(++this.connectionCount, socket, this, address);
    this.open.set(connection.id, connection);
    this.events.emit('connection', { connection: connection.id, query });
  }

  phone(account: Account): VirtualPhone {
    let phone = this.phonesByAccount.get(account);
    if (!phone) {
      const faults = new FaultRules(() => this.targetsOf(account));
      const { desk, devicesChanged, newChats, registrations, tokens } = this;
      const services = {
        context: this,
        desk,
        registrations,
        newChats,
        tokens,
        saved: devicesChanged,
        isOnline: (device: Device) => this.logins.connectionOf(device)?.isOpen ?? false,
        unlink: (of: Account, device: Device) => this.unlink(of, device, 'phone'),
        moveToNewPhone: (of: Account, refusal: LeftBehind) => this.moveToNewPhone(of, refusal),
      };
      phone = new VirtualPhone(account, services, faults);
      this.phonesByAccount.set(account, phone);
    }
    return phone;
  }

  connections(): IterableIterator<Connection> {
    return this.open.values();
  }

  /** Ends every connection without a word, frozen ones too. */
  stop(): void {
    clearInterval(this.sweep);
    this.faults.dispose();
    for (const connection of this.open.values()) connection.drop();
  }

  faultsFor(account: Account | undefined): FaultRules[] {
    const phone = account && this.phonesByAccount.get(account);
    return phone ? [phone.faults, this.faults] : [this.faults];
  }

  nextId(): string {
    return `sim-${++this.stanzaCount}`;
  }

  silentHandshake(): boolean {
    return this.faults.silentHandshakes.take() === true;
  }

  latencyMs({ account }: Connection): number {
    let longest = 0;
    for (const { latencyMs } of this.faultsFor(account)) longest = Math.max(longest, latencyMs);
    return longest;
  }

  authenticated(connection: Connection, hello: ClientHello): void {
    this.counters.add('handshakes');
    if (!hello.payload.devicePairingData) this.login(connection, hello);
    else if (!this.logins.refuseOutdated(connection, hello)) this.registrations.open(connection, hello);
  }

  private login(connection: Connection, hello: ClientHello): void {
    const throttle = this.faults.throttled(connection.address);
    if (throttle) this.counters.add('loginsThrottled');
    if (throttle?.reason !== undefined) return this.logins.refuse(connection, hello, throttle.reason);
    if (throttle?.delayMs === undefined) return this.logins.attempt(connection, hello);
    setTimeout(() => connection.isOpen && this.logins.attempt(connection, hello), throttle.delayMs).unref();
  }

  received(connection: Connection, node: Stanza): void {
    const { account, linkedDevice: device, phase } = connection;
    if (phase === 'registering') this.registrations.received(connection, node);
    else if (phase === 'online' && account && device) this.dispatch(connection, node, account, device);
  }

  malformed(): void {
    this.counters.add('malformed');
  }

  sentJunk(frames: number): void {
    this.counters.add('junkFrames', frames);
  }

  left(connection: Connection): void {
    this.open.delete(connection.id);
    this.registrations.close(connection);
    this.logins.close(connection);
    const { account, linkedDevice: device } = connection;
    if (device) this.delivery.disconnect(device, connection);
    this.counters.add('disconnects');
    this.events.emit('disconnected', {
      connection: connection.id,
      number: account?.number ?? null,
      device: device?.id ?? null,
    });
  }

  private dispatch(connection: Connection, node: Stanza, account: Account, device: Device): void {
    switch (node.tag) {
      case 'iq':
        return this.answer(connection, node, account, device);
      case 'message':
        return this.messages.received(connection, node, account, device);
      case 'receipt':
        return this.receipts.received(connection, node, account, device);
      case 'presence':
        return this.presences.received(node, account, device);
      case 'ack':
        if (this.delivery.acknowledged(device, node.attrs.class ?? '', node.attrs)) this.changed(account);
        return;
      default:
      // chatstate, ib: nobody here reads them, and no answer is due
    }
  }

  private answer(connection: Connection, request: Stanza, account: Account, device: Device): void {
    const { id, type, xmlns = '' } = request.attrs;
    if (type !== 'get' && type !== 'set') return;
    this.counters.add('iqs');
    if (
      takeFault(
        this.faultsFor(account),
        (rules) => rules.mutedIqs,
        (rule) => rule.xmlns === undefined || rule.xmlns === xmlns,
      )
    ) {
      this.counters.add('iqsUnanswered');
      return;
    }
    const reply = (resultType: 'result' | 'error', content?: Stanza) =>
      connection.send(stanza('iq', { from: request.attrs.to, type: resultType, id }, content && [content]));
    try {
      const content = this.iqs.get(xmlns)?.(request, { account, device });
      if (isAnswerHeld(request, account.newChats)) {
        account.heldAnswers.push(() => reply('result', content));
        return;
      }
      reply('result', content);
    } catch (error) {
      if (!(error instanceof IqError)) throw error;
      reply('error', errorChild(error));
      return;
    }
    if (xmlns === 'passive' && child(request, 'active')) this.activation.start(connection, account, device);
    if (child(request, 'remove-companion-device')) this.unlink(account, device, 'companion');
  }

  private linked(account: Account, device: Device): void {
    const removal = takeFault(this.faultsFor(account), (rules) => rules.removals);
    if (!removal) return;
    const remove = () => account.devices.get(device.id) === device && this.unlink(account, device, 'removed');
    const forget = this.events.on('login', ({ number, device: id }) => {
      if (number !== account.number || id !== device.id) return;
      forget();
      setTimeout(remove, removal.afterMs).unref();
    });
  }

  /** The old companions learn it when they come back, as often as they try. */
  private moveToNewPhone(account: Account, refusal: LeftBehind): void {
    const devices = [...account.devices.values()];
    account.moveToNewPhone(refusal);
    for (const device of devices) {
      this.logins.connectionOf(device)?.end('stream-end');
      this.events.emit('unlinked', { number: account.number, device: device.id, cause: 'new-phone' });
    }
    for (const phone of this.phonesByAccount.values()) phone.forget(account);
    this.changed(account);
    void this.devicesChanged().catch(() => undefined);
  }

  private unlink(account: Account, device: Device, cause: UnlinkCause): void {
    account.devices.delete(device.id);
    this.counters.add('unlinks');
    this.logins.connectionOf(device)?.end('device-removed');
    this.changed(account);
    void this.devicesChanged().catch(() => undefined);
    this.events.emit('unlinked', { number: account.number, device: device.id, cause });
  }

  private *targetsOf(account: Account): Generator<FaultTarget> {
    for (const connection of this.open.values()) if (connection.account === account) yield connection;
  }

  private dropStalledHandshakes(): void {
    const latest = Date.now() - HANDSHAKE_MS;
    for (const connection of this.open.values())
      if (
        connection.phase === 'handshake' &&
        !connection.account &&
        !connection.isFrozen &&
        connection.openedAt < latest
      )
        connection.drop();
  }
}
