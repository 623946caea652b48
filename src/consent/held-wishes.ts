import type { HeldWish, HeldWishList, HeldWishQuery } from '@koneksi/contracts/opt-outs';
import { canonicalNumber } from '@koneksi/contracts/phone-number';
import { RequestInstant } from '@koneksi/contracts/instant';
import { Injectable } from '@nestjs/common';
import * as z from 'zod';
import { maySee, type Caller } from '../auth/caller.js';
import { DomainError } from '../common/domain-error.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import { SystemDataSource } from '../database/system-data-source.js';
import type { HeldWishEntity } from './held-wish.entity.js';
import { OptOuts } from './opt-outs.js';
import { takeWishTurn } from './wish-turn.js';

/** What looks like a wish, as somebody wrote it to an outlet. */
export interface WishReceived {
  number: string;
  outletId: string;
  /** Our words that stand in it. */
  words: string;
  /** When WhatsApp took it, in milliseconds since the epoch. */
  at: number;
}

interface Row extends Pick<HeldWishEntity, 'number' | 'words' | 'at'> {
  outlet_id: string;
  outlet_name: string | null;
  name: string | null;
}

const Position = z.tuple([RequestInstant, z.string()]);

/** Wishes that wait for a person. Until one has decided, nothing but what was asked for reaches who wrote them. */
@Injectable()
export class HeldWishes {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly optOuts: OptOuts,
  ) {}

  /** One for each number, the newest words; none for who gets nothing anyway. */
  async keep({ number: written, outletId, words, at }: WishReceived): Promise<void> {
    const number = canonicalNumber(written);
    await this.dataSource.transaction(async (manager) => {
      await takeWishTurn(manager, number);
      await manager.query(
        `INSERT INTO held_wishes (number, outlet_id, outlet_name, words, at)
         SELECT $1, $2, (SELECT name FROM outlets WHERE id = $2), $3, $4
         WHERE NOT EXISTS (SELECT FROM opt_outs WHERE number = $1)
         ON CONFLICT (number) DO UPDATE
         SET outlet_id = EXCLUDED.outlet_id, outlet_name = EXCLUDED.outlet_name, words = EXCLUDED.words, at = EXCLUDED.at`,
        [number, outletId, words, new Date(at)],
      );
    });
  }

  /** Newest first: those told to the caller's outlets. */
  async list(caller: Caller, { after, limit }: HeldWishQuery): Promise<HeldWishList> {
    const [at, number] = after === undefined ? [null, null] : readCursor(Position, after, 'after');
    const outletIds = caller.outletIds === 'all' ? null : caller.outletIds;
    const mine = '($1::uuid[] IS NULL OR h.outlet_id = ANY ($1))';
    const rows = await this.dataSource.query<Row[]>(
      `SELECT h.*, (SELECT min(c.name) FROM contacts c
         WHERE c.number = h.number AND ($1::uuid[] IS NULL OR c.outlet_id = ANY ($1))) AS name
       FROM held_wishes h WHERE ${mine} AND ($2::timestamptz IS NULL OR (h.at, h.number) < ($2, $3))
       ORDER BY h.at DESC, h.number DESC LIMIT ${limit + 1}`,
      [outletIds, at, number],
    );
    const [{ count }] = await this.dataSource.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM held_wishes h WHERE ${mine}`,
      [outletIds],
    );
    const { shown, next } = pageOfRows(rows, limit, (row) => [row.at, row.number]);
    return { count, wishes: shown.map(toWish), next };
  }

  /** @throws `WISH_NOT_FOUND` alike for what nobody wrote, what is decided, and what was told to foreign outlets. */
  async decide(caller: Caller, number: string, stop: boolean): Promise<void> {
    const [row] = await this.dataSource.query<Row[]>('SELECT * FROM held_wishes WHERE number = $1', [number]);
    if (!row || !maySee(caller, row.outlet_id)) throw notFound();
    // Kept first: should the process die in between, the question is asked again.
    if (stop) await this.optOuts.recordByHand(number, caller, row.outlet_id, null);
    // A newer message than the one that was decided on asks anew.
    await this.dataSource.query('DELETE FROM held_wishes WHERE number = $1 AND ($2 OR at = $3)', [
      number,
      stop,
      row.at,
    ]);
  }
}

function toWish({ number, name, outlet_id, outlet_name, words, at }: Row): HeldWish {
  return { phone: number, name, outletId: outlet_id, outletName: outlet_name, words, at: at.toISOString() };
}

function notFound(): DomainError {
  return new DomainError('WISH_NOT_FOUND', 404, 'no wish of this number waits for this caller');
}
