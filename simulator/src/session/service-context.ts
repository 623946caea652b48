import type { Account } from '../accounts/account.js';
import type { Accounts } from '../accounts/accounts.js';
import type { Clock } from '../clock.js';
import type { Counters } from '../counters.js';
import type { Events } from '../events.js';
import type { FaultRules } from '../faults/faults.js';
import type { RuleList } from '../faults/rule-list.js';
import type { MediaHost } from '../media/media-host.js';
import type { Delivery } from './delivery.js';

/** What every handler may use. */
export interface ServiceContext {
  accounts: Accounts;
  clock: Clock;
  counters: Counters;
  events: Events;
  delivery: Delivery;
  media: MediaHost;
  /** The rules that concern an account, its own before everybody's. */
  faultsFor(account: Account | undefined): FaultRules[];
  /** The account's state is worth saving. */
  changed(account: Account): void;
  /** A fresh id for a stanza the service itself sends. */
  nextId(): string;
}

/** Uses up the first rule of a kind that applies. */
export function takeFault<T>(
  rules: readonly FaultRules[],
  kind: (rules: FaultRules) => RuleList<T>,
  applies?: (value: T) => boolean,
): T | undefined {
  for (const candidate of rules) {
    const value = kind(candidate).take(applies);
    if (value !== undefined) return value;
  }
  return undefined;
}
