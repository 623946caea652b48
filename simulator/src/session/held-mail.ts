import type { Device } from '../accounts/device.js';
import type { Stanza } from '../wire/stanza.js';

export const STATUS_JID = 'status@broadcast';

interface Hold {
  /** The status that must be acknowledged first. */
  id: string;
  rest: Stanza[];
  /** Said once everything is out. */
  done: () => void;
}

/**
 * Mail goes out in order, and a status holds up what is behind it until the client acknowledges it plainly: one that is
 * answered with an error stays the first in the queue, at every login anew (WhiskeySockets/Baileys#2779).
 */
export class HeldMail {
  private readonly holds = new Map<Device, Hold>();

  /** Sends a queue as far as it goes. */
  stream(device: Device, mail: readonly Stanza[], send: (stanza: Stanza) => void, done: () => void): void {
    this.holds.delete(device);
    for (const [index, stanza] of mail.entries()) {
      send(stanza);
      if (!isStatus(stanza)) continue;
      this.holds.set(device, { id: stanza.attrs.id ?? '', rest: mail.slice(index + 1), done });
      return;
    }
    done();
  }

  /** Whether new mail must wait; then it is taken. */
  takes(device: Device, stanza: Stanza): boolean {
    return this.holds.get(device)?.rest.push(stanza) !== undefined;
  }

  /** A status was answered with an error. */
  refused(device: Device, id: string): void {
    if (!this.holds.has(device)) this.holds.set(device, { id, rest: [], done: () => undefined });
  }

  /** A message was acknowledged: if it held others up, they follow. */
  acknowledged(device: Device, id: string, send: (stanza: Stanza) => void): void {
    const hold = this.holds.get(device);
    if (hold?.id === id) this.stream(device, hold.rest, send, hold.done);
  }

  /** The line is gone; what waited is still in the mailbox. */
  forget(device: Device): void {
    this.holds.delete(device);
  }
}

export function isStatus({ tag, attrs }: Stanza): boolean {
  return tag === 'message' && attrs.from === STATUS_JID;
}
