import type { Answers } from '../domain/refusals.js';

/** What a sender remembers of one outlet between its turns; a restart forgets it without harm. */
export class OutletMemory {
  answers: Answers = [];
  /** When WhatsApp was last asked what it allows. Milliseconds since the epoch. */
  limitsAskedAt = Number.NEGATIVE_INFINITY;
  /** No message before. Milliseconds since the epoch. */
  restUntil = Number.NEGATIVE_INFINITY;
  /** Something changed that the turn under way has not looked at. */
  isWoken = false;
  newChatsLeft: number | null = null;
  newChatsAgainAt: number | null = null;
  /** How often a recipient's message did not even leave, by blast and place in it. */
  readonly notSent = new Map<string, number>();
  /** What each message with a file begins with, by the file's id. */
  readonly uploads = new Map<string, Uint8Array>();
  failedUploads = 0;
}
