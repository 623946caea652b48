import type { KeptReply } from '@koneksi/contracts/blast-recipients';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { UnreadableSecret } from '../../common/sealing.js';
import { BlastKeys, type ReplyPlace, type WrappedKey } from '../blast-keys.js';

/** As the database answers them. */
export interface SealedWords {
  blast_id: string;
  wrapped_key: Buffer;
  outlet_id: string;
  message_id: string;
  words: Buffer;
}

interface Row extends SealedWords {
  seq: number | null;
  at: Date;
}

/** Of one customer, from whichever blast. */
export interface ToldReply {
  at: Date;
  outlet: string | null;
  text: string | null;
}

/** Whoever wrote it, and what; `null` where it was erased or purged meanwhile. */
export interface HandedOver {
  phone: string | null;
  name: string | null;
  text: string | null;
}

const COLUMNS = 'p.blast_id, b.wrapped_key, p.outlet_id, p.message_id, p.seq, p.at, p.words';

/** The words of replies, for whoever may read them. They are kept sealed by the key of the blast they answer. */
@Injectable()
export class ReplyWords {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: BlastKeys,
  ) {}

  seal(key: WrappedKey, place: ReplyPlace, words: string): Buffer {
    return this.keys.sealReply(key, place, words);
  }

  /** What these recipients of a blast wrote, in order; of who wrote nothing that is kept nothing. */
  async of(blastId: string, seqs: readonly number[]): Promise<Map<number, KeptReply[]>> {
    if (seqs.length === 0) return new Map();
    const rows = await this.dataSource.query<Row[]>(
      `SELECT ${COLUMNS} FROM blast_replies p JOIN blasts b ON b.id = p.blast_id
       WHERE p.blast_id = $1 AND p.seq = ANY ($2::int[]) ORDER BY p.at, p.no`,
      [blastId, seqs],
    );
    const told = rows.map((row) => ({ seq: row.seq!, at: row.at.toISOString(), text: this.open(row) }));
    const readable = told.flatMap(({ seq, at, text }) => (text === null ? [] : [{ seq, reply: { at, text } }]));
    return new Map(
      [...Map.groupBy(readable, ({ seq }) => seq)].map(([seq, all]) => [seq, all.map((each) => each.reply)]),
    );
  }

  async ofNumber(number: string): Promise<ToldReply[]> {
    const rows = await this.dataSource.query<(Row & { outlet: string | null })[]>(
      `SELECT ${COLUMNS}, o.outlet_name AS outlet FROM blast_replies p JOIN blasts b ON b.id = p.blast_id
       LEFT JOIN blast_outlets o ON o.blast_id = p.blast_id AND o.outlet_id = p.outlet_id
       WHERE ${WRITTEN_BY} ORDER BY p.at, p.no`,
      [number],
    );
    return rows.map((row) => ({ at: row.at, outlet: row.outlet, text: this.open(row) }));
  }

  /** Before the recipients lose the number by which they are found. Answers how many. */
  async erase(manager: EntityManager, number: string): Promise<number> {
    const [, count] = await manager.query<[unknown, number]>(`DELETE FROM blast_replies p WHERE ${WRITTEN_BY}`, [
      number,
    ]);
    return count;
  }

  /** One as it is now. */
  async handOver(outletId: string, messageId: string): Promise<HandedOver> {
    const [row] = await this.dataSource.query<(Row & { number: string; name: string | null })[]>(
      `SELECT ${COLUMNS}, r.number, r.name FROM blast_replies p JOIN blasts b ON b.id = p.blast_id
       JOIN blast_recipients r ON r.blast_id = p.blast_id AND r.seq = p.seq
       WHERE p.outlet_id = $1 AND p.message_id = $2`,
      [outletId, messageId],
    );
    if (!row) return { phone: null, name: null, text: null };
    return { phone: row.number, name: row.name, text: this.open(row) };
  }

  /** `null` for what is damaged, for whoever has others to go on with. */
  open({ blast_id, wrapped_key, outlet_id, message_id, words }: SealedWords): string | null {
    try {
      const place = { outletId: outlet_id, messageId: message_id };
      return this.keys.readReply({ blastId: blast_id, wrappedKey: wrapped_key }, place, words);
    } catch (error) {
      if (error instanceof UnreadableSecret) return null;
      throw error;
    }
  }
}

/** Also under a name of theirs, while nothing was counted by it. `$1` is the number. */
const WRITTEN_BY = `(
  EXISTS (SELECT FROM blast_recipients r WHERE r.blast_id = p.blast_id AND r.seq = p.seq AND r.number = $1)
  OR p.alias IN (SELECT alias FROM known_numbers WHERE number = $1))`;
