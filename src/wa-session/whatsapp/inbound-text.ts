import {
  extractMessageContent,
  isLidUser,
  isPnUser,
  jidDecode,
  type BaileysEventMap,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys';
import type { Logger } from '@nestjs/common';
import { leanCache } from './lean-cache.js';

/** A text someone wrote to the outlet. It stays in memory: nobody may log or store it. */
export interface InboundText {
  /** The writer's number in digits, with country code. */
  number: string;
  text: string;
  /** When it was written. Milliseconds since the epoch. */
  at: number;
}

/** WhatsApp may hand the same message over twice. */
const REMEMBERED_IDS = 500;

/** Tells every text that people write to this account, each once; not those of groups, and not its own. */
export function listenForTexts(socket: WASocket, logger: Logger, tell: (inbound: InboundText) => void): void {
  const known = leanCache(REMEMBERED_IDS);
  const take = async (message: WAMessage): Promise<void> => {
    const text = textOf(message);
    const { id } = message.key;
    if (!text || !id || known.get(id)) return;
    const number = await writerOf(message, socket);
    if (!number || known.get(id)) return;
    void known.set(id, true);
    const seconds = Number(message.messageTimestamp ?? 0);
    tell({ number, text, at: seconds > 0 ? seconds * 1_000 : Date.now() });
  };
  socket.ev.on('messages.upsert', ({ messages }: BaileysEventMap['messages.upsert']) => {
    for (const message of messages) {
      if (!message.key.fromMe) take(message).catch(() => logger.debug('The writer of a message could not be found'));
    }
  });
}

function textOf(message: WAMessage): string | null {
  const content = extractMessageContent(message.message);
  if (!content) return null;
  const { conversation, extendedTextMessage, imageMessage, videoMessage, documentMessage } = content;
  return (
    conversation ||
    extendedTextMessage?.text ||
    imageMessage?.caption ||
    videoMessage?.caption ||
    documentMessage?.caption ||
    null
  );
}

/** WhatsApp names people by number or by LID; where only the LID is told, what was learned of it before helps. */
async function writerOf({ key }: WAMessage, socket: WASocket): Promise<string | null> {
  const jids = [key.remoteJid, key.remoteJidAlt];
  const told = jids.find((jid) => isPnUser(jid ?? undefined));
  const lid = jids.find((jid) => isLidUser(jid ?? undefined));
  const known = told ?? (lid ? await socket.signalRepository.lidMapping.getPNForLID(lid) : null);
  return known ? (jidDecode(known)?.user ?? null) : null;
}
