import { AsyncLocalStorage } from 'node:async_hooks';
import {
  decodeMessageNode,
  isJidGroup,
  MISSING_KEYS_ERROR_TEXT,
  type AuthenticationCreds,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys';
import type { Logger } from '@nestjs/common';
import { InboundCanary } from './patches/inbound-canary.js';
import { gateInbound } from './patches/inbound-gate.js';
import { InboundTexts, type InboundText } from './inbound-text.js';
import type { LeanHistory } from './patches/lean-history.js';
import { watchPhone } from './phone-signs.js';

interface InboundOptions {
  creds: AuthenticationCreds;
  logger: Logger;
  /** Milliseconds that only ever grow. */
  now: () => number;
  wall: () => number;
  groups: boolean;
  setAside: ReadonlySet<string>;
  history: LeanHistory;
  /** The phone is not asked for this message. */
  notAskedFor: (id: string) => void;
  findNumber: (alias: string) => Promise<string | null>;
  onText: (inbound: InboundText) => Promise<unknown>;
  onPhoneSeen: (at: number) => void;
  /** What follows from a message was not recorded in time: WhatsApp must hand it over again. */
  onUnrecorded: () => void;
}

/** Everything WhatsApp hands over to one socket, before and beside Baileys. */
export class Inbound {
  readonly canary: InboundCanary;
  private readonly texts: InboundTexts;
  /** What each ciphertext came in. Baileys decrypts the very bytes of the stanza. */
  private readonly envelopes = new WeakMap<Uint8Array, BinaryNode['attrs']>();

  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly socket: WASocket,
    private readonly options: InboundOptions,
  ) {
    const { ws } = socket;
    this.canary = new InboundCanary(options.now, () => options.creds);
    this.texts = new InboundTexts(socket, options.logger, options.findNumber, options.onText);
    ws.prependListener('CB:message', (node: BinaryNode) => this.remember(node));
    watchPhone(ws, options.creds, options.wall, options.onPhoneSeen);
    // Around all that listen by now.
    gateInbound(ws, { ...options, canary: this.canary, send: (stanza) => socket.sendNode(stanza) });
  }

  /**
   * A message was decrypted, or could not be, and why. Settles once what follows from it is recorded, with what Baileys is
   * to get in its stead, if anything. @throws where it was not
   */
  async tried(ciphertext: Uint8Array, plain: Uint8Array | null, failure?: unknown): Promise<Uint8Array | null> {
    const envelope = this.envelopes.get(ciphertext);
    if (!envelope) return null;
    try {
      if (!plain) this.askForIt(envelope, failure);
      else await this.texts.decrypted(envelope, plain);
      return plain && (await this.options.history.take(envelope, plain));
    } catch (error) {
      this.options.logger.error('A message is not read yet: what follows from it could not be recorded');
      this.options.onUnrecorded();
      throw error;
    } finally {
      this.canary.tried(envelope['id']);
    }
  }

  /**
   * rc14 asks the phone for what it cannot read, and reads nothing else for the two seconds it waits before each. So it is
   * asked beside that, which rc14 then leaves out; groups have the writer's second try alone, since nobody here records what
   * is said in them.
   */
  private askForIt(envelope: BinaryNode['attrs'], failure: unknown): void {
    const { me } = this.options.creds;
    if (isJidGroup(envelope['from'])) return this.options.notAskedFor(envelope['id'] ?? '');
    // What was read before is not asked for.
    if (!me || envelope['category'] === 'peer' || String(failure).includes(MISSING_KEYS_ERROR_TEXT)) return;
    const { fullMessage } = decodeMessageNode({ tag: 'message', attrs: envelope }, me.id, me.lid ?? '');
    // Outside the transaction of the keys that could not read it.
    this.outside(() => this.socket.requestPlaceholderResend(fullMessage.key)).catch(() =>
      this.options.logger.debug('The phone was not asked for a message'),
    );
  }

  private remember({ attrs, content }: BinaryNode): void {
    if (!Array.isArray(content)) return;
    for (const { tag, content: bytes } of content)
      if (tag === 'enc' && bytes instanceof Uint8Array) this.envelopes.set(bytes, attrs);
  }
}
