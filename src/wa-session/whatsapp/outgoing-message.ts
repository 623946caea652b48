import type { OutgoingMessage, SendOutcome } from '../messenger.js';
import type { Answers } from './answers.js';
import { askingBeforeTheWire } from './patches/before-the-wire.js';

/** Whoever made the message ready did not let it go. */
class HeldBack extends Error {}

/** What a message needs of the socket it leaves over. */
export interface Wire {
  framesWritten(): number;
  answers: Answers;
}

/** A message that Baileys encrypts at once and writes when it may leave. */
export class BaileysOutgoingMessage implements OutgoingMessage {
  private readonly encrypted = Promise.withResolvers<void>();
  private readonly gate = Promise.withResolvers<void>();
  /** What Baileys made of it; `null` once it is written. */
  private readonly relayed: Promise<Error | null>;

  constructor(
    private readonly wire: Wire,
    private readonly messageId: string,
    relay: () => Promise<unknown>,
  ) {
    this.gate.promise.catch(() => undefined);
    const ask = (): Promise<void> => {
      this.encrypted.resolve();
      return this.gate.promise;
    };
    this.relayed = askingBeforeTheWire(ask, relay).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error('the socket ended')),
    );
  }

  async leave(mayLeave: () => Promise<boolean>, withinMs: number): Promise<SendOutcome> {
    const { wire } = this;
    const { answers } = wire;
    const failed = await Promise.race([this.encrypted.promise, this.relayed, answers.ended]);
    if (failed) return { kind: 'not-sent' };
    if (answers.over || !(await this.isAllowed(mayLeave)) || answers.over) return this.hold();
    const framesBefore = wire.framesWritten();
    const answer = answers.next(this.messageId, withinMs);
    this.gate.resolve();
    // The answer can come before Baileys is done with what follows the sending.
    const broken = await Promise.race([this.relayed, answer.then(() => null)]);
    if (broken && wire.framesWritten() === framesBefore) return { kind: 'not-sent' };
    return (await answer) ?? { kind: 'uncertain' };
  }

  private async isAllowed(mayLeave: () => Promise<boolean>): Promise<boolean> {
    try {
      return await mayLeave();
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  drop(): void {
    this.hold();
  }

  private hold(): SendOutcome {
    this.gate.reject(new HeldBack());
    return { kind: 'held-back' };
  }
}
