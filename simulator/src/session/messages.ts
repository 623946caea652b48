import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { AckFault } from '../faults/faults.js';
import { formatJid, parseJid, type UserServer } from '../wire/jid.js';
import { bytesOf, child, children, seconds, type Stanza, stanza } from '../wire/stanza.js';
import type { Connection } from './connection.js';
import type { NewChats } from './new-chats.js';
import type { PrivacyTokens } from './privacy-tokens.js';
import { type ServiceContext, takeFault } from './service-context.js';

/** What the service answers when the number written to has no account. */
const NOBODY = '404';

/** What it answers where a lock, or a missing token, keeps the sender from this one person. */
const OUT_OF_REACH = '463';

/** Takes messages from companions: acknowledges them, then carries each ciphertext to the device it is for. */
export class Messages {
  constructor(
    private readonly context: ServiceContext,
    private readonly newChats: NewChats,
    private readonly tokens: PrivacyTokens,
  ) {}

  received(connection: Connection, node: Stanza, sender: Account, device: Device): void {
    const { id, to } = node.attrs;
    if (!id || !to) return;
    this.context.counters.add('messagesIn');
    const fault = takeFault(this.context.faultsFor(sender), (rules) => rules.acks) ?? {};
    const address = parseJid(to);
    const recipient = this.context.accounts.findByJid(to);
    const error = fault.error ?? (address && this.refusal(node, sender, recipient));
    this.acknowledge(connection, id, to, error, fault);
    this.context.events.emit('message', {
      number: sender.number,
      device: device.id,
      to: recipient?.number ?? to,
      id,
      ...(error !== undefined && { error }),
    });
    if (error !== undefined || !address) return;
    if (recipient) this.newChats.wrote(sender, recipient);
    this.distribute(node, sender, device, address.server);
  }

  /** Why a message is not carried, as the code of its ack. */
  private refusal(node: Stanza, sender: Account, recipient: Account | undefined): string | undefined {
    if (!recipient) return NOBODY;
    const isAllowed = !this.newChats.isOutOfReach(sender, recipient) && this.tokens.admit(node, sender, recipient);
    return isAllowed ? undefined : OUT_OF_REACH;
  }

  private acknowledge(
    connection: Connection,
    id: string,
    to: string,
    error: string | undefined,
    { drop, delayMs }: AckFault,
  ): void {
    if (drop) return;
    this.context.counters.add(error === undefined ? 'acks' : 'negativeAcks');
    const ack = stanza('ack', { class: 'message', id, from: to, t: seconds(this.context.clock.now()), error });
    if (delayMs) setTimeout(() => connection.send(ack), delayMs);
    else connection.send(ack);
  }

  /** Ordinary messages list a ciphertext per device; peer messages and retries carry one for their addressee. */
  private distribute(node: Stanza, sender: Account, device: Device, server: UserServer): void {
    const fanOut = children(child(node, 'participants'));
    if (fanOut.length === 0) this.carry(node, node, node.attrs.to, sender, device, server);
    for (const to of fanOut) this.carry(node, to, to.attrs.jid, sender, device, server);
  }

  private carry(
    node: Stanza,
    holder: Stanza,
    jid: string | undefined,
    sender: Account,
    device: Device,
    server: UserServer,
  ): void {
    const enc = child(holder, 'enc');
    const bytes = bytesOf(enc);
    const account = this.context.accounts.findByJid(jid);
    const target = parseJid(jid)?.device;
    const type = enc?.attrs.type;
    if (!enc || !bytes || !account || target === undefined || (type !== 'pkmsg' && type !== 'msg')) return;
    const chat = node.attrs.recipient ?? node.attrs.to ?? '';
    if (target === 0) {
      const peer = node.attrs.category === 'peer';
      this.context.delivery.toPhone(account, {
        id: node.attrs.id ?? '',
        from: sender,
        fromDevice: device.id,
        chat,
        peer,
        ciphertext: { type, bytes },
      });
      return;
    }
    const companion = account.devices.get(target);
    if (companion)
      this.context.delivery.toDevice(
        account,
        companion,
        forward(node, enc, sender, device.id, account, chat, server, this.context.clock.now()),
      );
  }
}

/** A companion's message as another companion gets it. A copy for an own device names the conversation as `recipient`. */
function forward(
  node: Stanza,
  enc: Stanza,
  sender: Account,
  fromDevice: number,
  receiver: Account,
  chat: string,
  server: UserServer,
  now: number,
): Stanza {
  const identity = child(node, 'device-identity');
  return stanza(
    'message',
    {
      ...senderAttributes(sender, fromDevice, server),
      id: node.attrs.id,
      t: seconds(now),
      type: node.attrs.type ?? 'text',
      recipient: sender === receiver ? chat : undefined,
    },
    identity ? [enc, identity] : [enc],
  );
}

/** Who a message is from, in either addressing form, each naming the other form too; whoever hides the number is a LID. */
export function senderAttributes(
  sender: Account,
  device: number,
  server: UserServer,
): Record<string, string | undefined> {
  const notify = sender.profile.name || undefined;
  const pn = formatJid(sender.number, 's.whatsapp.net', device);
  const lid = formatJid(sender.lid, 'lid', device);
  if (sender.hidesNumber) return { from: lid, addressing_mode: 'lid', notify };
  return server === 'lid'
    ? { from: lid, sender_pn: sender.jid, addressing_mode: 'lid', notify }
    : { from: pn, sender_lid: sender.lidJid, notify };
}
