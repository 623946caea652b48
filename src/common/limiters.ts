import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { SharedAttempts, Tried } from './attempts/shared-attempts.js';
import { TooManyAttempts } from './too-many-attempts.js';

/** So much in so many seconds, under a name that no other limit has. */
interface Limit {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}

/** Counts by key what is taken of a limit. */
export interface Limiter extends Limit {
  /** With no points: how it is counted by all, taking nothing. */
  penalty(key: string, points?: number): Promise<Tried>;
  reward(key: string, points?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  /** As it was counted here last: what others took since is known with the next attempt. */
  get(key: string): Promise<Tried | null>;
}

/** What counts so long is counted in the database by whoever is alone too, or each restart would begin a new day. Seconds. */
const OUTLIVES_RESTARTS_S = 24 * 60 * 60;

/** Hands out limiters: in memory for who is alone, counted together where several nodes share a database. */
@Injectable()
export class Limiters {
  /** @param isAlone whether no other node counts */
  constructor(
    private readonly attempts: Pick<SharedAttempts, 'add'> | null = null,
    private readonly isAlone = false,
  ) {}

  of(limit: Limit): Limiter {
    const memory = new RateLimiterMemory(limit);
    const isKept = !this.isAlone || limit.duration >= OUTLIVES_RESTARTS_S;
    return this.attempts && isKept ? new SharedLimiter(limit, memory, this.attempts) : memory;
  }
}

/** More than anybody takes of any limit. */
const ALL = 1_000_000_000;

/** While the database is away each node goes on counting by itself from what it knows. */
class SharedLimiter implements Limiter {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;

  constructor(
    limit: Limit,
    private readonly memory: RateLimiterMemory,
    private readonly attempts: Pick<SharedAttempts, 'add'>,
  ) {
    ({ keyPrefix: this.keyPrefix, points: this.points, duration: this.duration } = limit);
  }

  penalty(key: string, points = 1): Promise<Tried> {
    return this.count(key, points, () => this.memory.penalty(key, points));
  }

  reward(key: string, points = 1): Promise<unknown> {
    return this.count(key, -points, () => this.memory.reward(key, points));
  }

  delete(key: string): Promise<unknown> {
    return this.count(key, -ALL, () => this.memory.delete(key));
  }

  get(key: string): Promise<Tried | null> {
    return this.memory.get(key);
  }

  private async count<T>(key: string, points: number, alone: () => Promise<T>): Promise<Tried | T> {
    const tried = await this.attempts.add(`${this.keyPrefix} ${key}`, points, this.duration).catch(() => null);
    if (!tried) return alone();
    await this.memory.set(key, tried.consumedPoints, Math.max(0.001, tried.msBeforeNext / 1_000));
    return tried;
  }
}

/** Takes one point of each of these limits, all at once. Where one refuses, those after it lose nothing. @throws {TooManyAttempts} */
export async function consume(...asked: readonly (readonly [limiter: Limiter, key: string])[]): Promise<void> {
  const tried = await Promise.all(asked.map(([limiter, key]) => limiter.penalty(key)));
  const at = asked.findIndex(([limiter], index) => isOver(tried[index]!, limiter));
  if (at < 0) return;
  await Promise.all(asked.slice(at + 1).map(([limiter, key]) => limiter.reward(key)));
  throw refused(tried[at]!, asked[at]![0]);
}

export const isOver = ({ consumedPoints }: Tried, { points }: Limiter): boolean => consumedPoints > points;

export function refused({ msBeforeNext }: Tried, limiter: Limiter): TooManyAttempts {
  return new TooManyAttempts(secondsOf(msBeforeNext), policyOf(limiter));
}

export const policyOf = ({ keyPrefix: name, points: quota, duration: windowSeconds }: Limiter) => ({
  name,
  quota,
  windowSeconds,
});

export const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));
