import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 24;

export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

export const messageIdOf = (deliveryId: string): string => `msg_${deliveryId}`;

/**
 * The headers of a delivery by the Standard Webhooks specification (standard-webhooks/standard-webhooks, version 1):
 * `v1,` and the HMAC-SHA256 of `id.timestamp.body`, one for each secret that holds.
 *
 * @param at when it is sent, in milliseconds: receivers refuse what is too old
 */
export function signedHeaders(
  id: string,
  at: number,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
