import { Injectable } from '@nestjs/common';

/** What came from WhatsApp and was never read, counted since the start. */
@Injectable()
export class GivenUp {
  /** Stanzas that held up all others again and again, and were acknowledged unread. */
  mail = 0;
  /** Parts of histories that cannot be read, or were not for as long as WhatsApp keeps them. */
  histories = 0;
}
