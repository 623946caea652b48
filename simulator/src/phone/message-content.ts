import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** What a phone makes of a decrypted message. */
export type Content =
  | { kind: 'message'; text: string }
  /** An own companion's message to `chat`. */
  | { kind: 'copy'; chat: string; text: string }
  /** Keys, history, requests between own devices: nothing anybody reads. */
  | { kind: 'protocol' };

/** Throws when the bytes are no message. */
export function readContent(plain: Uint8Array): Content {
  const message = proto.Message.decode(plain);
  const copy = message.deviceSentMessage;
  if (copy?.message)
    return copy.message.protocolMessage
      ? { kind: 'protocol' }
      : { kind: 'copy', chat: copy.destinationJid ?? '', text: textOf(copy.message) };
  return message.protocolMessage ? { kind: 'protocol' } : { kind: 'message', text: textOf(message) };
}

function textOf(message: proto.IMessage): string {
  const { conversation, extendedTextMessage, imageMessage, videoMessage, documentMessage } = message;
  return (
    conversation ||
    extendedTextMessage?.text ||
    imageMessage?.caption ||
    videoMessage?.caption ||
    documentMessage?.caption ||
    ''
  );
}

export function encodeText(text: string): Uint8Array {
  return proto.Message.encode({ conversation: text }).finish();
}

export function encodeCopy(chat: string, text: string): Uint8Array {
  return proto.Message.encode({
    deviceSentMessage: { destinationJid: chat, message: { conversation: text } },
  }).finish();
}
