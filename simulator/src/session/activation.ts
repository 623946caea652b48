import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import { SERVICE, type Stanza, stanza } from '../wire/stanza.js';
import type { Connection } from './connection.js';
import type { Histories } from './histories.js';
import { appStateKeyShare } from './peer-messages.js';
import type { ServiceContext } from './service-context.js';

/** Encrypts something of the own phone's for one of its companions and sends it as a peer message. */
export type PeerMessenger = (account: Account, device: Device, message: proto.IMessage) => Promise<void>;

/** A companion has asked to be active: it gets its mail and, the first time, its history. */
export class Activation {
  constructor(
    private readonly context: ServiceContext,
    private readonly sendPeer: PeerMessenger,
    private readonly histories: Histories,
  ) {}

  start(connection: Connection, account: Account, device: Device): void {
    connection.send(
      fromService([stanza('edge_routing', {}, [stanza('routing_info', {}, Buffer.from(`sim:${connection.id}`))])]),
    );
    const backlog = device.mailbox.list();
    if (backlog.length > 0) {
      const count = (tag: string) => backlog.filter((mail) => mail.tag === tag).length.toString();
      const preview = {
        count: backlog.length.toString(),
        message: count('message'),
        notification: count('notification'),
        receipt: count('receipt'),
        call: '0',
        appdata: '0',
      };
      connection.send(fromService([stanza('offline_preview', preview)]));
    }
    this.context.delivery.connect(device, connection, () => {
      // Always, also for none: until then Baileys buffers every event.
      connection.send(fromService([stanza('offline', { count: backlog.length.toString() })]));
      this.context.events.emit('online', { connection: connection.id, number: account.number, device: device.id });
    });
    if (!device.historyShared) void this.shareHistory(account, device).catch(() => undefined);
  }

  /**
   * The phone's part of a first login: the app state key, then its history. Baileys holds events back for up to 20 s
   * until the first of it comes.
   */
  private async shareHistory(account: Account, device: Device): Promise<void> {
    device.historyShared = true;
    this.context.changed(account);
    await this.sendPeer(account, device, appStateKeyShare(account, device));
    for (const message of this.histories.share(account)) await this.sendPeer(account, device, message);
  }
}

function fromService(content: Stanza[]): Stanza {
  return stanza('ib', { from: SERVICE }, content);
}
