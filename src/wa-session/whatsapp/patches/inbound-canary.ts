import {
  areJidsSameUser,
  isHostedLidUser,
  isHostedPnUser,
  isJidBroadcast,
  isJidGroup,
  isJidMetaAI,
  isLidUser,
  isPnUser,
  type BinaryNode,
} from '@whiskeysockets/baileys';
import type { Own } from '../phone-signs.js';

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

  constructor(
    private readonly now: () => number,
    private readonly own: () => Own,
  ) {}

  entered(node: BinaryNode): void {
    const { id } = node.attrs;
    const isOffline = waitsInQueue(node);
    if (!id || (isOffline && !isDecrypted(node, this.own()))) return;
    const lane = this.lanes.get(node.tag) ?? { waiting: new Map(), movedAt: 0 };
    this.lanes.set(node.tag, lane);
    if (lane.waiting.size === 0) lane.movedAt = this.now();
    lane.waiting.set(id, { isOffline });
  }

  /** Baileys' listeners are done with it. */
  handled(node: BinaryNode): void {
    const { id } = node.attrs;
    if (id && !waitsInQueue(node)) this.leave(node.tag, id);
  }

  /** A message was decrypted, or found not to be readable: whatever waits behind it has moved. */
  tried(id: string | undefined): void {
    const lane = this.lanes.get('message');
    if (!lane) return;
    lane.movedAt = this.now();
    if (id !== undefined && lane.waiting.get(id)?.isOffline) lane.waiting.delete(id);
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

/** What came while we were away rc14 puts into a queue of its own, and its listeners are done with it at once. */
const waitsInQueue = ({ attrs: { offline } }: BinaryNode): boolean => Boolean(offline);

/** What rc14 takes to one of the repository's two ways of decrypting, and so shows when it is really taken up. */
const DECRYPTED: ReadonlySet<string | undefined> = new Set(['pkmsg', 'msg', 'skmsg']);
/** Whole messages that rc14 answers without a look at any part, by the kind of their first. */
const PASSED_OVER = 'msmsg';

/**
 * Whether rc14 gets as far as decrypting it (`Utils/decode-wa-message.js`, `handleMessage`): answers of bots, what comes
 * from nobody it knows and what it has no key for by kind are answered before, and never come out.
 */
function isDecrypted({ attrs, content }: BinaryNode, own: Own): boolean {
  const parts = Array.isArray(content) ? content.filter(({ tag }) => tag === 'enc') : [];
  if (parts[0]?.attrs['type'] === PASSED_OVER || !hasReadableWriter(attrs, own)) return false;
  return parts.some((part) => DECRYPTED.has(part.attrs['type']) && part.content instanceof Uint8Array);
}

function hasReadableWriter({ from, participant, recipient }: BinaryNode['attrs'], { me }: Own): boolean {
  if (isPerson(from)) {
    // With `recipient` a device of our own tells what it sent there; from anybody else rc14 refuses it.
    const isCopy = recipient !== undefined && !isJidMetaAI(recipient);
    return !isCopy || areJidsSameUser(from, me?.id) || areJidsSameUser(from, me?.lid);
  }
  return Boolean(isJidGroup(from) || isJidBroadcast(from ?? '')) && isPerson(participant);
}

const isPerson = (jid: string | undefined): boolean =>
  [isPnUser, isLidUser, isHostedPnUser, isHostedLidUser].some((is) => is(jid));
