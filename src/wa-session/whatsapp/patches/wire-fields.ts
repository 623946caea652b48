/** How the value of a field is written in a protobuf message. */
export const WIRE = { VARINT: 0, FIXED64: 1, BYTES: 2, FIXED32: 5 };

export interface Head {
  field: number;
  wire: number;
  /** The value of a varint, else how many bytes follow. */
  value: number;
  /** Where what follows begins. */
  at: number;
}

/** What the bytes begin with; `null` where it is not all there. @throws where it is no message */
export function readHead(bytes: Buffer): Head | null {
  const tag = readVarint(bytes, 0);
  if (!tag) return null;
  const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
  if (wire === WIRE.FIXED64) return { field, wire, value: 8, at: tag.end };
  if (wire === WIRE.FIXED32) return { field, wire, value: 4, at: tag.end };
  if (wire !== WIRE.VARINT && wire !== WIRE.BYTES) throw new Error('not a protobuf message');
  const value = readVarint(bytes, tag.end);
  return value && { field, wire, value: value.value, at: value.end };
}

/** The fields of bytes in a message that is all there, the last where one comes twice. @throws where it is none */
export function bytesFields(message: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < message.length;) {
    const head = readHead(message.subarray(at));
    if (!head) throw new Error('not a protobuf message');
    const from = at + head.at;
    at = head.wire === WIRE.VARINT ? from : from + head.value;
    if (at > message.length) throw new Error('not a protobuf message');
    if (head.wire === WIRE.BYTES) found.set(head.field, message.subarray(from, at));
  }
  return found;
}

function readVarint(bytes: Buffer, from: number): { value: number; end: number } | null {
  let value = 0;
  for (let at = from, factor = 1; at < bytes.length && at < from + 10; at++, factor *= 128) {
    const byte = bytes.readUInt8(at);
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return null;
}
