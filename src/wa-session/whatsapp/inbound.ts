import { isJidGroup, type AuthenticationCreds, type BinaryNode, type WASocket } from '@whiskeysockets/baileys';
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
}

/** Everything WhatsApp hands over to one socket, before and beside Baileys. */
export class Inbound {
  readonly canary: InboundCanary;
  private readonly texts: InboundTexts;
  /** What each ciphertext came in. Baileys decrypts the very bytes of the stanza. */
  private readonly envelopes = new WeakMap<Uint8Array, BinaryNode['attrs']>();

  constructor(
    socket: WASocket,
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
   * A message was decrypted, or could not be. Settles once what follows from it is recorded, with what Baileys is to get
   * in its stead, if anything.
   */
  async tried(ciphertext: Uint8Array, plain: Uint8Array | null): Promise<Uint8Array | null> {
    const envelope = this.envelopes.get(ciphertext);
    if (!envelope) return null;
    try {
      // rc14 asks the phone for what it cannot read, and reads nothing else for two seconds before each; groups have
      // the writer's second try, and nobody here records what is said in them.
      if (!plain && isJidGroup(envelope['from'])) this.options.notAskedFor(envelope['id'] ?? '');
      if (plain) await this.texts.decrypted(envelope, plain);
      return plain && (await this.options.history.take(envelope, plain));
    } finally {
      this.canary.tried(envelope['id']);
    }
  }

  private remember({ attrs, content }: BinaryNode): void {
    if (!Array.isArray(content)) return;
    for (const { tag, content: bytes } of content)
      if (tag === 'enc' && bytes instanceof Uint8Array) this.envelopes.set(bytes, attrs);
  }
}
