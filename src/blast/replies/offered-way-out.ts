import { Injectable, type OnModuleInit } from '@nestjs/common';
import { readOffered } from '../../consent/domain/offered-words.js';
import { unsure } from '../../consent/domain/wish.js';
import { InboundWishes, type Answered, type Written } from '../../consent/inbound-wishes.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { BLAST_MET_SQL, OFFERED_LATELY_SQL } from './reply-sql.js';

interface Met {
  number: string;
  words: string[] | null;
  unsure: string[] | null;
  /** Whether it is this blast that they answer. */
  is_answered: boolean;
}

/**
 * Knows the words that a blast itself named for hearing no more, `Balas TIDAK untuk berhenti`, or for declining, `Balas TIDAK
 * jika tidak tertarik`: they mean it to whoever was sent that blast, and nothing to anybody else.
 */
@Injectable()
export class OfferedWayOut implements OnModuleInit {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly inbound: InboundWishes,
  ) {}

  onModuleInit(): void {
    this.inbound.onAnswer((written) => this.read(written));
  }

  private async read({ outletId, number, text, quotes, at }: Written): Promise<Answered> {
    const readBy = readOffered(text);
    if (!readBy) return { number, wish: null };
    // Of whom WhatsApp tells no number, what they quote may tell it.
    const isKnown = number !== null || quotes !== null;
    const met = isKnown
      ? await this.dataSource.query<Met[]>(BLAST_MET_SQL, [outletId, number, quotes, new Date(at)])
      : [];
    const answered = met.find(({ is_answered }) => is_answered);
    const wish = answered ? readBy(answered.words ?? [], answered.unsure ?? []) : null;
    // An answer that comes late, or after another blast, may be to something else.
    const later = met
      .map(({ words, unsure: declining }) => words && readBy(words, declining ?? []))
      .find((each) => each !== null);
    const told = wish ?? unsure(later ?? null);
    const theirs = number ?? met[0]?.number ?? null;
    if (told || number !== null) return { number: theirs, wish: told };
    const rows = await this.dataSource.query<{ word: string }[]>(OFFERED_LATELY_SQL, [outletId, new Date(at)]);
    return { number: theirs, wish: rows.length > 0 ? unsure(readBy(rows.map(({ word }) => word))) : null };
  }
}
