import type { BinaryNode } from '@whiskeysockets/baileys';

/** One of Baileys' queues. Milliseconds, by the clock given. */
interface Lane {
  /** What is not processed yet, oldest first, and whether it came from the time we were away. */
  waiting: Map<string, { isOffline: boolean }>;
  /** When the first of them came, or the last one left. */
  movedAt: number;
}

/**
 * Counts stanzas in against stanzas processed: a session whose lock is held for ever still answers pings, and nothing
 * else of it shows that no mail is read any more (WhiskeySockets/Baileys#2491, #2779).
 */
export class InboundCanary {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly now: () => number) {}

  entered(node: BinaryNode): void {
    const { id, offline } = node.attrs;
    // What came while we were away rc14 puts into a queue, and is done with at once. Of that only what is encrypted
    // shows when it is really taken up.
    const isOffline = offline !== undefined;
    if (!id || (isOffline && !isEncrypted(node))) return;
    const lane = this.lanes.get(node.tag) ?? { waiting: new Map(), movedAt: 0 };
    this.lanes.set(node.tag, lane);
    if (lane.waiting.size === 0) lane.movedAt = this.now();
    lane.waiting.set(id, { isOffline });
  }

  /** Baileys' listeners are done with it. */
  handled({ tag, attrs: { id, offline } }: BinaryNode): void {
    if (id && offline === undefined) this.leave(tag, id);
  }

  /** A message was decrypted, or found not to be readable. */
  tried(id: string | undefined): void {
    const lane = this.lanes.get('message');
    const waiting = id === undefined ? undefined : lane?.waiting.get(id);
    if (!lane || !waiting) return;
    lane.movedAt = this.now();
    if (waiting.isOffline) lane.waiting.delete(id!);
  }

  /** For how long nothing of what waits has moved. Milliseconds; 0 where nothing waits. */
  get stalledMs(): number {
    const at = this.now();
    return Math.max(
      0,
      ...[...this.lanes.values()].map(({ waiting, movedAt }) => (waiting.size > 0 ? at - movedAt : 0)),
    );
  }

  /** What holds each queue up. */
  get heads(): string[] {
    return [...this.lanes.values()].flatMap(({ waiting }) => [...waiting.keys()].slice(0, 1));
  }

  private leave(tag: string, id: string): void {
    const lane = this.lanes.get(tag);
    if (lane?.waiting.delete(id)) lane.movedAt = this.now();
  }
}

const isEncrypted = ({ content }: BinaryNode): boolean =>
  Array.isArray(content) && content.some(({ tag }) => tag === 'enc');
