import type { NewChats } from '../../wa-session/domain/new-chats.js';
import type { Answers } from '../domain/refusals.js';

/** What a sender remembers of one outlet between its turns; a restart forgets it without harm. */
export class OutletMemory {
  answers: Answers = [];
  /** When WhatsApp was last asked what it allows. This and what follows by the monotonic clock. */
  limitsAskedAt = Number.NEGATIVE_INFINITY;
  /** When what it said then ends. */
  limitsEndAt = Number.POSITIVE_INFINITY;
  /** No message before. */
  restUntil = Number.NEGATIVE_INFINITY;
  /** Under which claim of the outlet the pause of whoever sent before is known. */
  private pacedUnder: string | null = null;
  /** Something changed that the turn under way has not looked at. */
  isWoken = false;
  /** What WhatsApp said last of new chats, and how many were begun since. */
  toldOfNewChats: NewChats | null = null;
  begunSince = 0;
  /** How often a recipient's message did not even leave, by blast and place in it. */
  readonly notSent = new Map<string, number>();
  /** What each message with a file begins with, by the file's id. */
  readonly uploads = new Map<string, Uint8Array>();
  failedUploads = 0;

  /** Whoever had the outlet before this claim may have sent a moment ago: its pause goes on, until then at most. */
  takeUpPace(epoch: string, restUntil: number): void {
    if (this.pacedUnder === epoch) return;
    this.pacedUnder = epoch;
    // What was begun under other claims since WhatsApp was asked is not known here.
    this.limitsAskedAt = Number.NEGATIVE_INFINITY;
    this.restUntil = Math.max(this.restUntil, restUntil);
  }

  /** How many new chats were begun since WhatsApp said this. */
  begunAfter(word: NewChats | null): number {
    if (this.toldOfNewChats !== word) {
      this.toldOfNewChats = word;
      this.begunSince = 0;
    }
    return this.begunSince;
  }
}
