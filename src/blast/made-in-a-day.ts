import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { isOver, Limiters, refused, type Limiter } from '../common/limiters.js';

const DAY_SECONDS = 24 * 60 * 60;
/** One a minute, and more. */
const BLASTS = 2_000;
/** A blast to all customers of a chain, and that three times over because of slips. */
const RECIPIENTS = 10_000_000;
/** As often to as many as their outlets may have. */
const RECIPIENTS_OF_USER = 1_000_000;

/**
 * What one caller makes in a day. Quotas bound what has not ended; but whatever is canceled or replaced at once leaves its
 * rows as well, and made over and over it would fill the disk of all.
 */
@Injectable()
export class MadeInADay {
  private readonly blasts: Limiter;
  private readonly recipients: Limiter;
  private readonly recipientsOfUser: Limiter;

  constructor(limiters: Limiters) {
    const aDay = (keyPrefix: string, points: number): Limiter =>
      limiters.of({ keyPrefix, points, duration: DAY_SECONDS });
    this.blasts = aDay('blasts-a-day', BLASTS);
    this.recipients = aDay('recipients-a-day', RECIPIENTS);
    this.recipientsOfUser = aDay('user-recipients-a-day', RECIPIENTS_OF_USER);
  }

  /** For one more blast with so many recipients. @throws {TooManyAttempts} */
  async take({ id, role }: Caller, recipients: number): Promise<void> {
    const asked: [limiter: Limiter, points: number][] = [
      [this.blasts, 1],
      [role === 'USER' ? this.recipientsOfUser : this.recipients, recipients],
    ];
    const tried = await Promise.all(asked.map(([limiter, points]) => limiter.penalty(id, points)));
    const over = asked.findIndex(([limiter], index) => isOver(tried[index]!, limiter));
    if (over < 0) return;
    await Promise.all(asked.map(([limiter, points]) => limiter.reward(id, points)));
    throw refused(tried[over]!, asked[over]![0]);
  }
}
