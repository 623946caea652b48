import type { Account, NewChatRules } from '../accounts/account.js';
import { seconds, SERVICE, stanza } from '../wire/stanza.js';
import type { ServiceContext } from './service-context.js';

/** `is_active`, when it ends in seconds (left out where WhatsApp does not tell) and why. */
export function lockData({ lockedUntil, enforcementType = 'DEFAULT', tellsEnd = true }: NewChatRules, now: number) {
  const isActive = lockedUntil !== null && lockedUntil > now;
  return {
    is_active: isActive,
    enforcement_type: enforcementType,
    ...(isActive && tellsEnd && { time_enforcement_ends: Math.ceil(lockedUntil / 1_000).toString() }),
  };
}

export function quotaData({ quota }: NewChatRules) {
  return {
    used_quota: quota?.used ?? 0,
    total_quota: quota?.total ?? 0,
    cycle_start_timestamp: '0',
    cycle_end_timestamp: Math.ceil((quota?.endsAt ?? 0) / 1_000).toString(),
  };
}

/** What WhatsApp says of an account's new chats, and what it does about them. */
export class NewChats {
  constructor(private readonly context: ServiceContext) {}

  /**
   * Tells the companions at once what holds now, both lock and quota, in the operations that rc14 reads
   * (WhiskeySockets/Baileys#2442, #2445).
   */
  push(account: Account): void {
    const lock = lockData(account.newChats, this.context.clock.now());
    this.notify(account, 'NotificationUserReachoutTimelockUpdate', { xwa2_notify_account_reachout_timelock: lock });
    const quota = quotaData(account.newChats);
    this.notify(account, 'MessageCappingInfoNotification', {
      xwa2_notify_new_chat_messages_capping_info_update: quota,
    });
  }

  /**
   * Whether a lock forbids the account to write to somebody: only strangers are out of reach, chats that have begun from
   * either side go on (evolution-foundation/evolution-go#50, WhiskeySockets/Baileys#2707).
   */
  isOutOfReach(account: Account, recipient: Account): boolean {
    const { lockedUntil } = account.newChats;
    if (lockedUntil === null || lockedUntil <= this.context.clock.now()) return false;
    const hasBegun = account.heardFrom.has(recipient.number) || recipient.heardFrom.has(account.number);
    return recipient !== account && !hasBegun;
  }

  /**
   * A message was carried from one to the other. It counts towards the sender's quota unless they have answered before: who
   * has not is a stranger, however often written to (TechCrunch, 21 October 2025). For the lock it is a chat, whoever began.
   */
  wrote(sender: Account, recipient: Account): void {
    if (sender === recipient) return;
    const { quota } = sender.newChats;
    if (quota !== null && !sender.heardFrom.has(recipient.number)) {
      quota.used++;
      this.context.changed(sender);
    }
    if (recipient.heardFrom.has(sender.number)) return;
    recipient.heardFrom.add(sender.number);
    this.context.changed(recipient);
  }

  private notify(account: Account, operation: string, data: object): void {
    const content = Buffer.from(JSON.stringify({ data }));
    const t = seconds(this.context.clock.now());
    for (const device of account.devices.values()) {
      const attrs = { from: SERVICE, type: 'mex', id: this.context.nextId(), t };
      const update = stanza('update', { op_name: operation }, content);
      this.context.delivery.toDevice(account, device, stanza('notification', attrs, [update]));
    }
  }
}
