import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { Stanza } from '../wire/stanza.js';
import type { ServiceContext } from './service-context.js';

/** More than any test looks through. */
const KEPT = 10_000;

/**
 * What companions say of their presence, and what WhatsApp makes of it: a `<presence>` without a type means available,
 * and while any companion is available its phone shows no notifications
 * (WhiskeySockets/Baileys#893, #2553, #2740; evolution-foundation/evolution-api#2469).
 */
export class Presences {
  constructor(private readonly context: ServiceContext) {}

  received({ attrs }: Stanza, account: Account, device: Device): void {
    const type = attrs.type ?? null;
    const at = this.context.clock.now();
    account.presences.push({ device: device.id, type, name: attrs.name ?? null, at });
    if (account.presences.length > KEPT) account.presences.shift();
    const says = type === null || type === 'available' ? true : type === 'unavailable' ? false : undefined;
    if (says !== undefined && device.becomeAvailable(says, at)) this.context.changed(account);
    this.context.events.emit('presence', {
      number: account.number,
      device: device.id,
      type,
      available: device.isAvailable,
    });
  }
}
