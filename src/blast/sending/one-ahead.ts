import type { Messenger, OutgoingMessage } from '../../wa-session/messenger.js';
import type { ReadyMessage } from './message-maker.js';

export interface Begun {
  message: ReadyMessage;
  outgoing: OutgoingMessage;
}

/** Messages in order, of which the next may be made ready before its turn. */
export class OneAhead {
  private place = 0;
  private begun: Begun | null = null;

  constructor(
    private readonly messenger: Messenger,
    private readonly messages: readonly ReadyMessage[],
  ) {}

  /** The one whose turn it is; `null` after the last. */
  next(): Begun | null {
    this.begin();
    const { begun } = this;
    this.begun = null;
    return begun;
  }

  /** Makes the next one ready, where there is one. */
  begin(): void {
    const message = this.messages[this.place];
    if (this.begun || !message) return;
    this.place++;
    const { number, messageId, content } = message;
    this.begun = { message, outgoing: this.messenger.begin(number, messageId, content) };
  }

  /** Lets go of what was made ready and is not wanted any more. */
  drop(): void {
    this.begun?.outgoing.drop();
    this.begun = null;
  }
}
