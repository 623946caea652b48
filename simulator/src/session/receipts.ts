import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import { formatJid, parseJid } from '../wire/jid.js';
import { child, children, seconds, type Stanza, stanza } from '../wire/stanza.js';
import type { Connection } from './connection.js';
import { bundleFromReceipt } from './bundle-stanzas.js';
import { STATUS_JID } from './held-mail.js';
import type { ServiceContext } from './service-context.js';

/** Between a companion and its own phone; nobody else hears of them. */
const PRIVATE_TYPES = new Set(['sender', 'peer_msg', 'hist_sync', 'server-error']);

/** Takes receipts from companions: mail is acknowledged by them, and the sender learns of it, or sends again. */
export class Receipts {
  constructor(private readonly context: ServiceContext) {}

  received(connection: Connection, node: Stanza, account: Account, device: Device): void {
    const { id, to, type } = node.attrs;
    if (!id || !to) return;
    this.context.counters.add('receiptsIn');
    const ids = [id, ...children(child(node, 'list')).flatMap((item) => item.attrs.id ?? [])];
    // Who asks for a status again does not have it yet; what else is asked for again is sent anew.
    const isDone = type !== 'retry' || to !== STATUS_JID;
    if (isDone) for (const each of ids) this.context.delivery.acknowledged(device, 'message', { id: each });
    this.context.changed(account);
    connection.send(stanza('ack', { class: 'receipt', id, from: to, type, participant: node.attrs.participant }));

    // In a group the writer is named beside it.
    const writer = this.context.accounts.findByJid(to);
    const sender = writer ?? this.context.accounts.findByJid(node.attrs.participant ?? '');
    if (!sender) return;
    this.context.events.emit('receipt', {
      number: account.number,
      device: device.id,
      to: sender.number,
      id,
      type: type ?? 'delivered',
    });
    if (!writer) return;
    if (type === 'retry') this.retry(node, sender, account, device);
    else if (!PRIVATE_TYPES.has(type ?? '')) this.forward(node, sender, account, device);
  }

  private retry(node: Stanza, sender: Account, account: Account, device: Device): void {
    this.context.counters.add('retriesIn');
    const target = parseJid(node.attrs.to)?.device ?? 0;
    const retry = child(node, 'retry');
    if (target > 0) {
      this.forward(node, sender, account, device, target);
      return;
    }
    const id = retry?.attrs.id ?? node.attrs.id ?? '';
    this.context.delivery.resendFromPhone(
      sender,
      id,
      account,
      device,
      Number(retry?.attrs.count ?? 1),
      bundleFromReceipt(node),
    );
  }

  /** Who sent the message is among the account's companions; all of them hear of it, or the one that is named. */
  private forward(node: Stanza, sender: Account, account: Account, device: Device, only?: number): void {
    const server = parseJid(node.attrs.to)?.server ?? 's.whatsapp.net';
    const from = formatJid(server === 'lid' ? account.lid : account.number, server, device.id);
    const { id, type, recipient } = node.attrs;
    for (const companion of sender.devices.values()) {
      if (companion === device || (only !== undefined && companion.id !== only)) continue;
      this.context.delivery.toDevice(
        sender,
        companion,
        stanza('receipt', { from, id, type, recipient, t: seconds(this.context.clock.now()) }, node.content),
      );
    }
  }
}
