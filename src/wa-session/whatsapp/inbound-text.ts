import {
  extractMessageContent,
  isLidUser,
  isPnUser,
  jidDecode,
  jidNormalizedUser,
  proto,
  unpadRandomMax16,
  type BaileysEventMap,
  type BinaryNode,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys';
import { createHash } from 'node:crypto';
import type { Logger } from '@nestjs/common';
import { withDeadline } from '../../common/deadline.js';
import { isMessageId } from './answers.js';
import { leanCache } from './patches/lean-cache.js';

/** A text someone wrote to the outlet. Nobody may log it, nor store it but sealed where that is switched on. */
export interface InboundText {
  /** WhatsApp's id of it. */
  messageId: string;
  /** The writer's number in digits, with country code; `null` where WhatsApp tells a LID alone that nobody knows. */
  number: string | null;
  /** As WhatsApp names the writer: `1234@lid`, `628…@s.whatsapp.net`. */
  alias: string;
  /** Empty where somebody sent a picture, a voice or the like without words. */
  text: string;
  /** The message it answers, by its id; `null` where it quotes none. */
  quotes: string | null;
  /** When it was written. Milliseconds since the epoch. */
  at: number;
}

/** WhatsApp may hand the same message over twice. */
const REMEMBERED_IDS = 500;
/** How long a message may wait, unacknowledged, for whoever records it. */
const RECORDED_WITHIN_MS = 5_000;

/** Settles once whoever needs the text has recorded what follows from it. */
type Tell = (inbound: InboundText) => Promise<unknown>;

/** Tells every text that people write to this account, each once; not those of groups, and not its own. */
export class InboundTexts {
  private readonly known = leanCache(REMEMBERED_IDS);

  constructor(
    private readonly socket: WASocket,
    logger: Logger,
    private readonly findNumber: (alias: string) => Promise<string | null>,
    private readonly tell: Tell,
  ) {
    socket.ev.on('messages.upsert', ({ messages }: BaileysEventMap['messages.upsert']) => {
      for (const message of messages) {
        if (!message.key.fromMe) this.take(message).catch(() => logger.debug('The writer of a message is not known'));
      }
    });
  }

  /**
   * Tells a text before Baileys keeps that it has read it and WhatsApp forgets it: if the process dies in between, the
   * message comes again and can be read again. What is no message says nothing.
   * @throws where what follows from it is not recorded in time: it must not count as read
   */
  async decrypted(envelope: BinaryNode['attrs'], plain: Uint8Array): Promise<void> {
    const { id, from, recipient, participant, category, sender_pn, sender_lid, t } = envelope;
    if (!id || recipient || participant || category) return;
    const message = decoded(plain);
    if (!message) return;
    const key = { id, remoteJid: from, remoteJidAlt: sender_pn ?? sender_lid };
    const taken = this.take({ key, message, messageTimestamp: Number(t ?? 0) });
    await withDeadline(taken, RECORDED_WITHIN_MS, 'recording a message');
  }

  private async take(message: WAMessage): Promise<void> {
    const { known } = this;
    const said = contentOf(message.message);
    const { id } = message.key;
    if (!said || !id || known.get(id)) return;
    const writer = await this.writerOf(message);
    if (!writer || known.get(id)) return;
    void known.set(id, true);
    const seconds = Number(message.messageTimestamp ?? 0);
    await this.tell({ messageId: keepableId(id), ...writer, ...said, at: seconds > 0 ? seconds * 1_000 : Date.now() });
  }

  /** WhatsApp names people by number or by LID; where only the LID is told, what was learned of it before helps. */
  private async writerOf({ key }: WAMessage): Promise<Pick<InboundText, 'number' | 'alias'> | null> {
    const jids = [key.remoteJid, key.remoteJidAlt].filter((jid) => typeof jid === 'string');
    const told = jids.find((jid) => isPnUser(jid));
    if (told) return { number: jidDecode(told)?.user ?? null, alias: jidNormalizedUser(told) };
    const lid = jids.find((jid) => isLidUser(jid));
    if (!lid) return null;
    const alias = jidNormalizedUser(lid);
    const known = await this.socket.signalRepository.lidMapping.getPNForLID(lid);
    return { number: jidDecode(known ?? undefined)?.user ?? (await this.findNumber(alias)), alias };
  }
}

/** Anybody may send bytes that are none. */
function decoded(plain: Uint8Array): proto.IMessage | null {
  try {
    return proto.Message.decode(unpadRandomMax16(plain));
  } catch {
    return null;
  }
}

/** What people read of it; of an edited message the new text, of a pressed button its words. `null`: nothing was said. */
function contentOf(message: proto.IMessage | null | undefined): Pick<InboundText, 'text' | 'quotes'> | null {
  const content = extractMessageContent(message);
  if (!content) return null;
  const edited = content.protocolMessage?.editedMessage;
  if (edited) return contentOf(edited);
  const { imageMessage, videoMessage, documentMessage, audioMessage, stickerMessage, locationMessage } = content;
  const { contactMessage, extendedTextMessage, buttonsResponseMessage, templateButtonReplyMessage } = content;
  const parts = [extendedTextMessage, imageMessage, videoMessage, documentMessage, audioMessage, stickerMessage];
  const part = [...parts, locationMessage, contactMessage, buttonsResponseMessage, templateButtonReplyMessage].find(
    (each) => each,
  );
  if (!part && !content.conversation) return null;
  const text =
    content.conversation ||
    extendedTextMessage?.text ||
    imageMessage?.caption ||
    videoMessage?.caption ||
    documentMessage?.caption ||
    buttonsResponseMessage?.selectedDisplayText ||
    templateButtonReplyMessage?.selectedDisplayText ||
    '';
  return { text, quotes: quotedBy(part?.contextInfo) };
}

/** What others write there may be anything, and what they say counts all the same. */
const keepableId = (id: string): string => (isMessageId(id) ? id : createHash('sha256').update(id).digest('hex'));

/** The same holds here. */
function quotedBy(context: proto.IContextInfo | null | undefined): string | null {
  const id = context?.stanzaId;
  return typeof id === 'string' && isMessageId(id) ? id : null;
}
