import { SimulatorError } from '../simulator-error.js';

/** What a linking QR says. Keys are raw bytes. */
export interface QrContent {
  ref: string;
  noise: Buffer;
  identity: Buffer;
  advSecret: Buffer;
}

const URL_PREFIX = 'https://wa.me/settings/linked_devices#';
const KEY_BYTES = 32;

/**
 * Reads `REF,NOISE,IDENTITY,ADVSECRET[,PLATFORM]`, keys in base64, with or without the URL in front:
 * rc14 writes it, older clients do not. Throws QR_MALFORMED.
 */
export function parseQr(text: string): QrContent {
  const bare = text.startsWith(URL_PREFIX) ? text.slice(URL_PREFIX.length) : text;
  const [ref, ...keys] = bare.split(',');
  const [noise, identity, advSecret] = keys.slice(0, 3).map((key) => Buffer.from(key, 'base64'));
  if (!ref || noise?.length !== KEY_BYTES || identity?.length !== KEY_BYTES || advSecret?.length !== KEY_BYTES)
    throw new SimulatorError(
      'QR_MALFORMED',
      'This is not a WhatsApp linking QR: a ref and three 32-byte keys are expected.',
    );
  return { ref, noise, identity, advSecret };
}
