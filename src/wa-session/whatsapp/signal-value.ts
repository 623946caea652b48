import { BufferJSON, proto, type SignalDataTypeMap } from '@whiskeysockets/baileys';

const RAW = 1;
const JSON_TEXT = 0;

/** Bytes of one Signal key: raw where it is bytes already, JSON otherwise. */
export function encodeSignalValue(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.of(RAW), value]);
  return Buffer.concat([Buffer.of(JSON_TEXT), Buffer.from(JSON.stringify(value, BufferJSON.replacer))]);
}

/** The exact value that was encoded, alive again where Baileys wants a protobuf object. */
export function decodeSignalValue<Kind extends keyof SignalDataTypeMap>(
  kind: Kind,
  bytes: Buffer,
): SignalDataTypeMap[Kind] {
  // A copy: whoever gets the value may change it, and the bytes may be remembered.
  if (bytes[0] === RAW) return Buffer.from(bytes.subarray(1)) as unknown as SignalDataTypeMap[Kind];
  const value: unknown = JSON.parse(bytes.toString('utf8', 1), BufferJSON.reviver);
  if (kind !== 'app-state-sync-key') return value as SignalDataTypeMap[Kind];
  return proto.Message.AppStateSyncKeyData.fromObject(value as object) as unknown as SignalDataTypeMap[Kind];
}
