import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';

/** One conversation of a shop's past, newest message first. */
export interface PastChat {
  contact: Account;
  messages: proto.IHistorySyncMsg[];
}

const WORDS =
  'halo kak pesanan sudah kami terima barang masih ada harga promo bisa dikirim hari ini terima kasih alamat nomor resi sampai besok pagi warna hitam ukuran besar stok habis tunggu sebentar ya siap'.split(
    ' ',
  );
const MINUTE_S = 60;
/** One in so many is a picture, with a preview in it. */
const PICTURE_EVERY = 5;
const PREVIEW_BYTES = 1_500;

/** `count` messages spread over conversations with these people, the same ones each time, ending at `now` (seconds). */
export function pastChats(contacts: readonly Account[], count: number, now: number): PastChat[] {
  const chats = contacts.map((contact): PastChat => ({ contact, messages: [] }));
  for (let index = 0; index < count; index++) {
    const chat = chats[index % chats.length];
    chat?.messages.push({
      message: pastMessage(chat.contact, index, now - index * MINUTE_S),
      msgOrderId: count - index,
    });
  }
  return chats;
}

function pastMessage({ jid, profile }: Account, index: number, at: number): proto.IWebMessageInfo {
  const noise = noiseOf(`past ${index}`);
  const fromMe = noise.readUInt8(0) % 2 === 0;
  const text = textFrom(noise);
  const { Status } = proto.WebMessageInfo;
  return {
    key: { remoteJid: jid, fromMe, id: `3A${noise.toString('hex', 0, 9).toUpperCase()}` },
    messageTimestamp: at,
    status: fromMe ? Status.READ : Status.DELIVERY_ACK,
    ...(!fromMe && { pushName: profile.name }),
    message:
      index % PICTURE_EVERY === 0
        ? { imageMessage: { caption: text, mimetype: 'image/jpeg', jpegThumbnail: bytesFrom(noise, PREVIEW_BYTES) } }
        : { conversation: text },
  };
}

/** 4 to 35 words. */
function textFrom(noise: Buffer): string {
  const length = 4 + (noise.readUInt8(1) % 32);
  return Array.from({ length }, (_, at) => WORDS[noise.readUInt8(at % noise.length) % WORDS.length]).join(' ');
}

/** As hard to compress as a picture. */
function bytesFrom(noise: Buffer, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let size = 0; size < length; size += 64)
    parts.push(createHash('sha512').update(noise).update(`${size}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

function noiseOf(seed: string): Buffer {
  return createHash('sha256').update(seed).digest();
}
