import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { KeyBundle } from '../accounts/phone-keys.js';
import type { PublicPreKey } from '../accounts/pre-key-pool.js';
import { parseJid } from '../wire/jid.js';
import { seconds, SERVICE, type Stanza, stanza } from '../wire/stanza.js';
import { bundleStanzas } from './bundle-stanzas.js';
import type { ServiceContext } from './service-context.js';

/** Below this Baileys (MIN_PREKEY_COUNT) uploads more when told. */
const LOW_KEYS = 5;

/** Keeps companions' one-time keys and hands out bundles, each one-time key once. */
export class KeyDesk {
  constructor(private readonly context: ServiceContext) {}

  upload(account: Account, device: Device, keys: readonly PublicPreKey[]): void {
    device.preKeys.add(keys);
    device.askedForKeys = false;
    this.context.counters.add('preKeyUploads');
    this.context.changed(account);
  }

  /** By pn or lid jid, of a phone or a companion. Undefined for nobody. */
  bundle(jid: string | undefined): KeyBundle | undefined {
    const account = this.context.accounts.findByJid(jid);
    const id = parseJid(jid)?.device ?? 0;
    if (!account) return undefined;
    if (id === 0) return this.phoneBundle(account);
    const device = account.devices.get(id);
    return device && this.deviceBundle(account, device);
  }

  phoneBundle(account: Account): KeyBundle {
    this.context.counters.add('keysHandedOut');
    this.context.changed(account);
    return account.keys.bundle();
  }

  deviceBundle(account: Account, device: Device): KeyBundle {
    const { identity, registrationId, signedPreKey } = device.keys;
    const preKey = device.preKeys.take();
    this.context.counters.add('keysHandedOut');
    this.context.changed(account);
    this.askForKeys(account, device);
    return { identity, registrationId, signedPreKey, ...(preKey && { preKey }) };
  }

  /** What a retry receipt of the account's phone carries under `<keys>`. */
  retryKeys(account: Account): Stanza[] {
    return bundleStanzas(this.phoneBundle(account)).filter(({ tag }) => tag !== 'registration');
  }

  private askForKeys(account: Account, device: Device): void {
    const { count } = device.preKeys;
    if (count >= LOW_KEYS || device.askedForKeys) return;
    device.askedForKeys = true;
    const attrs = { from: SERVICE, type: 'encrypt', id: this.context.nextId(), t: seconds(this.context.clock.now()) };
    this.context.delivery.toDevice(
      account,
      device,
      stanza('notification', attrs, [stanza('count', { value: count.toString() })]),
    );
  }
}
