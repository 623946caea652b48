import { deflateSync } from 'node:zlib';
import { encodeStanza, type Stanza, stanza } from '../wire/stanza.js';

/** Kinds of frames no honest server sends. What Baileys 7.0.0-rc14 makes of the first three is an unhandled rejection. */
export type JunkKind =
  /** Ciphertext whose GCM tag does not fit. */
  | 'bad-gcm'
  /** Decrypts, but is no node in the token format. */
  | 'not-a-node'
  /** Decrypts and claims compression, but the deflate stream breaks off. */
  | 'truncated-deflate'
  /** A well-formed node nobody expects. */
  | 'random-node'
  /** A well-formed node with 4 MiB of content. */
  | 'oversized'
  /** Any of the above but `oversized`, by the seed. */
  | 'mixed';

export const JUNK_KINDS: readonly JunkKind[] = [
  'bad-gcm',
  'not-a-node',
  'truncated-deflate',
  'random-node',
  'oversized',
  'mixed',
];

const MIXABLE = ['bad-gcm', 'not-a-node', 'truncated-deflate', 'random-node'] as const;
const OVERSIZED_BYTES = 4 << 20;
const LIST_8 = 248;
const BINARY_32 = 254;

/** Plain text of one frame, before it is encrypted; `spoil` asks for a tag that does not fit. */
export interface JunkFrame {
  plain: Buffer;
  spoil: boolean;
}

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A sequence of malformed or unexpected frames; the same for the same seed. */
export function* junkFrames(kind: JunkKind, count: number, seed: number): Generator<JunkFrame> {
  const random = seeded(seed);
  for (let made = 0; made < count; made++) {
    const drawn = MIXABLE[Math.floor(random() * MIXABLE.length)] ?? 'not-a-node';
    yield junkFrame(kind === 'mixed' ? drawn : kind, random);
  }
}

function junkFrame(kind: Exclude<JunkKind, 'mixed'>, random: () => number): JunkFrame {
  switch (kind) {
    case 'bad-gcm':
      return { plain: encodeStanza(randomNode(random)), spoil: true };
    case 'not-a-node':
      return { plain: Buffer.concat([Buffer.of(0, LIST_8), randomBytes(random, 40)]), spoil: false };
    case 'truncated-deflate': {
      const whole = deflateSync(encodeStanza(randomNode(random)).subarray(1));
      return { plain: Buffer.concat([Buffer.of(2), whole.subarray(0, Math.max(3, whole.length >> 1))]), spoil: false };
    }
    case 'random-node':
      return { plain: encodeStanza(randomNode(random)), spoil: false };
    case 'oversized':
      return { plain: oversized(), spoil: false };
  }
}

const TAGS = [
  'message',
  'receipt',
  'notification',
  'iq',
  'ib',
  'ack',
  'call',
  'presence',
  'chatstate',
  'blob',
  'enc',
  'collection',
];
const NAMES = ['id', 'from', 'to', 'type', 't', 'class', 'participant', 'notify', 'offline', 'count', 'xmlns', 'value'];

/** Any tag but those that end a session: ending one is the work of `end`, not of noise. */
function randomNode(random: () => number, depth = 0): Stanza {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? 'x';
  const attrs: Record<string, string> = {};
  for (let left = Math.floor(random() * 6); left > 0; left--) attrs[pick(NAMES)] = randomText(random);
  const choice = random();
  if (depth < 3 && choice < 0.5) {
    const inner = Array.from({ length: Math.floor(random() * 4) }, () => randomNode(random, depth + 1));
    return stanza(pick(TAGS), attrs, inner);
  }
  return choice < 0.8 ? stanza(pick(TAGS), attrs, randomBytes(random, 60)) : stanza(pick(TAGS), attrs);
}

function randomText(random: () => number): string {
  const choice = random();
  if (choice < 0.2) return `${Math.floor(random() * 1e12)}@s.whatsapp.net`;
  if (choice < 0.3) return `${Math.floor(random() * 1e12)}@lid`;
  if (choice < 0.4) return `${Math.floor(random() * 1e12)}@g.us`;
  if (choice < 0.6) return Math.floor(random() * 1e9).toString();
  return randomBytes(random, 12).toString('latin1');
}

function randomBytes(random: () => number, most: number): Buffer {
  return Buffer.from(Array.from({ length: 1 + Math.floor(random() * most) }, () => Math.floor(random() * 256)));
}

/** Written by hand: the encoder would push four million bytes one by one. */
function oversized(): Buffer {
  const head = encodeStanza(stanza('blob'));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(OVERSIZED_BYTES);
  // flags, LIST_8, size 2 instead of 1, tag as encoded, then the content
  return Buffer.concat([
    head.subarray(0, 1),
    Buffer.of(LIST_8, 2),
    head.subarray(3),
    Buffer.of(BINARY_32),
    length,
    Buffer.alloc(OVERSIZED_BYTES),
  ]);
}
