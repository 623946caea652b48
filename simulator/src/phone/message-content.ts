import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { asksForAppStateKey } from '../session/peer-messages.js';
import type { Film, Preview } from './phone.js';
import type { MediaReference } from '../media/media-cipher.js';

/** A file as a message names it. */
export interface FileReference extends MediaReference {
  mimeType: string;
  fileName: string | null;
  film: Film | null;
}

/** What a phone makes of a decrypted message. */
export type Content =
  | { kind: 'message'; text: string; preview: Preview | null; file: FileReference | null }
  /** An own companion's message to `chat`. */
  | { kind: 'copy'; chat: string; text: string }
  /** Keys, history, requests between own devices: nothing anybody reads. */
  | { kind: 'protocol'; asksForKey: boolean };

/** Throws when the bytes are no message. */
export function readContent(plain: Uint8Array): Content {
  const message = proto.Message.decode(plain);
  const copy = message.deviceSentMessage;
  if (copy?.message)
    return copy.message.protocolMessage
      ? { kind: 'protocol', asksForKey: asksForAppStateKey(copy.message) }
      : { kind: 'copy', chat: copy.destinationJid ?? '', text: textOf(copy.message) };
  return message.protocolMessage
    ? { kind: 'protocol', asksForKey: asksForAppStateKey(message) }
    : { kind: 'message', text: textOf(message), preview: previewOf(message), file: fileOf(message) };
}

/** A phone shows none without a title, and none of a link that does not stand in the text. */
function previewOf({ extendedTextMessage }: proto.IMessage): Preview | null {
  const { matchedText, title, description, text } = extendedTextMessage ?? {};
  return matchedText && title && text?.includes(matchedText)
    ? { matchedText, title, description: description ?? '' }
    : null;
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

function fileOf({ imageMessage, videoMessage, documentMessage }: proto.IMessage): FileReference | null {
  const file = imageMessage ?? videoMessage ?? documentMessage;
  if (!file) return null;
  return {
    kind: imageMessage ? 'image' : videoMessage ? 'video' : 'document',
    mimeType: file.mimetype ?? '',
    fileName: documentMessage?.fileName ?? null,
    film: videoMessage
      ? {
          seconds: videoMessage.seconds ?? 0,
          width: videoMessage.width ?? 0,
          height: videoMessage.height ?? 0,
          thumbnail: videoMessage.jpegThumbnail?.length ? Buffer.from(videoMessage.jpegThumbnail) : null,
        }
      : null,
    directPath: file.directPath ?? '',
    mediaKey: file.mediaKey ?? new Uint8Array(),
    fileSha256: file.fileSha256 ?? new Uint8Array(),
    fileEncSha256: file.fileEncSha256 ?? new Uint8Array(),
    fileLength: Number(file.fileLength ?? 0),
  };
}

/** What a phone writes: words, or a sticker where there are none, and the message it answers. */
export interface Written {
  text: string;
  quotes: string | null;
}

export function encodeText(written: Written): Uint8Array {
  return proto.Message.encode(messageOf(written)).finish();
}

export function encodeCopy(chat: string, written: Written): Uint8Array {
  return proto.Message.encode({
    deviceSentMessage: { destinationJid: chat, message: messageOf(written) },
  }).finish();
}

function messageOf({ text, quotes }: Written): proto.IMessage {
  const contextInfo = quotes === null ? {} : { contextInfo: { stanzaId: quotes, quotedMessage: { conversation: '' } } };
  if (text === '') return { stickerMessage: { mimetype: 'image/webp', ...contextInfo } };
  return quotes === null ? { conversation: text } : { extendedTextMessage: { text, ...contextInfo } };
}
