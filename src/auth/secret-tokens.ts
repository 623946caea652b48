import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as text that needs no escaping anywhere. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token. Plain SHA-256 is enough for what has 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
