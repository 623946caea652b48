/** The client's stream cannot be read; only its own connection is to be closed. */
export class MalformedStream extends Error {
  override readonly name = 'MalformedStream';
}

const ROUTING_MARK = Buffer.from('ED');
const CLIENT_MARK = Buffer.from('WA');
const CLIENT_HEADER_BYTES = 4;
const LENGTH_BYTES = 3;
const EMPTY = Buffer.alloc(0);

/** What precedes the first frame of a connection. */
export interface StreamHeader {
  /** "WA", 6, dictionary version: mixed into the Noise hash as prologue. */
  prologue: Buffer;
  /** The routing info the client replays from an earlier `edge_routing`; not part of the prologue. */
  routingInfo?: Buffer;
}

/**
 * Turns the bytes of a connection into frames, `u24 length || payload`.
 * Websocket message boundaries mean nothing: one message may hold several frames, or part of one.
 */
export class FrameReader {
  private pending: Buffer = EMPTY;
  private streamHeader: StreamHeader | undefined;

  constructor(private maxFrameBytes: number) {}

  /** Known once the first frame was read. */
  get header(): StreamHeader | undefined {
    return this.streamHeader;
  }

  /** A logged-in client may send larger frames than one that has not shown who it is. */
  allowFrames(maxFrameBytes: number): void {
    this.maxFrameBytes = maxFrameBytes;
  }

  push(bytes: Buffer): void {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
  }

  /** The next complete frame, or undefined until more bytes come. Throws MalformedStream. */
  next(): Buffer | undefined {
    if (!this.streamHeader) {
      this.streamHeader = this.readHeader();
      if (!this.streamHeader) return undefined;
    }
    if (this.pending.length < LENGTH_BYTES) return undefined;
    const length = this.pending.readUIntBE(0, LENGTH_BYTES);
    if (length > this.maxFrameBytes) throw new MalformedStream(`a frame of ${length} bytes`);
    const end = LENGTH_BYTES + length;
    if (this.pending.length < end) return undefined;
    const frame = this.pending.subarray(LENGTH_BYTES, end);
    this.pending = this.pending.length === end ? EMPTY : this.pending.subarray(end);
    return frame;
  }

  private readHeader(): StreamHeader | undefined {
    let offset = 0;
    let routingInfo: Buffer | undefined;
    if (this.startsWith(ROUTING_MARK)) {
      // "ED", 0, 1, u24 length, routing info
      if (this.pending.length < 7) return undefined;
      const length = this.pending.readUIntBE(4, LENGTH_BYTES);
      if (length > this.maxFrameBytes) throw new MalformedStream('routing info too long');
      offset = 7 + length;
      if (this.pending.length < offset + CLIENT_HEADER_BYTES) return undefined;
      routingInfo = Buffer.from(this.pending.subarray(7, offset));
    }
    const prologue = this.pending.subarray(offset, offset + CLIENT_HEADER_BYTES);
    if (prologue.length < CLIENT_HEADER_BYTES) return undefined;
    if (!prologue.subarray(0, 2).equals(CLIENT_MARK)) throw new MalformedStream('no WA header');
    this.pending = this.pending.subarray(offset + CLIENT_HEADER_BYTES);
    return { prologue: Buffer.from(prologue), ...(routingInfo && { routingInfo }) };
  }

  private startsWith(mark: Buffer): boolean {
    return this.pending.length >= mark.length && this.pending.subarray(0, mark.length).equals(mark);
  }
}

/** Puts the length in front of a payload. */
export function frame(payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, LENGTH_BYTES);
  bytes.set(payload, LENGTH_BYTES);
  return bytes;
}
