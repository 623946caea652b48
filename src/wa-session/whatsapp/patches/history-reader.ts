import { bytesFields, readHead, WIRE, type Head } from './wire-fields.js';

/** What of one conversation matters to an outlet: how to reach the person, and their leave to do so. */
export interface PastConversation {
  /** The conversation's own name, by number or by LID, and the other one where it is told. */
  id: string;
  pnJid: string | null;
  lidJid: string | null;
  token: Buffer | null;
  /** Seconds since the epoch; 0 where it is not told. */
  tokenAt: number;
  /** When we issued ours. */
  issuedAt: number;
}

interface ReaderListener {
  conversation(past: PastConversation): void;
  /** A number and a LID of one person. */
  mapping(pnJid: string, lidJid: string): void;
  /** Of the account, for tokens of first contacts. rc14's protocol files lack it (tulir/whatsmeow cstoken.go). */
  salt(salt: Buffer): void;
}

/** Numbers of fields in WhatsApp's `HistorySync`, `Conversation` and `PhoneNumberToLIDMapping`. */
const SYNC = { conversations: 2, mappings: 15, nctSalt: 19 };
const CHAT = { id: 1, token: 21, tokenAt: 22, issuedAt: 28, pnJid: 39, lidJid: 42 };
const MAPPING = { pnJid: 1, lidJid: 2 };
/** What we keep is short; a longer one is none of it. Bytes. */
const LONGEST_KEPT = 4_096;

/**
 * Reads an unpacked history as it streams in, without ever holding a message: what conversations said is passed over by
 * its length. The largest piece in memory is the chunk it was given.
 */
export class HistoryReader {
  private rest: Buffer = Buffer.alloc(0);
  /** How many more bytes to pass over. */
  private skipping = 0;
  /** How many bytes of the conversation are still to come; `null` between two. */
  private left: number | null = null;
  private past: PastConversation = nobody();

  constructor(private readonly listener: ReaderListener) {}

  /** @throws where it is no history */
  push(chunk: Buffer): void {
    let bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = Buffer.alloc(0);
    while (bytes.length > 0) {
      const read = this.step(bytes);
      if (read === 0) break;
      bytes = bytes.subarray(read);
    }
    this.rest = Buffer.from(bytes);
  }

  /** How many bytes it took; 0 where more must come first. */
  private step(bytes: Buffer): number {
    if (this.skipping > 0) return this.pass(Math.min(this.skipping, bytes.length));
    const head = readHead(bytes);
    if (!head) {
      if (bytes.length > 20) throw new Error('not a history');
      return 0;
    }
    if (this.left === null && head.field === SYNC.conversations && head.wire === WIRE.BYTES) {
      this.past = nobody();
      this.left = head.value;
      if (head.value === 0) this.left = null;
      return head.at;
    }
    if (head.wire === WIRE.VARINT) {
      this.keepNumber(head);
      return this.count(head.at);
    }
    if (head.wire !== WIRE.BYTES || head.value > LONGEST_KEPT || !this.isKept(head.field)) {
      this.count(head.at);
      this.skipping = head.value;
      return head.at;
    }
    const end = head.at + head.value;
    if (bytes.length < end) return 0;
    this.keepBytes(head.field, Buffer.from(bytes.subarray(head.at, end)));
    return this.count(end);
  }

  private pass(count: number): number {
    this.skipping -= count;
    return this.count(count);
  }

  private count(read: number): number {
    if (this.left === null) return read;
    this.left -= read;
    if (this.left < 0) throw new Error('not a history');
    if (this.left === 0 && this.skipping === 0) {
      this.listener.conversation(this.past);
      this.left = null;
    }
    return read;
  }

  private isKept(field: number): boolean {
    return this.left === null
      ? field === SYNC.mappings || field === SYNC.nctSalt
      : field === CHAT.id || field === CHAT.token || field === CHAT.pnJid || field === CHAT.lidJid;
  }

  private keepNumber({ field, value }: Head): void {
    if (this.left === null) return;
    if (field === CHAT.tokenAt) this.past.tokenAt = value;
    if (field === CHAT.issuedAt) this.past.issuedAt = value;
  }

  private keepBytes(field: number, value: Buffer): void {
    if (this.left === null) {
      if (field === SYNC.nctSalt) this.listener.salt(value);
      else this.keepMapping(value);
    } else if (field === CHAT.id) this.past.id = value.toString();
    else if (field === CHAT.token) this.past.token = value;
    else if (field === CHAT.pnJid) this.past.pnJid = value.toString();
    else this.past.lidJid = value.toString();
  }

  private keepMapping(bytes: Buffer): void {
    const found = bytesFields(bytes);
    const [pnJid, lidJid] = [MAPPING.pnJid, MAPPING.lidJid].map((field) => found.get(field)?.toString());
    if (pnJid && lidJid) this.listener.mapping(pnJid, lidJid);
  }
}

const nobody = (): PastConversation => ({
  id: '',
  pnJid: null,
  lidJid: null,
  token: null,
  tokenAt: 0,
  issuedAt: 0,
});
