import { createHash } from 'node:crypto';
import { seal, unseal, UnreadableSecret } from '../common/sealing.js';
import * as z from 'zod';

/**
 * A backup: one line of JSON, then frames, each four bytes of length and as many of AES-256-GCM. Header, place and whether
 * it is the last are authenticated with each frame, so that nothing can be changed, moved, left out or cut off.
 */
const Header = z.strictObject({
  format: z.literal('koneksi-backup'),
  version: z.literal(1),
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  /** Which CREDENTIALS_KEY opens it, without telling the key. */
  keyId: z.string(),
  /** The file's own key, wrapped by that one. */
  wrappedKey: z.base64(),
  /** The steps that the database had taken. */
  migrations: z.array(z.string()),
});
export type Header = z.infer<typeof Header>;

const FRAME_BYTES = 1_048_576;
const MAX_HEADER_BYTES = 65_536;
const LENGTH_BYTES = 4;

export const placeOfFileKey = (id: string): string => `backup-key|${id}`;
const place = (headerLine: Buffer, index: number, isLast: boolean): string =>
  `backup|${createHash('sha256').update(headerLine).digest('hex')}|${index}|${isLast ? 'last' : 'more'}`;

/** The bytes of a file with this content. */
export async function* sealFile(header: Header, key: Buffer, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  yield line;
  let index = 0;
  const frame = (plain: Buffer, isLast: boolean): Buffer => {
    const sealed = seal(key, place(line, index++, isLast), plain);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(sealed.length);
    return Buffer.concat([length, sealed]);
  };
  let waiting = Buffer.alloc(0);
  for await (const chunk of content) {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length > FRAME_BYTES) {
      yield frame(waiting.subarray(0, FRAME_BYTES), false);
      waiting = waiting.subarray(FRAME_BYTES);
    }
  }
  yield frame(waiting, true);
}

/** A file's header; `content` is for later, with the key. */
export interface OpenedFile {
  /** `null` where it is no backup of ours. */
  header: Header | null;
  /** @throws {UnreadableSecret} where a byte is not what was written, or something is missing. */
  content(key: Buffer): AsyncGenerator<Buffer>;
}

export async function openFile(bytes: AsyncIterable<Buffer>): Promise<OpenedFile> {
  const reader = new ByteReader(bytes);
  const line = await reader.line(MAX_HEADER_BYTES);
  return { header: parseHeader(line), content: (key) => unsealFrames(reader, line, key) };
}

async function* unsealFrames(reader: ByteReader, line: Buffer, key: Buffer): AsyncGenerator<Buffer> {
  for (let index = 0; ; index++) {
    const length = (await reader.exactly(LENGTH_BYTES)).readUInt32BE();
    if (length > 2 * FRAME_BYTES) throw new UnreadableSecret();
    const sealed = await reader.exactly(length);
    const isLast = await reader.isAtEnd();
    yield unseal(key, place(line, index, isLast), sealed);
    if (isLast) return;
  }
}

function parseHeader(line: Buffer): Header | null {
  try {
    return Header.safeParse(JSON.parse(line.toString())).data ?? null;
  } catch {
    return null;
  }
}

class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private held = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Buffer>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  /** Up to and with the first line feed; what is held where none comes soon. */
  async line(atMost: number): Promise<Buffer> {
    while (!this.held.includes(10) && this.held.length < atMost && (await this.more()));
    const end = this.held.indexOf(10);
    return this.take(end < 0 ? this.held.length : end + 1);
  }

  /** @throws {UnreadableSecret} where there are fewer. */
  async exactly(count: number): Promise<Buffer> {
    while (this.held.length < count) if (!(await this.more())) throw new UnreadableSecret();
    return this.take(count);
  }

  async isAtEnd(): Promise<boolean> {
    while (this.held.length === 0) if (!(await this.more())) return true;
    return false;
  }

  private take(count: number): Buffer {
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return taken;
  }

  private async more(): Promise<boolean> {
    const next = await this.source.next();
    if (next.done) return false;
    this.held = Buffer.concat([this.held, next.value]);
    return true;
  }
}
