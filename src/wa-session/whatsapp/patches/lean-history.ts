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
import { withDeadline } from '../../../common/deadline.js';
import { Gate } from '../../../common/gate.js';
import type { WaitingHistories } from '../waiting-histories.js';
import { HistoryReader, type PastConversation } from './history-reader.js';
import { isOwnPhone, type Own } from '../phone-signs.js';

type Notification = proto.Message.IHistorySyncNotification;

const { HistorySyncType } = proto.HistorySync;
/**
 * The parts that hold who somebody is and what they allow, whether or not messages come with it. rc14 reads the same of
 * `FULL` and `ON_DEMAND` (`Utils/history.js`), which come to those who ask; nobody here does.
 */
const READ: ReadonlySet<number> = new Set([
  HistorySyncType.INITIAL_BOOTSTRAP,
  HistorySyncType.RECENT,
  HistorySyncType.PUSH_NAME,
  HistorySyncType.NON_BLOCKING_DATA,
]);
/** One part may take so long to come. Milliseconds. */
const READ_WITHIN_MS = 120_000;
/** Of what is left from before, so many files are read at once: a dead one keeps none waiting, and all together flood nobody. */
const READ_AT_ONCE = 4;
/** It is acknowledged before it is read, and never sent again: until each try. The next connection goes on. Milliseconds. */
const TRY_AFTER_MS = [0, 2_000, 15_000, 60_000];
/** A file that has not come by then goes on coming, and another begins beside it. Milliseconds. */
const PLACE_FOR_MS = 10_000;
/**
 * Files of all accounts are fetched and unpacked by so many at once, of one account by a few: each that is under way
 * costs memory, and many who link together have hundreds. Nothing waits for them.
 */
export const makePlaces = (): Gate => new Gate({ atOnce: 8, each: READ_AT_ONCE, waiting: 10_000, patienceMs: 600_000 });
/** What was read waits so long for a connection that keeps it. Milliseconds. */
const KEPT_FOR_MS = 120_000;

/** What one part says. */
export interface Past {
  pairs: LIDMapping[];
  conversations: PastConversation[];
  salt: Buffer | null;
}

const NOTHING: Past = { pairs: [], conversations: [], salt: null };

type File = readonly [id: string, notification: Notification];

interface HistoryOptions {
  own: () => Own;
  /** What is still to be read, whatever happens to this process. */
  waiting: Pick<WaitingHistories, 'keep' | 'forget' | 'failed' | 'left'>;
  /** What connections of this account read of it, by the id of its message: none reads it beside another. */
  readings: Map<string, Promise<Past>>;
  /** Of all accounts. */
  places: Gate;
  /** Whether this connection has ended, so that the next one goes on. */
  isOver: () => boolean;
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

  /** What this connection reads or tries again, by its id. */
  private readonly under = new Set<string>();

  constructor(private readonly options: HistoryOptions) {}

  /** What rc14 is to get instead of this message, once it will be read for certain; `null` where it is no history. */
  async take(envelope: BinaryNode['attrs'], plain: Uint8Array): Promise<Uint8Array | null> {
    if (envelope['category'] !== 'peer' || !isOwnPhone(envelope['from'], this.options.own())) return null;
    const message = decoded(plain);
    const notification = message?.protocolMessage?.historySyncNotification;
    if (!notification) return null;
    const { syncType } = notification;
    const id = envelope['id'] ?? '';
    if (typeof syncType === 'number' && READ.has(syncType)) {
      await this.options.waiting.keep(id, notification);
      this.outside(() => void this.read([[id, notification]]));
    }
    return writeRandomPadMax16(proto.Message.encode(emptied(message, notification)).finish());
  }

  /** Goes on with what an earlier connection, or a process that ended, had still to read. */
  async resume(): Promise<void> {
    await this.read(await this.options.waiting.left());
  }

  private async read(files: readonly File[]): Promise<void> {
    let left = files.filter(([id]) => !this.under.has(id));
    const ids = left.map(([id]) => id);
    for (const id of ids) this.under.add(id);
    for (const afterMs of TRY_AFTER_MS) {
      if (left.length === 0) break;
      if (afterMs > 0 && !this.options.isOver()) await pause(afterMs, undefined, { ref: false });
      if (this.options.isOver()) return;
      left = await this.unread(left);
    }
    for (const id of ids) this.under.delete(id);
    if (left.length === 0) return;
    this.options.complain();
    await this.options.waiting.failed(left.map(([id]) => id)).catch(() => this.options.complain());
  }

