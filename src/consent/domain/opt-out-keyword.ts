import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';

/** Whole messages that mean it, in lower case and without what `essence` takes away. */
const PHRASES: Record<OptOutKeyword, readonly string[]> = {
  STOP: [
    'stop',
    'setop',
    'stop promo',
    'stop promosi',
    'stop iklan',
    'stop spam',
    'stop wa',
    'stop pesan',
    'stop kirim',
    'stop kirim pesan',
    'stop kirim promo',
    'stop broadcast',
    'stop blast',
    'stop all',
    'stop semua',
    'stop langganan',
    'stop messages',
    'stop sending messages',
    'jangan kirim lagi',
    'jangan kirim pesan lagi',
    'jangan kirim promo lagi',
    'jangan kirim wa lagi',
    'jangan wa lagi',
    'jangan wa saya lagi',
    'jangan hubungi saya lagi',
    'opt out',
  ],
  BERHENTI: [
    'berhenti',
    'brhenti',
    'brenti',
    'berenti',
    'henti',
    'hentikan',
    'hentikan pesan',
    'hentikan promo',
    'saya mau berhenti',
    'mau berhenti',
    'ingin berhenti',
    'saya ingin berhenti',
    'berhenti langganan',
    'berhenti berlangganan',
    'berhenti kirim',
    'berhenti kirim pesan',
    'berhenti promo',
    'berhenti wa',
  ],
  UNSUBSCRIBE: [
    'unsubscribe',
    'unsubscribed',
    'unsubcribe',
    'unsubscribe me',
    'unsub',
    'unreg',
    'unreg promo',
    'unregister',
    'batal langganan',
    'batal berlangganan',
    'batalkan langganan',
  ],
};

/** Courtesies and particles around the word; with the negating `jangan` among them a message would lose its sense. */
const COURTESIES = new Set(
  (
    'tolong tlg mohon please pls plis dong donk ya yah ka kak kakak min admin gan sis bang bg mas mba mbak pak bu bos ' +
    'halo hai hi aja saja deh sekarang skrg thanks thx makasih terimakasih terima kasih trims tq thank you'
  )
    .split(' ')
    .map(withoutRepeats),
);

const KEYWORDS = new Map(
  Object.entries(PHRASES).flatMap(([keyword, phrases]) =>
    phrases.map((phrase) => [withoutRepeats(phrase), keyword as OptOutKeyword] as const),
  ),
);

/** Nobody asks to hear no more at greater length; longer texts are not even looked at. */
const LONGEST = 80;

/** The keyword this message amounts to, as a whole: `STOP` for `Tolong stopp!! 🙏`, `null` for `stop by tomorrow`. */
export function optOutKeyword(message: string): OptOutKeyword | null {
  if (message.length > LONGEST) return null;
  return KEYWORDS.get(essence(message)) ?? null;
}

function essence(message: string): string {
  const words = message
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{M}]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  // `S T O P`
  const spoken = words.length > 2 && words.every((word) => word.length === 1) ? [words.join('')] : words;
  const plain = spoken.map(withoutRepeats);
  const first = plain.findIndex((word) => !COURTESIES.has(word));
  const last = plain.findLastIndex((word) => !COURTESIES.has(word));
  return first < 0 ? '' : plain.slice(first, last + 1).join(' ');
}

/** `stopppp` is `stop`. */
function withoutRepeats(text: string): string {
  return text.replace(/(\p{L})\1+/gu, '$1');
}
