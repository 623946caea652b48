import type { KeyEncryptionKey } from '../common/envelope.js';
import { UnreadableSecret } from '../common/sealing.js';

/** Everybody, instead of one node's id. */
export const ALL = '*';

/** What one node says: a fact, a question, or the answer to one. */
export interface Message {
  readonly kind: 'fact' | 'question' | 'answer';
  /** Topic or verb. */
  readonly name: string;
  readonly payload: unknown;
  /** Of the question that is answered; 0 for others. */
  readonly re: number;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
  /** Counts what this node said: 1, 2, 3 … */
  readonly number: number;
}

/** More than this is a mistake, or somebody who fills our memory. Characters, sealed and as base64. */
const MOST = 1_500_000;
/** How many senders' numbers are remembered; nodes come and go. */
const SENDERS = 1_000;

const placeOf = ({ from, to, number }: Envelope): string => `cluster|${from}|${to}|${number}`;

/** The texts that carry a message, none longer than `longest`: `from to number part parts sealed`. */
export function toFrames(key: KeyEncryptionKey, envelope: Envelope, message: Message, longest: number): string[] {
  const plain = Buffer.from(JSON.stringify([message.kind, message.name, message.re, message.payload ?? null]));
  const sealed = key.wrap(placeOf(envelope), plain).toString('base64');
  if (sealed.length > MOST) throw new RangeError(`${message.name} is too long for the bus`);
  const room = longest - 120;
  const parts = Math.ceil(sealed.length / room);
  const head = `${envelope.from} ${envelope.to} ${envelope.number}`;
  return Array.from(
    { length: parts },
    (_, part) => `${head} ${part} ${parts} ${sealed.slice(part * room, (part + 1) * room)}`,
  );
}

export type Heard = { envelope: Envelope; message: Message } | 'unreadable' | null;

/** Puts together what arrives in parts, drops what came before, and opens it. */
export class FrameReader {
  /** By sender: the number last opened. */
  private readonly opened = new Map<string, number>();
  /** By sender: what has come of one message so far; what a sender says comes in order, so there is one at most. */
  private readonly partial = new Map<string, { number: number; parts: string[] }>();

  constructor(private readonly key: KeyEncryptionKey) {}

  /** `null` where nothing is to be done about it: it is incomplete, or was heard before. */
  read(frame: string): Heard {
    const [from = '', to = '', count = '', place = '', total = '', body = ''] = frame.split(' ');
    const envelope = { from, to, number: Number(count) };
    if (envelope.number <= (this.opened.get(from) ?? 0)) return null;
    const sealed = this.join(envelope, Number(place), Number(total), body);
    if (sealed === null) return null;
    if (sealed === false) return 'unreadable';
    try {
      const message = this.open(envelope, sealed);
      this.note(from, envelope.number);
      return { envelope, message };
    } catch (error) {
      if (error instanceof UnreadableSecret || error instanceof SyntaxError) return 'unreadable';
      throw error;
    }
  }

  /** What was sealed; `null` while parts are missing, `false` where they do not fit. */
  private join({ from, number }: Envelope, place: number, total: number, body: string): string | null | false {
    if (total === 1) return body;
    const before = this.partial.get(from);
    const parts = before?.number === number ? before.parts : [];
    const isNext = place === parts.length && place < total && parts.length * body.length <= MOST;
    if (!isNext) {
      this.partial.delete(from);
      return false;
    }
    parts.push(body);
    if (parts.length < total) {
      this.partial.set(from, { number, parts });
      forgetOldest(this.partial);
      return null;
    }
    this.partial.delete(from);
    return parts.join('');
  }

  private open(envelope: Envelope, sealed: string): Message {
    const plain = this.key.unwrap(placeOf(envelope), Buffer.from(sealed, 'base64')).toString();
    const [kind, name, re, payload] = JSON.parse(plain) as [Message['kind'], string, number, unknown];
    return { kind, name, re, payload };
  }

  private note(from: string, number: number): void {
    this.opened.delete(from);
    this.opened.set(from, number);
    forgetOldest(this.opened);
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= SENDERS) return;
    map.delete(key);
  }
}
