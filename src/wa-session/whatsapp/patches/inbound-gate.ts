import { isJidGroup, isJidNewsletter, isJidStatusBroadcast, type BinaryNode } from '@whiskeysockets/baileys';
import type { EventEmitter } from 'node:events';
import type { InboundCanary } from './inbound-canary.js';

type Listener = (node: BinaryNode) => unknown;

/** What people and devices send. Each kind has a lock of its own in Baileys, so each can stall by itself. */
const GATED = ['CB:message', 'CB:receipt', 'CB:notification'] as const;

interface GateOptions {
  canary: InboundCanary;
  /** Whether mail of groups is wanted. */
  groups: boolean;
  /** Ids that held everything up before. */
  setAside: ReadonlySet<string>;
  send: (stanza: BinaryNode) => Promise<unknown>;
}

/** How a part may be encrypted; rc14 answers `msmsg` itself. */
const KINDS: ReadonlySet<string | undefined> = new Set(['pkmsg', 'msg', 'skmsg', 'msmsg']);

/**
 * Lets through to Baileys what concerns an outlet. Statuses, channels and unwanted groups are acknowledged as read
 * right here: rc14 would decrypt them first, and one that it cannot holds up everything behind it
 * (WhiskeySockets/Baileys#2779, tulir/whatsmeow#1259), while its own `shouldIgnoreJid` answers them with an error 500.
 * So is what is encrypted in ways that nobody here knows: rc14 takes more than two seconds over each, in which it reads
 * nothing else (`requestPlaceholderResend`).
 */
export function gateInbound(ws: EventEmitter, options: GateOptions): void {
  const turns: Turns = new Map();
  for (const name of GATED) {
    const listeners = ws.rawListeners(name) as Listener[];
    ws.removeAllListeners(name);
    ws.on(name, (node: BinaryNode): unknown => pass(node, listeners, options, turns));
  }
}

/** What is last under way of each writer. */
type Turns = Map<string, Promise<unknown>>;

async function pass(
  node: BinaryNode,
  listeners: readonly Listener[],
  options: GateOptions,
  turns: Turns,
): Promise<void> {
  const { canary } = options;
  if (isUnwanted(node.attrs, options) || isOfUnknownKind(node)) {
    await options.send(plainAck(node));
    return;
  }
  canary.entered(node);
  try {
    await inTurn(node, turns, () => Promise.all(listeners.map((listener) => listener(node))));
  } finally {
    canary.handled(node);
  }
}

/**
 * One message of a writer after the other: rc14 looks names up before it takes its lock of messages, so that the second may
 * overtake the first that brings its key, and be asked for again. Only the first is passed on at once.
 */
async function inTurn(node: BinaryNode, turns: Turns, work: () => Promise<unknown>): Promise<void> {
  const { participant, from = '' } = node.attrs;
  const writer = participant ?? from;
  const before = node.tag === 'message' ? turns.get(writer) : undefined;
  const turn = before ? before.then(work) : work();
  const ended = turn.catch(() => undefined);
  if (node.tag === 'message') turns.set(writer, ended);
  try {
    await turn;
  } finally {
    if (turns.get(writer) === ended) turns.delete(writer);
  }
}

function isUnwanted({ id, from, recipient }: BinaryNode['attrs'], { groups, setAside }: GateOptions): boolean {
  if (id !== undefined && setAside.has(id)) return true;
  // With `recipient` a device of our own tells what it sent there.
  return [from, recipient].some(
    (jid) => jid && (isJidStatusBroadcast(jid) || isJidNewsletter(jid) || (!groups && isJidGroup(jid))),
  );
}

function isOfUnknownKind({ content }: BinaryNode): boolean {
  const parts = Array.isArray(content) ? content.filter(({ tag }) => tag === 'enc') : [];
  return parts.length > 0 && parts.every(({ attrs }) => !KINDS.has(attrs['type']));
}

/** As WhatsApp Web acknowledges what it has no use for: by the stanza's own names, without an error. */
function plainAck({ tag, attrs }: BinaryNode): BinaryNode {
  const { id, from, participant, recipient, type } = attrs;
  return {
    tag: 'ack',
    attrs: {
      ...(id && { id }),
      ...(from && { to: from }),
      class: tag,
      ...(participant && { participant }),
      ...(recipient && { recipient }),
      ...(type && tag !== 'message' && { type }),
    },
  };
}
