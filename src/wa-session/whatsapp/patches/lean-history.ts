import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createInflate, deflateSync } from 'node:zlib';
import {
  downloadContentFromMessage,
  isLidUser,
  isPnUser,
  proto,
  unpadRandomMax16,
  writeRandomPadMax16,
  type BinaryNode,
  type LIDMapping,
} from '@whiskeysockets/baileys';
import type { WaitingHistories } from '../waiting-histories.js';
import { HistoryReader, type PastConversation } from './history-reader.js';
import { isOwnPhone, type Own } from '../phone-signs.js';

type Notification = proto.Message.IHistorySyncNotification;

const { HistorySyncType } = proto.HistorySync;
/** The parts that hold who somebody is and what they allow. The others hold messages, which nobody here reads. */
const READ: ReadonlySet<number> = new Set([
  HistorySyncType.INITIAL_BOOTSTRAP,
  HistorySyncType.PUSH_NAME,
  HistorySyncType.NON_BLOCKING_DATA,
]);
/** One part may take so long to come. Milliseconds. */
const READ_WITHIN_MS = 120_000;
/** It is acknowledged before it is read, and never sent again: until each try. The next connection goes on. Milliseconds. */
const TRY_AFTER_MS = [0, 2_000, 15_000, 60_000];

interface HistoryOptions {
  own: () => Own;
  /** What is still to be read, whatever happens to this process. */
  waiting: Pick<WaitingHistories, 'keep' | 'forget' | 'left'>;
  onMappings: (pairs: LIDMapping[]) => Promise<unknown>;
  onConversations: (conversations: PastConversation[]) => Promise<unknown>;
  onSalt: (salt: Buffer) => Promise<unknown>;
  complain: () => void;
}

/**
 * Takes the history off the phone's hands before rc14 sees it. rc14 would download and decode all of it, thousands of
 * messages for each link, and holds all mail up meanwhile (rmyndharis/OpenWA#456, devlikeapro/waha#1826). It gets each
 * part empty, which moves it on as the full one would; tokens, LIDs and the account's salt are read as they stream by.
 */
export class LeanHistory {
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(private readonly options: HistoryOptions) {}

  /** What rc14 is to get instead of this message, once it will be read for certain; `null` where it is no history. */
  async take(envelope: BinaryNode['attrs'], plain: Uint8Array): Promise<Uint8Array | null> {
    if (envelope['category'] !== 'peer' || !isOwnPhone(envelope['from'], this.options.own())) return null;
    const message = proto.Message.decode(unpadRandomMax16(plain));
    const notification = message.protocolMessage?.historySyncNotification;
    if (!notification) return null;
    const { syncType } = notification;
    const id = envelope['id'] ?? '';
    if (typeof syncType === 'number' && READ.has(syncType)) {
      await this.options.waiting.keep(id, notification);
      this.outside(() => void this.read(id, notification));
    }
    return writeRandomPadMax16(proto.Message.encode(emptied(message, notification)).finish());
  }

  /** Goes on with what an earlier connection, or a process that ended, had still to read. */
  async resume(): Promise<void> {
    for (const [id, notification] of await this.options.waiting.left()) await this.read(id, notification);
  }

  private async read(id: string, notification: Notification): Promise<void> {
    for (const afterMs of TRY_AFTER_MS) {
      if (afterMs > 0) await pause(afterMs, undefined, { ref: false });
      if (await this.isRead(id, notification)) return;
    }
    this.options.complain();
  }

  private async isRead(id: string, notification: Notification): Promise<boolean> {
    const conversations: PastConversation[] = [];
    const pairs: LIDMapping[] = [];
    let salt: Buffer | null = null;
    const reader = new HistoryReader({
      conversation: (past) => {
        const pair = pairOf(past);
        if (pair) pairs.push(pair);
        if (past.token || past.issuedAt > 0) conversations.push(past);
      },
      mapping: (pn, lid) => pairs.push({ pn, lid }),
      salt: (found) => (salt = found),
    });
    try {
      await readAll(notification, reader);
      if (salt) await this.options.onSalt(salt);
      if (pairs.length > 0) await this.options.onMappings(pairs);
      if (conversations.length > 0) await this.options.onConversations(conversations);
      await this.options.waiting.forget(id);
      return true;
    } catch {
      return false;
    }
  }
}

function emptied(message: proto.IMessage, notification: Notification): proto.IMessage {
  const { syncType, chunkOrder, progress, peerDataRequestSessionId } = notification;
  const empty = { syncType, chunkOrder, progress } as proto.HistorySync;
  return {
    ...message,
    protocolMessage: {
      ...message.protocolMessage,
      historySyncNotification: {
        ...{ syncType, chunkOrder, progress, peerDataRequestSessionId },
        initialHistBootstrapInlinePayload: deflateSync(proto.HistorySync.encode(empty).finish()),
      },
    },
  };
}

async function readAll(notification: Notification, reader: HistoryReader): Promise<void> {
  const { initialHistBootstrapInlinePayload: inline } = notification;
  const packed = inline?.length
    ? Readable.from([Buffer.from(inline)])
    : await downloadContentFromMessage(notification, 'md-msg-hist');
  const unpacked = packed.pipe(createInflate());
  packed.on('error', (error) => unpacked.destroy(error));
  const late = new AbortController();
  void pause(READ_WITHIN_MS, undefined, { signal: late.signal, ref: false }).then(
    () => unpacked.destroy(new Error('the history did not come')),
    () => undefined,
  );
  try {
    for await (const chunk of unpacked) reader.push(chunk as Buffer);
  } finally {
    late.abort();
    packed.destroy();
  }
}

function pairOf({ id, pnJid, lidJid }: PastConversation): LIDMapping | null {
  if (isLidUser(id) && pnJid) return { lid: id, pn: pnJid };
  return isPnUser(id) && lidJid ? { lid: lidJid, pn: id } : null;
}
