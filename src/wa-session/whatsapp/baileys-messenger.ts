import {
  jidDecode,
  jidNormalizedUser,
  prepareWAMessageMedia,
  proto,
  isLidUser,
  type AnyMediaMessageContent,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys';
import { randomBytes } from 'node:crypto';
import { linkPreviewOf } from '@koneksi/contracts/link-preview';
import type { Messenger, OutgoingMedia, OutgoingMessage, Proof } from '../messenger.js';
import type { Learned } from '../number-book.js';
import type { Answers } from './answers.js';
import { InOrder } from './in-order.js';
import { leanCache } from './patches/lean-cache.js';
import { BaileysOutgoingMessage } from './outgoing-message.js';
import type { PrivacyTokens } from './privacy-tokens.js';

const jidOf = (number: string): string => `${number}@s.whatsapp.net`;

const REMEMBERED_MESSAGES = 256;

/** Sends over one Baileys socket, for as long as it lives. */
export class BaileysMessenger implements Messenger {
  private framesWritten = 0;
  /** To whom the latest messages went, by their ids. */
  private readonly sentTo = leanCache(REMEMBERED_MESSAGES);
  /** One that overtook another would hold Baileys' lock until it may leave, which is after the other. */
  private readonly relays = new InOrder();

  constructor(
    private readonly socket: WASocket,
    private readonly answers: Answers,
    private readonly tokens: PrivacyTokens,
    private readonly onLearned: (learned: readonly Learned[]) => Promise<unknown>,
  ) {
    socket.ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => this.learnFrom(attrs));
    // Baileys keeps its own `send` from before, so the frames are counted one layer below.
    const wire = (socket.ws as unknown as { socket: { send(...parts: unknown[]): void } | null }).socket;
    if (!wire) return;
    const write = wire.send.bind(wire);
    wire.send = (...parts) => {
      this.framesWritten++;
      write(...parts);
    };
  }

  async onWhatsApp(numbers: readonly string[]): Promise<Map<string, boolean>> {
    const answer = await this.socket.onWhatsApp(...numbers);
    const found = new Set(answer?.map(({ jid }) => jidDecode(jid)?.user ?? ''));
    await this.learnWriting(numbers, found);
    // rc14 names those alone that are there; where WhatsApp writes a number differently than we do, nothing is proved.
    const isComplete = answer !== undefined && [...found].every((number) => numbers.includes(number));
    return new Map(
      numbers.filter((number) => isComplete || found.has(number)).map((number) => [number, found.has(number)]),
    );
  }

  async prepare(numbers: readonly string[]): Promise<void> {
    const { me } = this.socket.authState.creds;
    if (!me) return;
    const own = jidNormalizedUser(me.id);
    const devices = await this.socket.getUSyncDevices([own, ...numbers.map(jidOf)], true, false);
    await this.readAhead(devices.map(({ jid }) => jid));
    await this.socket.assertSessions(devices.map(({ jid }) => jid).filter((jid) => jid !== me.id && jid !== me.lid));
  }

  /** Baileys reads what it knows of each device by itself; read together, it is at hand. */
  private async readAhead(jids: string[]): Promise<void> {
    const { authState, signalRepository } = this.socket;
    const lids = await signalRepository.lidMapping.getLIDsForPNs(jids);
    const wireJids = new Map(lids?.map(({ pn, lid }) => [pn, lid]));
    const named = jids.map((jid) => wireJids.get(jid) ?? jid);
    const people = [...new Set(named.map((jid) => jidNormalizedUser(jid)))];
    const addresses = named.map((jid) => signalRepository.jidToSignalProtocolAddress(jid));
    await Promise.all([authState.keys.get('session', addresses), authState.keys.get('tctoken', people)]);
  }

  async upload({ kind, mimeType, fileName, content, film }: OutgoingMedia): Promise<Uint8Array> {
    const message: AnyMediaMessageContent =
      kind === 'image'
        ? { image: content, mimetype: mimeType }
        : kind === 'video'
          ? // Baileys would look for a program to draw a frame with.
            { video: content, mimetype: mimeType, jpegThumbnail: '' }
          : { document: content, mimetype: mimeType, fileName };
    const prepared = await prepareWAMessageMedia(message, { upload: this.socket.waUploadToServer });
    if (film) Object.assign(prepared.videoMessage ?? {}, film);
    return proto.Message.encode(prepared).finish();
  }

  compose(text: string, uploaded: Uint8Array | null): Uint8Array {
    const { imageMessage, videoMessage, documentMessage } = uploaded ? proto.Message.decode(uploaded) : {};
    const caption = text === '' ? {} : { caption: text };
    return proto.Message.encode({
      ...(imageMessage && { imageMessage: { ...imageMessage, ...caption } }),
      ...(videoMessage && { videoMessage: { ...videoMessage, ...caption } }),
      ...(documentMessage && { documentMessage: { ...documentMessage, ...caption } }),
      ...(!uploaded && { extendedTextMessage: { text, ...linkPreviewOf(text) } }),
      messageContextInfo: { messageSecret: randomBytes(32) },
    }).finish();
  }

  begin(number: string, messageId: string, content: Uint8Array): OutgoingMessage {
    const message = proto.Message.decode(content);
    const wire = { framesWritten: () => this.framesWritten, answers: this.answers };
    const jid = jidOf(number);
    // Before anything is sent: reading tokens within is how the sending asks for leave.
    const nodes = this.tokens.nodesFor(jid).catch(() => []);
    void this.sentTo.set(messageId, number);
    return new BaileysOutgoingMessage(wire, messageId, async () => {
      await this.relays.begin(nodes, (additionalNodes) =>
        this.socket.relayMessage(jid, message, { messageId, ...(additionalNodes.length > 0 && { additionalNodes }) }),
      );
      this.tokens.issue(jid).catch(() => undefined);
    });
  }

  proofFor(number: string): Promise<Proof> {
    return this.tokens.proofFor(jidOf(number));
  }

  /** WhatsApp answers by LID what was sent to a number. */
  private learnFrom({ id, from }: BinaryNode['attrs']): void {
    const number = id === undefined ? undefined : this.sentTo.get<string>(id);
    if (typeof number !== 'string' || !from || !isLidUser(from)) return;
    const { lidMapping } = this.socket.signalRepository;
    lidMapping.storeLIDPNMappings([{ lid: jidNormalizedUser(from), pn: jidOf(number) }]).catch(() => undefined);
  }

  /** WhatsApp may write a number differently than we do, such as without a ninth digit: its people answer by that one. */
  private async learnWriting(numbers: readonly string[], found: ReadonlySet<string>): Promise<void> {
    const unmatched = numbers.filter((number) => !found.has(number));
    const others = [...found].filter((number) => number !== '' && !numbers.includes(number));
    const [[number], [other]] = [unmatched, others];
    // With several of each nobody can say which is which.
    if (unmatched.length !== 1 || others.length !== 1 || !number || !other) return;
    await this.onLearned([{ alias: jidOf(other), number }]).catch(() => undefined);
  }
}
