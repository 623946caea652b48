import { createHmac } from 'node:crypto';
import {
  getBinaryNodeChild,
  getBinaryNodeChildren,
  isLidUser,
  jidNormalizedUser,
  type BinaryNode,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type WASocket,
} from '@whiskeysockets/baileys';
import type { PastConversation } from './patches/history-reader.js';
import type { Proof } from '../messenger.js';
import { isGoodToken, seconds, weekOf } from './token-weeks.js';

type Entry = SignalDataTypeMap['tctoken'];

/** Where the account's salt is kept, among its tokens and sealed as they are. */
const SALT_KEY = '__nct_salt';

/**
 * Who agreed to be written to, and whom we agreed to hear from. rc14 issues our token at the end of a send and
 * loses the record of it (`patches/issued-tokens.ts`), and it has no token for people who issued none. Here both are ours.
 */
export class PrivacyTokens {
  private readonly issuing = new Set<string>();
  private wasToldSalt = false;
  /** What of the history is being kept: parts are read beside each other, and may tell of the same people. */
  private keeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly socket: WASocket,
    /** Without rc14's transactions: what is set is durable. */
    private readonly keys: SignalKeyStore,
    private readonly nowMs: () => number,
  ) {}

  /**
   * What a message to this person needs beside what rc14 adds: for one who issued no token, an HMAC of their LID under
   * the account's salt (tulir/whatsmeow cstoken.go, WhiskeySockets/Baileys#2438).
   */
  async nodesFor(jid: string): Promise<BinaryNode[]> {
    const lid = await this.lidOf(jid);
    if (!lid) return [];
    const { [lid]: entry, [SALT_KEY]: salt } = await this.keys.get('tctoken', [lid, SALT_KEY]);
    if (isGoodToken(entry, this.nowMs()) || !salt?.token.length) return [];
    const content = createHmac('sha256', salt.token).update(lid).digest();
    return [{ tag: 'cstoken', attrs: {}, content }];
  }

  /** What a message to this person carries to prove that they may be written to. */
  async proofFor(jid: string): Promise<Proof> {
    const lid = await this.lidOf(jid);
    const person = lid ?? jid;
    const { [person]: entry, [SALT_KEY]: salt } = await this.keys.get('tctoken', [person, SALT_KEY]);
    if (isGoodToken(entry, this.nowMs())) return 'token';
    return lid && salt?.token.length ? 'salt' : 'none';
  }

  /** Lets this person write to us, once a week at most. Quiet where WhatsApp does not answer: the next message asks. */
  async issue(jid: string): Promise<void> {
    const lid = (await this.lidOf(jid)) ?? jid;
    if (this.issuing.has(lid)) return;
    this.issuing.add(lid);
    try {
      const { [lid]: entry } = await this.keys.get('tctoken', [lid]);
      const now = Math.floor(this.nowMs() / 1_000);
      if (weekOf(seconds(entry?.senderTimestamp)) >= weekOf(now)) return;
      const toLid = this.socket.serverProps.lidTrustedTokenIssueToLid;
      const answer: unknown = await this.socket.issuePrivacyTokens([toLid ? lid : jid], now);
      const known = (await this.keys.get('tctoken', [lid]))[lid];
      await this.keys.set({
        tctoken: { [lid]: { token: Buffer.alloc(0), ...known, ...tokenIn(answer, known), senderTimestamp: now } },
      });
    } finally {
      this.issuing.delete(lid);
    }
  }

  /** Tokens out of the history; newer ones stay. */
  keepPast(conversations: readonly PastConversation[]): Promise<void> {
    const kept = this.keeping.then(() => this.keepNewer(conversations));
    this.keeping = kept.catch(() => undefined);
    return kept;
  }

  private async keepNewer(conversations: readonly PastConversation[]): Promise<void> {
    const found = new Map<string, PastConversation>();
    for (const past of conversations) {
      const lid = isLidUser(past.id) ? past.id : (past.lidJid ?? (await this.lidOf(past.id)));
      const person = jidNormalizedUser(lid ?? past.id);
      // Told by number and by LID they are two conversations.
      if (past.tokenAt >= (found.get(person)?.tokenAt ?? 0)) found.set(person, past);
    }
    const known = await this.keys.get('tctoken', [...found.keys()]);
    const newer = [...found].flatMap(([jid, past]): [string, Entry][] => {
      const before = known[jid];
      if (before && seconds(before.timestamp) >= past.tokenAt) return [];
      const issued = Math.max(seconds(before?.senderTimestamp), past.issuedAt);
      return [
        [
          jid,
          {
            token: past.token ?? before?.token ?? Buffer.alloc(0),
            ...(past.tokenAt > 0 && { timestamp: String(past.tokenAt) }),
            ...(issued > 0 && { senderTimestamp: issued }),
          },
        ],
      ];
    });
    if (newer.length > 0) await this.keys.set({ tctoken: Object.fromEntries(newer) });
  }

  /**
   * The salt of a history: as it was when the phone began to share that, so what was told since counts more, also before
   * a restart in between.
   */
  async keepPastSalt(salt: Buffer): Promise<void> {
    if (this.wasToldSalt || salt.length === 0) return;
    const { [SALT_KEY]: known } = await this.keys.get('tctoken', [SALT_KEY]);
    if (!known?.token.length) await this.keepSalt(salt);
  }

  /** The account's salt from now on; an empty one is none. */
  async takeSalt(salt: Buffer): Promise<void> {
    this.wasToldSalt = true;
    await this.keepSalt(salt);
  }

  private async keepSalt(salt: Buffer): Promise<void> {
    await this.keys.set({ tctoken: { [SALT_KEY]: salt.length > 0 ? { token: salt } : null } });
  }

  private async lidOf(jid: string): Promise<string | null> {
    const lid = isLidUser(jid) ? jid : await this.socket.signalRepository.lidMapping.getLIDForPN(jid);
    return lid ? jidNormalizedUser(lid) : null;
  }
}

/** A token in WhatsApp's answer, as rc14 reads it; WhatsApp's own is empty. */
function tokenIn(answer: unknown, known: Entry | undefined): Partial<Entry> {
  const node = answer as BinaryNode | undefined;
  const tokens = node && getBinaryNodeChild(node, 'tokens');
  const token = tokens && getBinaryNodeChildren(tokens, 'token')[0];
  const at = seconds(token?.attrs['t']);
  if (!(token?.content instanceof Uint8Array) || at === 0 || at < seconds(known?.timestamp)) return {};
  return { token: Buffer.from(token.content), timestamp: String(at) };
}
