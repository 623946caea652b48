import type { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyAttempts } from './too-many-attempts.js';

/** Takes points of a limiter, which is named by its prefix. @throws {TooManyAttempts} where too few are left */
export async function consume(limiter: RateLimiterMemory, key: string, points = 1): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    throw refused(refusal as RateLimiterRes, limiter);
  }
}

export function refused({ msBeforeNext }: RateLimiterRes, limiter: RateLimiterMemory): TooManyAttempts {
  return new TooManyAttempts(secondsOf(msBeforeNext), policyOf(limiter));
}

export const policyOf = ({ keyPrefix: name, points: quota, duration: windowSeconds }: RateLimiterMemory) => ({
  name,
  quota,
  windowSeconds,
});

export const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));
