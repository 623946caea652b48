import type { BinaryNode } from '@whiskeysockets/baileys';
import type { EventEmitter } from 'node:events';
import { printable } from './printable.js';
import { recordFirst } from './patches/recorded-first.js';

export type MessageAnswer = { kind: 'acknowledged' } | { kind: 'refused'; code: string };

/** How far a message came, as its recipient's devices say. */
export interface ReceiptSeen {
  messageIds: string[];
  kind: 'delivered' | 'read';
}

/** What others write in their stanzas may be anything; ids of messages are none of it, whoever made them. */
export const isMessageId = (id: string | undefined): id is string =>
  id !== undefined && /^[\x21-\x7e]{1,128}$/.test(id);

/** Numbers, so far. What else it may be is kept short and without what nobody can store or read. */
const refusalCode = (error: string): string => printable(error).slice(0, 40).toWellFormed() || 'unreadable';

interface Listeners {
  /** An answer nobody waits for any more. */
  onLateAnswer: (messageId: string, answer: MessageAnswer) => void;
  /** Settles when what the receipt says is recorded. */
  onReceipt: (receipt: ReceiptSeen) => Promise<unknown>;
}

/**
 * WhatsApp's answers to messages, off the wire: Baileys tells no one of a good acknowledgement, and holds
 * receipts back for up to 30 s.
 */
export class Answers {
  private readonly waiting = new Map<string, (answer: MessageAnswer | null) => void>();
  private readonly ending = Promise.withResolvers<null>();
  /** Resolves when the socket has ended. */
  readonly ended = this.ending.promise;
  over = false;

  constructor(
    ws: EventEmitter,
    private readonly listeners: Listeners,
  ) {
    ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => this.onAck(attrs));
    recordFirst(ws, 'CB:receipt', (node) => this.onReceipt(node));
  }

  /** WhatsApp's answer; `null` where none came in time or the socket ended. Ask before sending. */
  next(messageId: string, withinMs: number): Promise<MessageAnswer | null> {
    if (this.over) return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (answer: MessageAnswer | null): void => {
        clearTimeout(timer);
        this.waiting.delete(messageId);
        resolve(answer);
      };
      const timer = setTimeout(() => settle(null), withinMs);
      this.waiting.set(messageId, settle);
    });
  }

  /** The socket ended: nobody answers any more. */
  end(): void {
    this.over = true;
    this.ending.resolve(null);
    for (const settle of [...this.waiting.values()]) settle(null);
  }

  private onAck({ id, error }: BinaryNode['attrs']): void {
    if (!isMessageId(id)) return;
    const answer: MessageAnswer = error ? { kind: 'refused', code: refusalCode(error) } : { kind: 'acknowledged' };
    const settle = this.waiting.get(id);
    if (settle) settle(answer);
    else this.listeners.onLateAnswer(id, answer);
  }

  private async onReceipt({ attrs, content }: BinaryNode): Promise<void> {
    const { id, type, recipient } = attrs;
    // With `recipient` our own devices tell what they did; other types are requests, not receipts.
    if (recipient || (type !== undefined && type !== 'read' && type !== 'played' && type !== 'inactive')) return;
    const list = Array.isArray(content) ? content.find(({ tag }) => tag === 'list')?.content : undefined;
    const more = Array.isArray(list) ? list.flatMap((item) => item.attrs['id'] ?? []) : [];
    const messageIds = [id, ...more].filter(isMessageId);
    const kind = type === 'read' || type === 'played' ? 'read' : 'delivered';
    if (messageIds.length > 0) await this.listeners.onReceipt({ messageIds, kind });
  }
}
