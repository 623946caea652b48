import type { TextLanguage } from '@koneksi/contracts/text-language';
import { Injectable } from '@nestjs/common';
import type { Wish } from './domain/wish.js';
import { HeldWishes } from './held-wishes.js';
import { OptOuts } from './opt-outs.js';

/** What somebody wrote to an outlet about hearing more. */
export interface WishTold {
  outletId: string;
  wish: Wish;
  /** What it was written in, as far as its words tell. */
  language: TextLanguage | null;
  /** When WhatsApp took it, in milliseconds since the epoch. */
  at: number;
}

/** What becomes of a wish, whenever the number of who has it is known: a sure one is obeyed, any other waits for a person. */
@Injectable()
export class Wishes {
  constructor(
    private readonly optOuts: OptOuts,
    private readonly heldWishes: HeldWishes,
  ) {}

  async take(number: string, { outletId, wish, language, at }: WishTold): Promise<void> {
    if (wish.kind === 'sure')
      await this.optOuts.recordFromCustomer({ number, outletId, keyword: wish.keyword, language, at });
    else await this.heldWishes.keep({ number, outletId, words: wish.words, at });
  }
}
