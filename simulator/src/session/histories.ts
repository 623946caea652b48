import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { HistoryFile, HistoryOptions } from '../accounts/history.js';
import { type SealedMedia, sealMedia } from '../media/media-cipher.js';
import { pastChats, type PastChat } from './past-chats.js';
import type { ServiceContext } from './service-context.js';

const { HistorySyncType } = proto.HistorySync;
const { Type } = proto.Message.ProtocolMessage;

/** A part that is the same for every phone with the same options. */
interface SharedPart {
  syncType: HistoryFile['syncType'];
  messages: number;
  sealed: SealedMedia;
  hash: string;
}

const MESSAGES_PER_FILE = 2_000;
/** The rest is `FULL`, which clients need not take. */
const RECENT_SHARE = 0.4;
/** So many conversations come with the first part. Of the others a `RECENT` one tells, and nothing else, as rc14 reads it. */
const FIRST_SHARE = 0.5;

/** What phones share when a companion logs in for the first time. The same past is built once, however many phones have it. */
export class Histories {
  private readonly built = new Map<string, { chats: PastChat[]; names: SharedPart; older: SharedPart[] }>();

  constructor(private readonly context: ServiceContext) {}

  /** The notifications to send, in order. Whoever is in the past is no stranger, and has issued a token. */
  share(account: Account): proto.IMessage[] {
    const { history } = account;
    account.historyFiles = [];
    if (!history) return [this.inline(account, 'INITIAL_BOOTSTRAP', bootstrap(account, []), 0)];
    const { chats, names, older } = this.build(history);
    for (const { contact } of chats) this.introduce(account, contact);
    const first = chats.slice(0, history.inline ? chats.length : Math.ceil(chats.length * FIRST_SHARE));
    const newest = bootstrap(account, first);
    const parts = [names, this.firstRecent(account, chats, history.messages, first.length), ...older];
    const begin = history.inline
      ? this.inline(account, 'INITIAL_BOOTSTRAP', newest, first.length)
      : this.file(account, this.part('INITIAL_BOOTSTRAP', newest, first.length), 0, parts.length);
    return [begin, ...parts.map((part, index) => this.file(account, part, index + 1, parts.length))];
  }

  private build(options: HistoryOptions): { chats: PastChat[]; names: SharedPart; older: SharedPart[] } {
    const key = `${options.conversations} ${options.messages}`;
    const known = this.built.get(key);
    if (known) return known;
    const contacts = Array.from({ length: options.conversations }, (_, index) =>
      this.context.accounts.create(`62855${index.toString().padStart(8, '0')}`, { name: `Pelanggan ${index + 1}` }),
    );
    const chats = pastChats(contacts, options.messages, Math.floor(this.context.clock.now() / 1_000));
    const built = { chats, names: this.names(contacts), older: this.older(chats, options.messages) };
    this.built.set(key, built);
    return built;
  }

  private names(contacts: readonly Account[]): SharedPart {
    const pushnames = contacts.map(({ jid, profile }) => ({ id: jid, pushname: profile.name }));
    return this.part('PUSH_NAME', encoded({ syncType: HistorySyncType.PUSH_NAME, pushnames }), 0);
  }

  /** The account's own, for tokens are: of those conversations with which nothing came before. */
  private firstRecent(account: Account, chats: readonly PastChat[], count: number, told: number): SharedPart {
    const to = Math.min(stepOf(chats), recentOf(chats, count));
    const conversations = chats.map((chat, index) => ({
      ...conversation({ ...chat, messages: chat.messages.slice(0, to) }),
      ...(index >= told && tokenIssued(account, chat)),
    }));
    const { RECENT: syncType } = HistorySyncType;
    return this.part('RECENT', encoded({ syncType, conversations }), messagesIn(conversations));
  }

  /** Behind the first `RECENT` part. */
  private older(chats: readonly PastChat[], count: number): SharedPart[] {
    const perChat = Math.ceil(count / chats.length);
    const recent = recentOf(chats, count);
    const step = stepOf(chats);
    const parts: SharedPart[] = [];
    for (let from = Math.min(step, recent); from < perChat;) {
      const to = Math.min(from + step, from < recent ? recent : perChat);
      const syncType = from < recent ? 'RECENT' : 'FULL';
      const conversations = chats.map((chat) => conversation({ ...chat, messages: chat.messages.slice(from, to) }));
      const part = encoded({ syncType: HistorySyncType[syncType], conversations });
      parts.push(this.part(syncType, part, messagesIn(conversations)));
      from = to;
    }
    return parts;
  }

