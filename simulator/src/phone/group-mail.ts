import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import { padded } from '../accounts/phone-signal.js';
import { seconds, type Stanza, stanza } from '../wire/stanza.js';
import { encodeText } from './message-content.js';
import { enc, messageId } from './outgoing-mail.js';
import type { PhoneCiphers } from './phone-ciphers.js';
import type { PhoneServices } from './phone-services.js';

/** What this phone writes in groups: each text once, under a key of its own that every reader's device was sent. */
export class GroupMail {
  private readonly records = new Map<string, SenderKeyRecord>();
  private before: Promise<unknown> = Promise.resolve();
  private readonly keyed = new WeakMap<Device, Set<string>>();
  private readonly store = {
    loadSenderKey: async (name: SenderKeyName) => this.records.get(name.toString()) ?? new SenderKeyRecord(),
    storeSenderKey: async (name: SenderKeyName, record: SenderKeyRecord) =>
      void this.records.set(name.toString(), record),
  };

  constructor(
    private readonly account: Account,
    private readonly services: PhoneServices,
    private readonly ciphers: PhoneCiphers,
  ) {}

  /** As the companions of `reader`, who is in the group, get it: one after the other, or two would have the same key. */
  send(group: string, reader: Account, text: string): Promise<{ id: string }> {
    const sent = this.before.then(() => this.write(group, reader, text));
    this.before = sent.catch(() => undefined);
    return sent;
  }

  private async write(group: string, reader: Account, text: string): Promise<{ id: string }> {
    const { jid: participant, lidJid: participant_lid, profile, number } = this.account;
    const id = messageId();
    const name = new SenderKeyName(group, { id: number, deviceId: 0, toString: () => `${number}.0` });
    const key = await new GroupSessionBuilder(this.store).create(name);
    const bytes = await new GroupCipher(this.store, name).encrypt(padded(encodeText({ text, quotes: null })));
    const t = seconds(this.services.context.clock.now());
    const attrs = { from: group, participant, participant_lid, notify: profile.name || undefined, id, t, type: 'text' };
    for (const device of reader.devices.values()) {
      const parts = [...(await this.keyFor(reader, device, group, key.serialize())), sealed(bytes)];
      this.services.context.delivery.toDevice(reader, device, stanza('message', attrs, parts));
    }
    return { id };
  }

  /** The key goes along with the first message that a device gets. */
  private async keyFor(reader: Account, device: Device, group: string, key: Uint8Array): Promise<Stanza[]> {
    const keyed = this.keyed.get(device) ?? new Set();
    this.keyed.set(device, keyed);
    if (keyed.has(group)) return [];
    keyed.add(group);
    const plain = proto.Message.encode({
      senderKeyDistributionMessage: { groupId: group, axolotlSenderKeyDistributionMessage: key },
    }).finish();
    const bundle = () => this.services.desk.deviceBundle(reader, device);
    return [enc(await this.ciphers.forDevice(reader, device, plain, bundle))];
  }
}

const sealed = (bytes: Uint8Array): Stanza => stanza('enc', { v: '2', type: 'skmsg' }, Buffer.from(bytes));
