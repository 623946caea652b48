import { createHmac, randomBytes } from 'node:crypto';
import type { Account } from '../accounts/account.js';
import { bytesOf, child, children, seconds, SERVICE, type Stanza, stanza } from '../wire/stanza.js';
import { SALT_COLLECTION, saltPatch } from './app-state-patch.js';
import type { ServiceContext } from './service-context.js';

/** Tokens are counted by weeks: this week's and the three before are good (rc14 Utils/tc-token-utils.js). */
const WEEK_S = 604_800;
const WEEKS = 4;

/**
 * Tokens that prove that somebody agreed to be written to. An account that demands them answers 463 to a message with
 * neither a `<tctoken>` its receiver issued nor, to those one has no token of, a `<cstoken>` under the sender's salt
 * (evolution-foundation/evolution-go#50, WhiskeySockets/Baileys#2438; tulir/whatsmeow cstoken.go).
 */
export class PrivacyTokens {
  constructor(private readonly context: ServiceContext) {}

  /** Whether a message may go, as far as tokens are concerned. What is sent again, or between own devices, needs none. */
  admit(message: Stanza, sender: Account, recipient: Account): boolean {
    if (!sender.demandsTokens && !recipient.demandsTokens) return true;
    if (sender === recipient || message.attrs.category === 'peer' || !child(message, 'participants')) return true;
    const token = bytesOf(child(message, 'tctoken'));
    if (token) return this.isIssued(token, recipient, sender);
    return bytesOf(child(message, 'cstoken'))?.equals(contactToken(sender, recipient)) ?? false;
  }

  /** The answer to `<iq xmlns="privacy"><tokens>`: empty, for a token is for the other side alone. */
  issueAll(account: Account, asked: Stanza): undefined {
    for (const { attrs } of children(asked)) {
      const peer = this.context.accounts.findByJid(attrs.jid);
      if (peer) this.issue(account, peer, Number(attrs.t));
    }
  }

  /** Lets `peer` write to `account`, and tells all companions of `peer` so. */
  issue(account: Account, peer: Account, t = this.now()): void {
    const token = randomBytes(16);
    account.tokensIssued.set(peer.number, { token, t });
    this.context.counters.add('tokensIssued');
    this.context.changed(account);
    for (const device of peer.devices.values()) this.notify(account, peer, device.id, { token, t });
  }

  /** As a phone does when it writes: at most once a week for each person. */
  issueWeekly(account: Account, peer: Account): void {
    const last = account.tokensIssued.get(peer.number)?.t;
    if (last === undefined || Math.floor(last / WEEK_S) < Math.floor(this.now() / WEEK_S)) this.issue(account, peer);
  }

  /** The account's salt changes: its companions read the new one in the app state. */
  renewSalt(account: Account): void {
    const { clock, delivery } = this.context;
    account.nctSalt = randomBytes(32);
    const state = account.appState.get(SALT_COLLECTION) ?? { version: 0, patches: [] };
    state.patches.push(saltPatch(account, state, clock.now()));
    state.version++;
    account.appState.set(SALT_COLLECTION, state);
    this.context.changed(account);
    for (const device of account.devices.values()) {
      const attrs = { from: SERVICE, type: 'server_sync', id: this.context.nextId(), t: seconds(clock.now()) };
      const collection = stanza('collection', { name: SALT_COLLECTION, version: state.version.toString() });
      delivery.toDevice(account, device, stanza('notification', attrs, [collection]));
    }
  }

  private notify(account: Account, peer: Account, device: number, { token, t }: { token: Buffer; t: number }): void {
    const companion = peer.devices.get(device);
    if (!companion) return;
    const attrs = {
      from: account.hidesNumber ? account.lidJid : account.jid,
      sender_lid: account.lidJid,
      type: 'privacy_token',
      id: this.context.nextId(),
      t: seconds(this.context.clock.now()),
    };
    const content = stanza('token', { jid: peer.deviceJid(device), t: t.toString(), type: 'trusted_contact' }, token);
    const notification = stanza('notification', attrs, [stanza('tokens', {}, [content])]);
    this.context.delivery.toDevice(peer, companion, notification);
  }

  private isIssued(token: Buffer, issuer: Account, to: Account): boolean {
    const issued = issuer.tokensIssued.get(to.number);
    if (!issued?.token.equals(token)) return false;
    return Math.floor(issued.t / WEEK_S) > Math.floor(this.now() / WEEK_S) - WEEKS;
  }

  private now(): number {
    return Math.floor(this.context.clock.now() / 1_000);
  }
}

/** `HMAC-SHA256(salt of the sender, LID of the receiver)`, for somebody who issued no token (tulir/whatsmeow cstoken.go). */
export function contactToken(sender: Account, recipient: Account): Buffer {
  return createHmac('sha256', sender.nctSalt).update(recipient.lidJid).digest();
}