  /** Reads a few at once; answers which could not be. */
  private async unread(files: readonly File[]): Promise<File[]> {
    const unread: File[] = [];
    const waiting = files.values();
    const readOn = async (): Promise<void> => {
      for (const file of waiting) if (!(await this.isRead(file))) unread.push(file);
    };
    await Promise.all(Array.from({ length: READ_AT_ONCE }, readOn));
    return unread;
  }

  private async isRead([id, notification]: File): Promise<boolean> {
    try {
      const { salt, pairs, conversations } = await this.pastOf(id, notification);
      if (salt) await this.options.onSalt(salt);
      if (pairs.length > 0) await this.options.onMappings(pairs);
      if (conversations.length > 0) await this.options.onConversations(conversations);
      await this.options.waiting.forget(id);
      // Who looked what is left just before that finds nothing to do.
      void this.share(id, Promise.resolve(NOTHING));
      return true;
    } catch {
      return false;
    }
  }

  /** Who comes while it is read, or before what was read is kept, does not read it again. */
  private pastOf(id: string, notification: Notification): Promise<Past> {
    return this.options.readings.get(id) ?? this.share(id, this.readInTurn(notification));
  }

  private readInTurn(notification: Notification): Promise<Past> {
    if (notification.initialHistBootstrapInlinePayload?.length) return readPast(notification);
    return new Promise((resolve, reject) => {
      const read = async (): Promise<void> => {
        const reading = readPast(notification);
        resolve(reading);
        await withDeadline(reading, PLACE_FOR_MS, 'a file of the history').catch(() => undefined);
      };
      this.options.places.pass(this.options.own().me?.id ?? '', read).catch(reject);
    });
  }

  private share(id: string, reading: Promise<Past>): Promise<Past> {
    const { readings } = this.options;
    readings.set(id, reading);
    // What is kept in its stead is not to keep it as well.
    const kept = new WeakRef(reading);
    const drop = (): void => void (readings.get(id) === kept.deref() && readings.delete(id));
    void reading.then(() => setTimeout(drop, KEPT_FOR_MS).unref(), drop);
    return reading;
  }
}

async function readPast(notification: Notification): Promise<Past> {
  const past: Past = { pairs: [], conversations: [], salt: null };
  const reader = new HistoryReader({
    conversation: (one) => {
      const pair = pairOf(one);
      if (pair) past.pairs.push(pair);
      if (one.token || one.issuedAt > 0) past.conversations.push(one);
    },
    mapping: (pn, lid) => past.pairs.push({ pn, lid }),
    salt: (found) => (past.salt = found),
  });
  await readAll(notification, reader);
  return past;
}

function decoded(plain: Uint8Array): proto.IMessage | null {
  try {
    return proto.Message.decode(unpadRandomMax16(plain));
  } catch {
    return null;
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
  const done = new AbortController();
  const late = pause(READ_WITHIN_MS, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new Error('the history did not come');
  });
  late.catch(() => undefined);
  let packed: Readable | undefined;
  try {
    packed = await Promise.race([packedIn(notification), late]);
    const unpacked = packed.pipe(createInflate());
    packed.on('error', (error) => unpacked.destroy(error));
    late.catch((error: Error) => unpacked.destroy(error));
    for await (const chunk of unpacked) reader.push(chunk as Buffer);
  } finally {
    done.abort();
    packed?.destroy();
  }
}

async function packedIn(notification: Notification): Promise<Readable> {
  const { initialHistBootstrapInlinePayload: inline } = notification;
  return inline?.length
    ? Readable.from([Buffer.from(inline)])
    : downloadContentFromMessage(notification, 'md-msg-hist');
}

function pairOf({ id, pnJid, lidJid }: PastConversation): LIDMapping | null {
  if (isLidUser(id) && pnJid) return { lid: id, pn: pnJid };
  return isPnUser(id) && lidJid ? { lid: lidJid, pn: id } : null;
}