  private part(syncType: HistoryFile['syncType'], history: Uint8Array, messages: number): SharedPart {
    const sealed = sealMedia(deflateSync(history), 'history');
    return { syncType, messages, sealed, hash: this.context.media.put(sealed.encrypted) };
  }

  private file(account: Account, { syncType, messages, sealed, hash }: SharedPart, order: number, last: number) {
    const directPath = this.context.media.directPath(hash, account.number);
    account.historyFiles.push({ syncType, messages, bytes: sealed.encrypted.length, directPath });
    const { mediaKey, fileSha256, fileEncSha256, fileLength } = sealed;
    const progress = Math.round(((order + 1) / (last + 1)) * 100);
    const reference = { mediaKey, fileSha256, fileEncSha256, fileLength, directPath, progress, chunkOrder: order + 1 };
    return notification({ syncType: HistorySyncType[syncType], ...reference });
  }

  private inline(account: Account, syncType: HistoryFile['syncType'], history: Uint8Array, messages: number) {
    const payload = deflateSync(history);
    account.historyFiles.push({ syncType, messages, bytes: payload.length, directPath: null });
    return notification({
      syncType: HistorySyncType[syncType],
      chunkOrder: 1,
      progress: 100,
      initialHistBootstrapInlinePayload: payload,
    });
  }

  private introduce(account: Account, contact: Account): void {
    account.heardFrom.add(contact.number);
    const t = Math.floor(this.context.clock.now() / 1_000);
    contact.tokensIssued.set(account.number, { token: tokenOf(contact, account), t });
  }
}

/** The newest message of each conversation, with the token and LID of whom it is with, and the account's salt. */
function bootstrap(account: Account, chats: readonly PastChat[]): Uint8Array {
  const conversations = chats.map((chat) => ({
    ...conversation({ ...chat, messages: chat.messages.slice(0, 1) }),
    ...tokenIssued(account, chat),
  }));
  const phoneNumberToLidMappings = chats.map(({ contact }) => ({ pnJid: contact.jid, lidJid: contact.lidJid }));
  const { INITIAL_BOOTSTRAP: syncType } = HistorySyncType;
  const history = encoded({ syncType, chunkOrder: 1, progress: 100, conversations, phoneNumberToLidMappings });
  return Buffer.concat([history, saltField(account.nctSalt)]);
}

/** Field 19 of `HistorySync`, which rc14's protocol files lack (WhiskeySockets/Baileys#2438). */
function saltField(salt: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x9a, 0x01, salt.length), salt]);
}

function conversation({ contact, messages }: PastChat): proto.IConversation {
  const newest = messages[0]?.message?.messageTimestamp;
  const times = newest === undefined ? {} : { conversationTimestamp: newest, lastMsgTimestamp: newest };
  return { id: contact.jid, lidJid: contact.lidJid, name: contact.profile.name, unreadCount: 0, ...times, messages };
}

function tokenIssued(
  account: Account,
  { contact }: PastChat,
): Pick<proto.IConversation, 'tcToken' | 'tcTokenTimestamp'> {
  const issued = contact.tokensIssued.get(account.number);
  return issued ? { tcToken: issued.token, tcTokenTimestamp: issued.t } : {};
}

/** How many messages of each conversation fit into one file. */
const stepOf = (chats: readonly PastChat[]): number => Math.max(1, Math.floor(MESSAGES_PER_FILE / chats.length));

/** How many of each are recent. */
const recentOf = (chats: readonly PastChat[], count: number): number =>
  Math.ceil(Math.ceil(count / chats.length) * RECENT_SHARE);

const messagesIn = (conversations: readonly proto.IConversation[]): number =>
  conversations.reduce((sum, { messages }) => sum + (messages?.length ?? 0), 0);

function tokenOf(contact: Account, account: Account): Buffer {
  return createHash('sha256').update(`token ${contact.number} ${account.number}`).digest().subarray(0, 16);
}

function encoded(history: proto.IHistorySync): Uint8Array {
  return proto.HistorySync.encode(history).finish();
}

function notification(historySyncNotification: proto.Message.IHistorySyncNotification): proto.IMessage {
  return { protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification } };
}
