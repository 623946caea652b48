import { inflateSync } from 'node:zlib';
import {
  type BinaryNode,
  decodeDecompressedBinaryNode,
  encodeBinaryNode,
} from '@whiskeysockets/baileys/lib/WABinary/index.js';
import * as dictionary from '@whiskeysockets/baileys/lib/WABinary/constants.js';

/** An element of the WhatsApp stream: tag, string attributes, and children, text, bytes or nothing. */
export type Stanza = BinaryNode;

const COMPRESSED = 2;
const MAX_INFLATED_BYTES = 16 << 20;

/** The address of the service itself. */
export const SERVICE = '@s.whatsapp.net';

/** Builds a stanza; attributes given as undefined are left out. */
export function stanza(
  tag: string,
  attrs: Record<string, string | undefined> = {},
  content?: Stanza['content'],
): Stanza {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) given[name] = value;
  return content === undefined ? { tag, attrs: given } : { tag, attrs: given, content };
}

export function encodeStanza(node: Stanza): Buffer {
  return encodeBinaryNode(node);
}

/** Throws on anything that is not one well-formed stanza. */
export function decodeStanza(plain: Buffer): Stanza {
  const flags = plain.readUInt8(0);
  const body = plain.subarray(1);
  const bytes = flags & COMPRESSED ? inflateSync(body, { maxOutputLength: MAX_INFLATED_BYTES }) : body;
  return decodeDecompressedBinaryNode(bytes, dictionary);
}

export function children(node: Stanza | undefined): Stanza[] {
  return Array.isArray(node?.content) ? node.content : [];
}

export function child(node: Stanza | undefined, tag: string): Stanza | undefined {
  return children(node).find(({ tag: name }) => name === tag);
}

/** Content as bytes. Text that happened to be a token comes back as string, hence both forms. */
export function bytesOf(node: Stanza | undefined): Buffer | undefined {
  const content = node?.content;
  if (typeof content === 'string') return Buffer.from(content);
  if (content instanceof Uint8Array) return Buffer.from(content);
  return undefined;
}

export function textOf(node: Stanza | undefined): string | undefined {
  return bytesOf(node)?.toString('utf8');
}

/** A stanza that lacks what its kind must have. Closes only the connection it came on. */
export class MalformedStanza extends Error {
  override readonly name = 'MalformedStanza';
}

/** The bytes of a child that must be there; `length` also fixes how many. */
export function requiredBytes(node: Stanza | undefined, tag: string, length?: number): Buffer {
  const bytes = bytesOf(child(node, tag));
  if (!bytes) throw new MalformedStanza(`no <${tag}>`);
  if (length !== undefined && bytes.length !== length) throw new MalformedStanza(`<${tag}> of ${bytes.length} bytes`);
  return bytes;
}

/** Time as the wire has it: whole seconds. */
export function seconds(milliseconds: number): string {
  return Math.floor(milliseconds / 1000).toString();
}
