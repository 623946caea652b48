import { languageOf } from '@koneksi/contracts/text-language';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EventBus, type Facts } from '../../common/event-bus.js';
import { isRefused } from '../../common/postgres-errors.js';
import { keptOnceItWorks } from '../../common/until-it-works.js';
import { readOffered } from '../../consent/domain/offered-words.js';
import type { Wish } from '../../consent/domain/wish.js';
import { PendingWishes } from '../../consent/pending-wishes.js';
import { Wishes } from '../../consent/wishes.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { BLAST_MET_SQL, OFFERED_LATELY_SQL } from './reply-sql.js';

const RETRY_MS = 1_000;
/** Whoever writes one of a few words writes little. UTF-16 units. */
const BRIEF = 80;

interface Met {
  number: string;
  words: string[] | null;
  /** Whether it is this blast that they answer. */
  is_answered: boolean;
}

type Written = Pick<Facts['message.received'], 'outletId' | 'text' | 'quotes' | 'at'>;

/**
 * Obeys the words that a blast itself named for hearing no more, `Balas TIDAK untuk berhenti`: they mean it to whoever
 * was sent that blast, and nothing to anybody else.
 */
@Injectable()
export class OfferedWayOut implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Blast');
  private readonly stopped = new AbortController();

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly wishes: Wishes,
    private readonly pending: PendingWishes,
    private readonly bus: EventBus,
  ) {}

  onModuleInit(): void {
    this.bus.on('message.received', ({ number, waitFor, ...written }) => {
      if (begins(written.text)) waitFor(this.keep(() => this.take(number, written)));
    });
    this.bus.on('message.unattributed', ({ alias, waitFor, ...written }) => {
      if (begins(written.text)) waitFor(this.keep(() => this.takeOf(alias, written)));
    });
  }

  beforeApplicationShutdown(): void {
    this.stopped.abort();
  }

  /** Whether anything of a blast was answered by it. */
  private async take(number: string | null, { outletId, text, quotes, at }: Written): Promise<boolean> {
    const met = await this.dataSource.query<Met[]>(BLAST_MET_SQL, [outletId, number, quotes, new Date(at)]);
    const answered = met.find(({ is_answered }) => is_answered);
    const wish = answered ? read(text, answered.words ?? []) : null;
    // An answer that comes late, or after another blast, may be to something else.
    const later = met.flatMap(({ words }) => (words ? [read(text, words)] : [])).find((each) => each !== null);
    const told = wish ?? unsure(later ?? null);
    if (told) await this.wishes.take(met[0]!.number, { outletId, wish: told, language: languageOf(text), at });
    return told !== null;
  }

  /** Of whom WhatsApp tells no number: what they quote tells it, or else it waits until one is known. */
  private async takeOf(alias: string, written: Written): Promise<void> {
    const { outletId, text, quotes, at } = written;
    if (quotes !== null && (await this.take(null, written))) return;
    const rows = await this.dataSource.query<{ word: string }[]>(OFFERED_LATELY_SQL, [outletId, new Date(at)]);
    const words = rows.map(({ word }) => word);
    const wish = unsure(read(text, words));
    if (wish && rows.length > 0) await this.pending.keep(alias, { outletId, wish, language: languageOf(text), at });
  }

  /** Until the database takes it; what it refuses for what it says is let go. */
  private keep(work: () => Promise<unknown>): Promise<void> {
    const unlessRefused = (error: unknown): void => {
      if (!isRefused(error)) throw error;
      this.logger.error('A wish by the word of a blast cannot be stored: PostgreSQL refuses it');
    };
    return keptOnceItWorks(() => work().catch(unlessRefused), { pauseMs: RETRY_MS, signal: this.stopped.signal });
  }
}

/** What may be one of a few words: all that was written, or what stands before the rest of it. */
function begins(text: string): string {
  const whole = text.trim();
  const first = whole.length <= BRIEF ? whole : whole.split(/[.,!\n]/, 1)[0]!;
  return first.length <= BRIEF ? first : '';
}

/** Where more follows a word that is obeyed by itself, a person decides. */
function read(text: string, words: readonly string[]): Wish | null {
  const first = begins(text);
  const wish = readOffered(first, words);
  if (first === text.trim()) return wish;
  return wish?.kind === 'sure' ? unsure(wish) : null;
}

function unsure(wish: Wish | null): Wish | null {
  return wish?.kind === 'sure' ? { kind: 'unsure', words: 'stop' } : wish;
}
