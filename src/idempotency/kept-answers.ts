import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { QuotaReached, type QuotaFact } from '../common/quota-reached.js';
import { takeQuotaTurn } from '../common/quota-turn.js';
import { RefusedForNow } from '../common/refused-for-now.js';
import { seal, unseal } from '../common/sealing.js';
import { Config } from '../config/config.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

/** For so long the same key brings the same answer. */
export const KEPT_MS = 24 * 3_600_000;
const KEYS_EACH = 10_000;
const ASK_AGAIN_SECONDS = 1;
/** Of an answer as it is written down; a longer one is given once. */
const KEPT_BYTES = 64 * 1024;

export interface Asked {
  callerId: string;
  /** What the caller may do: what was answered to one who might is not told to one who may not. */
  rights: string;
  route: string;
  key: string;
  /** Path and query as they came. */
  address: string;
}

/** What was answered to the same request before. `undefined` for an answer without a body. */
export interface Earlier {
  body: unknown;
}

interface Kept extends Earlier {
  /** A hash of what the caller might do then: the outlets of some are many. */
  rights?: string;
}

/** The keys that callers sent, and what they were answered. */
@Injectable()
export class KeptAnswers {
  private readonly hashKey: Buffer;
  private readonly sealKey: Buffer;
  private readonly underWay = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    { secrets }: Config,
  ) {
    const derive = (use: string): Buffer =>
      Buffer.from(hkdfSync('sha256', secrets.jwtSecret, '', `koneksi idempotency ${use}`, 32));
    this.hashKey = derive('hash');
    this.sealKey = derive('seal');
  }

  /**
   * Begins a request, or answers what was answered to it before. One that has begun is kept or given up.
   * @throws `IDEMPOTENCY_CONFLICT` for another request under the key; `IDEMPOTENCY_IN_PROGRESS` while it is worked on;
   * `IDEMPOTENCY_UNKNOWN` where it was begun and nobody can tell how it ended; {QuotaReached}
   */
  async begin(asked: Asked, body: Uint8Array): Promise<Earlier | null> {
    const name = nameOf(asked);
    const hash = createHmac('sha256', this.hashKey).update(`${asked.address}\n`).update(body).digest();
    // Before the first await: of two at once one is under way.
    const isUnderWay = this.underWay.has(name);
    if (!isUnderWay) this.underWay.add(name);
    try {
      const row = await this.find(asked);
      if (row && !row.requestHash.equals(hash))
        throw new DomainError('IDEMPOTENCY_CONFLICT', 409, 'the key was used for another request');
      if (isUnderWay) throw inProgress();
      if (row) {
        const earlier = this.open(asked, row.answer);
        this.underWay.delete(name);
        return earlier;
      }
      await this.dataSource.transaction(async (manager) => {
        await this.requireRoom(manager, asked);
        await this.claim(manager, asked, hash);
      });
      return null;
    } catch (error) {
      if (!isUnderWay) this.underWay.delete(name);
      throw error;
    }
  }

  /** Writes what was answered, but for what is too long: then the key says that it was done, and no more. */
  async keep(asked: Asked, body: unknown): Promise<void> {
    const { callerId, route, key } = asked;
    const text = Buffer.from(JSON.stringify({ rights: this.hash(asked.rights), body }));
    if (text.length > KEPT_BYTES) return;
    const answer = seal(this.sealKey, placeOf(asked), text);
    await this.dataSource.manager.update(IdempotencyKeyEntity, { callerId, route, key }, { answer });
  }

  /** Nothing was done: the key is as new. */
  async giveUp({ callerId, route, key }: Asked): Promise<void> {
    await this.dataSource.manager.delete(IdempotencyKeyEntity, { callerId, route, key });
  }

  /** However it ended, nobody works on it any more. */
  end(asked: Asked): void {
    this.underWay.delete(nameOf(asked));
  }

  private find({ callerId, route, key }: Asked): Promise<IdempotencyKeyEntity | null> {
    const young = new Date(this.clock.wall() - KEPT_MS);
    return this.dataSource.manager
      .createQueryBuilder(IdempotencyKeyEntity, 'k')
      .where({ callerId, route, key })
      .andWhere('k.created_at > :young', { young })
      .getOne();
  }

  private open(asked: Asked, answer: Buffer | null): Earlier {
    const kept = answer && this.read(asked, answer);
    if (!kept) throw unknown('it was begun, and nobody can tell how it ended');
    // No service looks at it again, so that nobody would ask whether they may still see what it is about.
    if (kept.rights !== this.hash(asked.rights)) throw unknown('what the caller may do has changed since');
    return kept;
  }

  /** `null` for one that was sealed under another JWT_SECRET: it was done, and the answer is lost. */
  private read(asked: Asked, answer: Buffer): Kept | null {
    try {
      return JSON.parse(unseal(this.sealKey, placeOf(asked), answer).toString()) as Kept;
    } catch {
      return null;
    }
  }

  private hash(rights: string): string {
    return createHmac('sha256', this.hashKey).update(rights).digest('base64');
  }

  private async requireRoom(manager: EntityManager, { callerId }: Asked): Promise<void> {
    await takeQuotaTurn(manager, 'idempotency-keys', callerId);
    const [full] = await manager.query<unknown[]>(
      'SELECT 1 FROM idempotency_keys WHERE caller_id = $1 OFFSET $2 LIMIT 1',
      [callerId, KEYS_EACH - 1],
    );
    if (full) {
      const of = 'idempotency keys of one day';
      throw new QuotaReached({ name: 'idempotency-keys', of, limit: KEYS_EACH, used: KEYS_EACH + 1 });
    }
  }

  async quota(callerId: string): Promise<QuotaFact> {
    const [{ used }] = await this.dataSource.query<[{ used: number }]>(
      'SELECT count(*)::int AS used FROM idempotency_keys WHERE caller_id = $1',
      [callerId],
    );
    return { name: 'idempotency-keys', limit: KEYS_EACH, used };
  }

  /** One that is too old is taken over. Of two processes one has it. */
  private async claim(manager: EntityManager, { callerId, route, key }: Asked, hash: Buffer): Promise<void> {
    const now = this.clock.wall();
    const rows = await manager.query<unknown[]>(
      `INSERT INTO idempotency_keys AS k (caller_id, route, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (caller_id, route, key)
       DO UPDATE SET request_hash = excluded.request_hash, created_at = excluded.created_at, answer = NULL
       WHERE k.created_at <= $6 RETURNING 1`,
      [callerId, route, key, hash, new Date(now), new Date(now - KEPT_MS)],
    );
    if (rows.length === 0) throw inProgress();
  }
}

const nameOf = ({ callerId, route, key }: Asked): string => `${callerId} ${route} ${key}`;
const placeOf = (asked: Asked): string => `idempotency|${nameOf(asked)}`;
const unknown = (detail: string): DomainError => new DomainError('IDEMPOTENCY_UNKNOWN', 409, detail);
const inProgress = (): RefusedForNow =>
  new RefusedForNow('IDEMPOTENCY_IN_PROGRESS', 'the same request is being worked on', ASK_AGAIN_SECONDS, 409);
