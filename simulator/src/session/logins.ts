import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import { seconds, stanza } from '../wire/stanza.js';
import { isOlder, versionOf } from './client-version.js';
import type { ClientHello, Connection } from './connection.js';
import { type ServiceContext, takeFault } from './service-context.js';

/** Lets known companions in, by the Noise static key they registered with, and turns everybody else away. */
export class Logins {
  /** The connection each device is logged in on. One per device: the newest wins. */
  private readonly current = new Map<Device, Connection>();

  constructor(private readonly context: ServiceContext) {}

  attempt(connection: Connection, { staticKey, payload }: ClientHello): void {
    const number = String(payload.username);
    const account = this.context.accounts.known(number);
    const device = account?.deviceByNoiseKey(staticKey);
    const version = versionOf(payload);
    const faults = this.context.faultsFor(account);

    const refusal = takeFault(
      faults,
      (rules) => rules.loginRefusals,
      ({ untilVersion }) => untilVersion === undefined || isOlder(version, untilVersion),
    );
    if (refusal) return this.turnAway(connection, number, refusal.reason, refusal.attrs);
    // tulir/whatsmeow types/events, IsLoggedOut: whoever belonged to an earlier phone or registration, for ever.
    const gone = account?.leftBehind.get(staticKey.toString('base64'));
    if (gone) return this.turnAway(connection, number, gone);
    // A client whose pairing by code was abandoned comes with a number and no device.
    if (!account || !device || device.id !== payload.device) return this.turnAway(connection, number, '401');
    connection.account = account;
    connection.linkedDevice = device;
    const ending = takeFault(faults, (rules) => rules.loginEndings);
    if (ending) return connection.end(ending);
    if (takeFault(faults, (rules) => rules.stuckLogins)) return;
    this.accept(connection, account, device);
  }

  /** A client too old to log in is too old to register. True when it was turned away. */
  refuseOutdated(connection: Connection, { payload }: ClientHello): boolean {
    const version = versionOf(payload);
    const refusal = takeFault(
      this.context.faultsFor(undefined),
      (rules) => rules.loginRefusals,
      ({ untilVersion }) => untilVersion !== undefined && isOlder(version, untilVersion),
    );
    if (refusal) this.turnAway(connection, '', refusal.reason, refusal.attrs);
    return refusal !== undefined;
  }

  /** Refuses a login whoever it is. */
  refuse(connection: Connection, { payload }: ClientHello, reason: string): void {
    this.turnAway(connection, String(payload.username), reason);
  }

  /** The connection a device is logged in on. */
  connectionOf(device: Device): Connection | undefined {
    return this.current.get(device);
  }

  close(connection: Connection): void {
    const device = connection.linkedDevice;
    if (!device || this.current.get(device) !== connection) return;
    this.current.delete(device);
    this.isAbsent(device, connection.account);
  }

  private accept(connection: Connection, account: Account, device: Device): void {
    const previous = this.current.get(device);
    this.current.set(device, connection);
    if (previous) this.replace(previous, device);
    this.isAbsent(device, account);
    connection.phase = 'online';
    this.context.counters.add('logins');
    connection.send(
      stanza('success', {
        t: seconds(this.context.clock.now()),
        lid: account.deviceLidJid(device.id),
        location: 'sim',
      }),
    );
    this.context.events.emit('login', { connection: connection.id, number: account.number, device: device.id });
  }

  /** Presence lasts no longer than the line it was said on. */
  private isAbsent(device: Device, account: Account | undefined): void {
    if (device.becomeAvailable(false, this.context.clock.now()) && account) this.context.changed(account);
  }

  /** A half-open connection hears nothing of it, as in life. */
  private replace(previous: Connection, device: Device): void {
    this.context.counters.add('replaced');
    this.context.delivery.disconnect(device, previous);
    previous.end('replaced');
  }

  private turnAway(connection: Connection, number: string, reason: string, attrs: Record<string, string> = {}): void {
    this.context.counters.add('loginsRefused');
    this.context.events.emit('login-refused', { connection: connection.id, number, reason });
    connection.end({ failure: { reason, attrs } });
  }
}
