import { getBinaryNodeChild, type BinaryNode } from '@whiskeysockets/baileys';

/** With 20 s each, rc14 goes on for as long as linking by a passkey may take, whenever that began. */
const SPARE_REFS = 16;

/**
 * rc14 shows one QR after the other and ends the connection when it has none left (`Socket/socket.js`, `genPairQR`),
 * also where a phone scanned one long ago and WhatsApp waits for its passkey. It is given more refs than WhatsApp sent;
 * whoever hears of a QR beyond those that are real shows none, and decides whether the connection ends.
 * @returns how many are real
 */
export function addSpareRefs(pairDevice: BinaryNode): number {
  const offered = getBinaryNodeChild(pairDevice, 'pair-device')?.content;
  if (!Array.isArray(offered)) return 0;
  // Counted by hand: rc14's own search (`WABinary/generic-utils.js`) remembers what it found, and would find no more.
  const real = offered.filter(({ tag }) => tag === 'ref').length;
  const spare = (): BinaryNode => ({ tag: 'ref', attrs: {}, content: Buffer.alloc(0) });
  offered.push(...Array.from({ length: SPARE_REFS }, spare));
  return real;
}

/** What rc14 says itself when it has shown every QR. */
export const refsEnded = (): Error =>
  Object.assign(new Error('QR refs attempts ended'), { output: { statusCode: 408 } });
