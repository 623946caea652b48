import { createHash } from 'node:crypto';
import { SimulatorError } from '../simulator-error.js';
import { parseJid } from '../wire/jid.js';
import { Account, type Profile } from './account.js';

const NUMBER = /^\d{5,15}$/;
const DEFAULT_PROFILE: Profile = { name: '', device: 'Pixel 9', platform: 'android', business: false };

/**
 * Everybody on this WhatsApp. A number nobody mentioned before exists as soon as it is asked for, so
 * that a blast needs no preparation, unless it was declared unregistered.
 */
export class Accounts {
  private readonly byNumber = new Map<string, Account>();
  private readonly byLid = new Map<string, Account>();
  private readonly unregistered = new Set<string>();

  constructor(
    private readonly now: () => number,
    private readonly changed: (account: Account) => void,
  ) {}

  /** Throws NUMBER_INVALID. Registers the number if it was declared unregistered. */
  create(number: string, profile: Partial<Profile> = {}): Account {
    if (!NUMBER.test(number))
      throw new SimulatorError('NUMBER_INVALID', `"${number}" is not a phone number of 5 to 15 digits.`);
    this.unregistered.delete(number);
    const known = this.byNumber.get(number);
    const account = known ?? new Account(number, lidOf(number), { ...DEFAULT_PROFILE }, this.now);
    if (!known) this.restore(account);
    if (Object.keys(profile).length > 0) account.profile = { ...account.profile, ...profile };
    this.changed(account);
    return account;
  }

  restore(account: Account): void {
    this.byNumber.set(account.number, account);
    this.byLid.set(account.lid, account);
  }

  /** The account with this number; made on demand. Undefined only for unregistered and impossible numbers. */
  find(number: string): Account | undefined {
    const known = this.byNumber.get(number);
    if (this.unregistered.has(number)) return undefined;
    if (known || !NUMBER.test(number)) return known;
    return this.create(number);
  }

  /** Like find, but makes nobody up: somebody who logs in must have been here before. */
  known(number: string): Account | undefined {
    return this.unregistered.has(number) ? undefined : this.byNumber.get(number);
  }

  /** By either kind of jid. A LID is only known once its number is. */
  findByJid(jid: string | undefined): Account | undefined {
    const address = parseJid(jid);
    if (!address) return undefined;
    if (address.server === 's.whatsapp.net') return this.find(address.user);
    const account = this.byLid.get(address.user);
    return account && !this.unregistered.has(account.number) ? account : undefined;
  }

  unregister(number: string): void {
    this.unregistered.add(number);
  }

  get unregisteredNumbers(): string[] {
    return [...this.unregistered];
  }

  all(): IterableIterator<Account> {
    return this.byNumber.values();
  }
}

/** Stable across runs, 15 digits, and nothing like the number: the privacy WhatsApp's LIDs are for. */
function lidOf(number: string): string {
  const digest = createHash('sha256').update(`lid ${number}`).digest().readBigUInt64BE();
  return (100_000_000_000_000n + (digest % 900_000_000_000_000n)).toString();
}
